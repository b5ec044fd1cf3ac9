"""Bodies that are too large, too slow or never arrive: each gets its answer, and none takes the place of another."""

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message

from ocr_app.api.body import read_body
from ocr_app.api.budget import ByteBudget
from ocr_app.api.disconnect import ClientGone
from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.errors import ApiError
from ocr_app.api.factory import create_app
from ocr_app.settings import HttpSettings, Settings
from tests.api.support import FakeEngine, assert_error, chat, eventually, front

CHAT = "/v1/chat/completions"
GOOD = json.dumps(chat()).encode()


class Arriving:
    """A body that comes piece by piece; after the last piece nothing comes until the client leaves."""

    def __init__(self, *pieces: bytes, ends: bool = True, pause: float = 0.0) -> None:
        self.left = asyncio.Event()
        self._pieces = list(pieces)
        self._ends = ends
        self._pause = pause

    async def receive(self) -> Message:
        if self._pieces:
            await asyncio.sleep(self._pause)
            piece = self._pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces) or not self._ends}
        await self.left.wait()
        return {"type": "http.disconnect"}


async def read(source: Any, *, limit: int = 10_000, budget: ByteBudget | None = None, **deadlines: Any) -> bytes:
    with (budget or ByteBudget(10**9, 1)).lease() as lease:
        return await read_body(source.receive, [], limit=limit, deadlines=HttpSettings(**deadlines), room=lease)


@pytest.mark.parametrize("size", [0, 1, 3_000])
async def test_pieces_are_put_together(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_app.api.body._PIECE_BYTES", 100)
    body = bytes(index % 251 for index in range(size))
    assert await read(Arriving(body)) == body
    assert await read(Arriving(*[body[i : i + 1] for i in range(size)], b"")) == body
    assert await read(Arriving(b"", *[body[i : i + 70] for i in range(0, size, 70)], b"")) == body


async def test_a_body_that_stops() -> None:
    with pytest.raises(ApiError) as refused:
        await read(Arriving(b"abc", ends=False), body_idle_timeout_s=0.05)
    assert (refused.value.status, refused.value.code) == (408, "body_timeout")
    assert "nothing more of it came within 0.05 s; 3 bytes came" in refused.value.message
    assert refused.value.headers["Connection"] == "close"


async def test_a_body_that_drips() -> None:
    with pytest.raises(ApiError, match=r"did not arrive within 0\.2 s") as refused:
        await read(Arriving(*[b"x"] * 1_000, pause=0.02), body_timeout_s=0.2, body_idle_timeout_s=10)
    assert refused.value.status == 408


async def test_chunks_without_a_pause_meet_the_deadline_and_leave_room_for_others() -> None:
    received: list[int] = []

    class Endless:
        async def receive(self) -> Message:
            received.append(turns)
            return {"type": "http.request", "body": b"", "more_body": True}

    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other())
    with pytest.raises(ApiError, match="did not arrive"):
        await read(Endless(), body_timeout_s=0.1)
    task.cancel()
    assert max(Counter(received).values()) < 100


async def test_a_client_that_leaves() -> None:
    source = Arriving(b"abc", ends=False)
    source.left.set()
    budget = ByteBudget(10, 1)
    with pytest.raises(ClientGone):
        await read(source, budget=budget)
    assert budget.held == 0


async def test_many_small_pieces_do_not_cost_many_times_their_size() -> None:
    import tracemalloc

    class Bytes:
        left = 10_000

        async def receive(self) -> Message:
            self.left -= 1
            return {"type": "http.request", "body": b"%d" % (self.left % 10), "more_body": self.left > 0}

    tracemalloc.start()
    try:
        body = await read(Bytes(), limit=10_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(body) == 10_000
    assert peak < 5 * len(body)


async def test_budget_over_all_bodies() -> None:
    budget = ByteBudget(10, 7)
    first = Arriving(b"x" * 6, ends=False)
    reading = asyncio.ensure_future(read(first, budget=budget))
    await eventually(lambda: budget.held == 6)
    with pytest.raises(ApiError) as refused:
        await read(Arriving(b"y" * 4, b"y"), budget=budget)
    assert (refused.value.status, refused.value.code) == (429, "overloaded")
    assert refused.value.headers == {"Retry-After": "7", "Connection": "close"}
    assert budget.held == 6
    assert await read(Arriving(b"y" * 4), budget=budget) == b"yyyy"
    first.left.set()
    with pytest.raises(ClientGone):
        await reading
    assert budget.held == 0


@contextlib.asynccontextmanager
async def sending(app: FastAPI, source: Arriving, count: int = 1) -> AsyncIterator[list[Message]]:
    """Requests whose bodies come from `source`; what is answered. They leave at the end."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": CHAT, "headers": [], "query_string": b"", "app": app}
    calls = [asyncio.ensure_future(app(dict(scope), source.receive, send)) for _ in range(count)]
    yield sent
    source.left.set()
    await asyncio.gather(*calls)


async def test_bodies_that_never_arrive_take_no_place() -> None:
    app = create_app(
        Settings.model_validate({"engine": "null", "queue": {"max_in_flight": 1}}), LocalEngineClient(FakeEngine())
    )
    service = app.state.service
    async with sending(app, Arriving(ends=False), count=50) as stuck:
        await asyncio.sleep(0.02)
        assert service.admission.in_flight == 0
        async with sending(app, Arriving(GOOD)) as answer:
            await eventually(lambda: bool(answer) and not answer[-1].get("more_body"))
        assert answer[0]["status"] == 200
        assert stuck == []
    assert (service.admission.in_flight, service.bodies.held) == (0, 0)


async def test_bytes_are_held_until_the_answer() -> None:
    engine = FakeEngine(words=1, interval=0.1)
    app = create_app(Settings(engine="null"), LocalEngineClient(engine))
    async with sending(app, Arriving(GOOD[:9], GOOD[9:])) as answer:
        await eventually(lambda: engine.running == 1)
        assert app.state.service.bodies.held == len(GOOD)
        await eventually(lambda: bool(answer) and not answer[-1].get("more_body"))
    assert app.state.service.bodies.held == 0


async def test_a_stuck_body_over_http() -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield GOOD[:10]
        await asyncio.sleep(10)

    started = time.monotonic()
    async with front(http={"body_idle_timeout_s": 0.05}) as client:
        response = await client.post(CHAT, content=stuck())
        metrics = (await client.get("/metrics")).text
    assert_error(response, 408, "body_timeout")
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert response.headers["connection"] == "close"
    assert time.monotonic() - started < 5
    assert 'ocr_requests_total{outcome="client_error"} 1.0' in metrics


@pytest.mark.parametrize("length", [b"9" * 5_000, b"0" * 100 + b"10001", b"10001"])
async def test_a_long_content_length(length: bytes) -> None:
    async with front(limits={"max_body_bytes": 10_000}) as client:
        response = await client.post(CHAT, content=b"{}", headers=[(b"content-length", length)])
    assert_error(response, 413, "request_too_large")
    assert len(response.text) < 400


async def test_a_full_service_reads_no_body() -> None:
    engine = FakeEngine(words=1, interval=0.3)
    async with front(engine, queue={"max_in_flight": 1}) as client:
        first = asyncio.ensure_future(client.post(CHAT, json=chat()))
        await eventually(lambda: engine.running == 1)
        read = 0

        async def body() -> AsyncIterator[bytes]:
            nonlocal read
            read += 1
            yield GOOD

        assert_error(await client.post(CHAT, content=body()), 429, "overloaded")
        assert read == 0
        assert (await first).status_code == 200
