import json
from pathlib import Path
from typing import Any

import pytest
from ray.serve._private.http_util import RequestIdMiddleware, _apply_middlewares, validate_http_proxy_callback_return
from ray.serve._private.utils import call_function_from_import_path
from uvicorn import config

import ocr_app
from ocr_app.proxy import setup
from tests.proxy.support import Echo, call, http_scope

SWITCHES: dict[str, Any] = json.loads((Path(ocr_app.__file__).parent / "runtime-env.json").read_text())


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config.HTTP_PROTOCOLS, "auto", config.HTTP_PROTOCOLS["auto"])
    monkeypatch.setitem(config.WS_PROTOCOLS, "auto", config.WS_PROTOCOLS["auto"])


async def test_serve_finds_the_callback_by_its_name_and_wraps_itself() -> None:
    path = SWITCHES["RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"]["value"]
    middlewares = validate_http_proxy_callback_return(call_function_from_import_path(path))
    echo = Echo()
    wrappers: list[Any] = middlewares  # more than Ray's own annotation says
    app = _apply_middlewares(echo, wrappers)
    assert not isinstance(app, RequestIdMiddleware)
    answer = await call(app, http_scope(headers=[(b"x-request-id", b"bad id")]))
    assert answer.status == 200
    (request_id,) = [value for name, value in answer.headers if name.lower() == b"x-request-id"]
    assert dict(echo.scopes[0]["headers"])[b"x-request-id"] == request_id
    assert (await call(app, http_scope("/-/routes"))).status == 404


async def test_a_uvicorn_that_cannot_be_guarded_is_logged_and_the_port_opens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(config.HTTP_PROTOCOLS, "auto", "asyncio:Protocol")
    assert len(setup.middlewares()) == 4
    assert "connections have no deadlines" in capsys.readouterr().err
