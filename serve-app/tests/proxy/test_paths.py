import pytest

from ocr_app.proxy.paths import PathsMiddleware
from tests.proxy.support import Echo, call, http_scope


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/-/routes"),
        ("GET", "/-/"),
        ("GET", "/-/healthz/x"),
        ("POST", "/-/healthz"),
        ("OPTIONS", "*"),
        ("GET", ""),
    ],
)
async def test_serves_own_paths_and_what_is_none_are_closed(method: str, path: str) -> None:
    echo = Echo()
    answer = await call(PathsMiddleware(echo), http_scope(path, method))
    assert answer.status == 404
    assert answer.error["code"] == "unknown_url"
    assert echo.scopes == []


@pytest.mark.parametrize("path", ["/-/healthz", "/v1/models", "/x/-/routes", "/-x"])
async def test_health_and_the_application_are_open(path: str) -> None:
    answer = await call(PathsMiddleware(Echo()), http_scope(path))
    assert answer.status == 200
