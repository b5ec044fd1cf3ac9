"""A client's own text comes back in errors and reaches the logs, but never much of it."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.api.echo import MOST, clip, quote
from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.errors import ApiError
from ocr_app.api.factory import create_app
from ocr_app.api.field_path import field_path
from ocr_app.api.numbers import bad_number
from ocr_app.api.observe import JsonFormatter
from ocr_app.settings import Settings
from tests.api.hostile_bodies import MARK
from tests.api.support import FakeEngine, chat, front

LONG = MARK * 5_000


@given(st.text(max_size=80), st.integers(8, 60))
def test_clip_and_quote(text: str, most: int) -> None:
    assert len(clip(text, most)) <= most
    assert len(quote(text, most)) <= most
    assert clip(text, 80) == text
    assert quote(text, 2_000) == repr(text)
    assert quote(text, most)[0] == quote(text, most)[-1]


def test_field_path() -> None:
    assert field_path(["messages", 0, "content", 12, "text"]) == "messages[0].content[12].text"
    assert field_path([LONG, 3]).endswith("ξ[3]")
    assert len(field_path([LONG] * 100)) <= 60


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": 1.5, "b": [1, True, None, "x", {}]}, None),
        ({"a": {"b": [0, float("nan")]}}, "a.b[1]"),
        ({"a": [1e999, 2**70]}, "a[0]"),
        ({"a": 2**64 - 1, "b": -(2**64)}, "b"),
    ],
)
def test_bad_number(value: Any, path: str | None) -> None:
    assert bad_number(value) == path


def test_bad_number_far_down() -> None:
    value: Any = float("inf")
    for _ in range(5_000):
        value = [value]
    assert str(bad_number({"x": value})).startswith("x[0][0]")


def test_errors_are_short() -> None:
    error = ApiError(400, LONG, param=LONG)
    assert len(error.message) == 1_000
    assert len(str(error.param)) == 100


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/" + LONG),
        ("POST", "/v1/models/" + LONG),
        ("GET", "/v1/models/" + LONG),
        ("GET", "/v1/models/" + "\U000e0001" * 500),
        ("X" * 500, "/health"),
    ],
)
async def test_paths_and_methods(method: str, path: str) -> None:
    async with front() as client:
        response = await client.request(method, path)
    error = response.json()["error"]
    assert response.status_code in (404, 405)
    assert error["message"].count(MARK) <= MOST
    assert len(error["message"]) <= 300


@pytest.mark.parametrize("given", ["x" * 129, MARK, "a b", "", 'a"', "a\\", "<>"])
async def test_request_id_that_is_not_valid(given: str) -> None:
    async with front() as client:
        response = await client.get("/health", headers=[(b"x-request-id", given.encode())])
    assert len(response.headers.get_list("x-request-id")) == 1
    assert len(response.headers["x-request-id"]) == 32


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the service logs."""
    written = io.StringIO()
    logger = logging.getLogger("ocr_app")
    before = logger.handlers[:]
    yield written
    logger.handlers[:] = before


def log_to(written: io.StringIO) -> None:
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("ocr_app").handlers[:] = [handler]


async def test_log_lines_are_short(lines: io.StringIO) -> None:
    app = create_app(Settings(engine="null"), LocalEngineClient(FakeEngine(words=0, error=KeyError(LONG * 10))))
    log_to(lines)
    body = json.dumps(chat(model=LONG)).encode()
    for path, content in ((LONG, b""), ("/v1/chat/completions", body), ("/v1/chat/completions", json.dumps(chat()))):
        sent: list[Any] = []
        waiting = [{"type": "http.request", "body": content.encode() if isinstance(content, str) else content}]

        async def receive(waiting: list[Any] = waiting) -> Any:
            if waiting:
                return waiting.pop()
            await asyncio.Event().wait()

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        headers = [(b"x-request-id", b"abc-1"), (b"x-other", LONG.encode())]
        scope = {"type": "http", "method": "POST" + LONG if path == LONG else "POST", "path": path, "headers": headers}
        await app({**scope, "query_string": LONG.encode(), "app": app}, receive, send)
        assert [value for name, value in sent[0]["headers"] if name == b"x-request-id"] == [b"abc-1"]
    written = lines.getvalue().splitlines()
    assert len(written) == 4  # one of them with a traceback
    for line in written:
        fields = json.loads(line)
        assert fields["request_id"] == "abc-1"
        assert len(line) < 60_000  # escaped
        assert len(fields.get("traceback", "")) <= 8_000
        assert all(len(str(value)) <= 300 for name, value in fields.items() if name != "traceback")
