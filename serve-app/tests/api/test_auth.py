"""The API key."""

import logging

import pytest

from tests.api.support import FakeEngine, assert_error, chat, front

KEY = "s3cret-key"


@pytest.mark.parametrize("path", ["/v1/models", "/metrics", "/v1/models/deepseek-ocr", "/docs", "/openapi.json", "/x"])
async def test_everything_but_health_needs_the_key(path: str) -> None:
    async with front(api_key=KEY) as client:
        assert_error(await client.get(path), 401, "missing_api_key")
        refused = await client.get(path, headers={"authorization": "Bearer wrong"})
        assert_error(refused, 401, "invalid_api_key")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert (await client.get(path, headers={"authorization": f"bearer {KEY}"})).status_code in (200, 404)
        assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize(
    "header", ["", KEY, f"Basic {KEY}", f"Bearer {KEY}x", "Bearer", "Bearer é", f"Bearer {KEY[:-1]}"]
)
async def test_wrong_keys(header: str) -> None:
    engine = FakeEngine()
    async with front(engine, api_key=KEY) as client:
        response = await client.post(
            "/v1/chat/completions", json=chat(), headers=[(b"authorization", header.encode("latin-1"))]
        )
    assert_error(response, 401)
    assert engine.requests == []


async def test_without_a_key_none_is_asked_for() -> None:
    async with front() as client:
        assert (await client.get("/v1/models", headers={"authorization": "Bearer any"})).status_code == 200


async def test_logs_hold_neither_key_nor_content(capsys: pytest.CaptureFixture[str]) -> None:
    async with front(api_key=KEY) as client:
        headers = {"authorization": f"Bearer {KEY}", "x-request-id": "req-1"}
        response = await client.post("/v1/chat/completions", json=chat(user="alice@example.com"), headers=headers)
        assert response.status_code == 200
    for handler in logging.getLogger("ocr_app").handlers:
        handler.flush()
    logs = capsys.readouterr().err
    assert '"request_id": "req-1"' in logs
    assert '"images": 1' in logs
    for secret in (KEY, "iVBOR", "Read this", "w0 w1", "alice"):
        assert secret not in logs
