"""Paths with too many slashes, and HEAD."""

import json

import pytest

from tests.api.support import FakeEngine, assert_error, chat, front


@pytest.mark.parametrize(
    "path", ["/health", "/v1/models", "/v1/models/deepseek-ocr", "/metrics", "/openapi.json", "/docs"]
)
async def test_head_is_get_without_its_body(path: str) -> None:
    async with front() as client:
        get, head = await client.get(path), await client.head(path)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert int(head.headers["content-length"]) > 0
    assert head.headers["x-request-id"]


async def test_head_of_a_file() -> None:
    async with front() as client:
        head = await client.head("/docs/swagger-ui-bundle.js")
    assert head.status_code == 200
    assert int(head.headers["content-length"]) > 1_000_000
    assert head.content == b""


async def test_head_needs_the_key_where_get_does() -> None:
    async with front(api_key="k") as client:
        assert (await client.head("/v1/models")).status_code == 401
        assert (await client.head("/health")).status_code == 200


async def test_what_is_allowed() -> None:
    async with front() as client:
        response = await client.delete("/v1/models")
    assert "use GET, HEAD" in assert_error(response, 405)
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/v1/models/", "/v1//models", "//v1/models", "//v1///models//", "/health/"])
async def test_slashes_too_many(path: str) -> None:
    async with front() as client:
        response = await client.get(f"http://front{path}")
    assert response.status_code == 200
    assert "deepseek-ocr" in response.text


@pytest.mark.parametrize("path", ["/v1/chat/completions/", "/v1//chat/completions"])
async def test_a_request_behind_a_base_url_with_a_slash(path: str) -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        assert (await client.post(path, content=json.dumps(chat()))).status_code == 200
    assert len(engine.requests) == 1


@pytest.mark.parametrize("path", ["//v1/models", "/v1/models/", "/metrics/", "//docs", "//"])
async def test_slashes_lead_around_no_key(path: str) -> None:
    async with front(api_key="k") as client:
        assert_error(await client.get(f"http://front{path}"), 401)
        assert (await client.get("/health/")).status_code == 200


@pytest.mark.parametrize("path", ["/main", "/main/", "/main//v1/models/", "/main/health"])
async def test_below_a_prefix(path: str) -> None:
    """Serve gives the path with its route prefix, and the prefix as root_path."""
    async with front() as client:
        client._transport.root_path = "/main"  # type: ignore[attr-defined]
        response = await client.get(path)
    assert response.status_code == 200
    if path in ("/main", "/main/"):
        assert response.json()["docs"] == "/main/docs"
