"""Waiting for an engine: cold starts, deadlines, overload, replicas that die, clients that leave."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ocr_app.api.engine_client import Answer, EngineFailed, EngineGone, LocalEngineClient
from ocr_app.api.engine_state import EngineMonitor, EngineStatus
from ocr_app.api.factory import create_app
from ocr_app.engine.types import Delta, EngineEvent, EngineRequest, RequestError
from ocr_app.settings import Settings
from tests.api.support import FakeEngine, assert_error, chat, eventually, front

CHAT = "/v1/chat/completions"
ASLEEP = EngineStatus("asleep")
READY = EngineStatus("ready", running=1, wanted=1)
QUICK = {"cold_start_deadline_s": 0.2, "request_timeout_s": 0.2, "keep_alive_interval_s": 0.05, "retry_after_s": 7}


class SleepingClient(LocalEngineClient):
    """Holds requests until its engine is woken, as Serve's router does."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__(engine)
        self.awake = asyncio.Event()

    async def complete(self, request: EngineRequest) -> Answer:
        await self.awake.wait()
        return await super().complete(request)

    async def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        await self.awake.wait()
        async for group in super().stream(request):
            yield group


class DyingClient(LocalEngineClient):
    """Loses the first `deaths` requests, after `texts` deltas of a stream."""

    def __init__(self, deaths: int, texts: int = 0) -> None:
        super().__init__(FakeEngine())
        self.deaths = deaths
        self.texts = texts

    async def complete(self, request: EngineRequest) -> Answer:
        if self.deaths:
            self.deaths -= 1
            raise EngineGone("killed")
        return await super().complete(request)

    async def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        yield []
        if self.deaths:
            self.deaths -= 1
            for _ in range(self.texts):
                yield [Delta("half an ")]
            raise EngineGone("killed")
        async for group in super().stream(request):
            yield group


@pytest.mark.parametrize("stream", [False, True])
async def test_cold_start(stream: bool) -> None:
    monitor, client = EngineMonitor(ASLEEP), SleepingClient(FakeEngine())
    async with front(client=client, monitor=monitor) as http:
        answer = asyncio.ensure_future(http.post(CHAT, json=chat(stream=stream)))
        await asyncio.sleep(0.02)
        monitor.update(EngineStatus("starting", wanted=1))
        await asyncio.sleep(0.02)
        monitor.update(READY)
        client.awake.set()
        response = await answer
        metrics = (await http.get("/metrics")).text
    assert response.status_code == 200
    assert "w2" in response.text
    assert 'ocr_cold_starts_total{result="ready"} 1.0' in metrics
    assert "ocr_cold_start_seconds_count 1.0" in metrics


async def test_keep_alives_while_the_engine_starts() -> None:
    monitor, client = EngineMonitor(ASLEEP), SleepingClient(FakeEngine())
    async with front(client=client, monitor=monitor, queue={**QUICK, "cold_start_deadline_s": 5}) as http:
        answer = asyncio.ensure_future(http.post(CHAT, json=chat(stream=True)))
        await asyncio.sleep(0.3)
        client.awake.set()
        response = await answer
    comments, _, rest = response.text.partition("data: ")
    assert comments.replace(": keep-alive\n\n", "") == ""
    assert comments.count(": keep-alive\n\n") >= 2
    assert rest
    assert response.text.endswith("data: [DONE]\n\n")


async def test_cold_start_deadline() -> None:
    queue = {**QUICK, "cold_start_deadline_s": 0.5}
    monitor = EngineMonitor(ASLEEP)
    async with front(client=SleepingClient(FakeEngine()), monitor=monitor, queue=queue) as http:
        response = await http.post(CHAT, json=chat())
        streamed = await http.post(CHAT, json=chat(stream=True))
        health = (await http.get("/health")).json()
    message = assert_error(response, 503, "engine_not_ready")
    assert "0.5 s" in message
    assert response.headers["retry-after"] == "7"
    # By then the stream has begun with keep-alives, so the error comes as an event.
    assert streamed.status_code == 200
    assert '"code":"engine_not_ready"' in streamed.text
    assert health["queue"]["in_flight"] == 0


@pytest.mark.parametrize("stream", [False, True])
async def test_engine_that_cannot_start_fails_waiting_requests_at_once(stream: bool) -> None:
    monitor = EngineMonitor(ASLEEP)
    async with front(client=SleepingClient(FakeEngine()), monitor=monitor) as http:
        answer = asyncio.ensure_future(http.post(CHAT, json=chat(stream=stream)))
        await asyncio.sleep(0.02)
        monitor.update(EngineStatus("failed", reason="no GPU was found"), new_failure=True)
        response = await asyncio.wait_for(answer, 1)
        health = await http.get("/health")
        at_once = await http.post(CHAT, json=chat(stream=stream))
        metrics = (await http.get("/metrics")).text
    for refused in (response, at_once):
        assert "no GPU was found" in assert_error(refused, 503, "engine_failed")
        assert refused.headers["retry-after"] == "10"
    assert health.status_code == 503
    assert health.json()["engine"]["reason"] == "no GPU was found"
    assert 'ocr_requests_total{outcome="unavailable"} 2.0' in metrics
    assert 'ocr_engine_state{state="failed"} 1.0' in metrics


async def test_a_later_request_tries_a_failed_engine_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor, client = EngineMonitor(ASLEEP), SleepingClient(FakeEngine())
    monitor.update(EngineStatus("failed", reason="no GPU"), new_failure=True)
    monitor.failed_at -= 11
    client.awake.set()
    async with front(client=client, monitor=monitor) as http:
        assert (await http.post(CHAT, json=chat())).status_code == 200


async def test_engine_that_says_itself_that_it_cannot_start() -> None:
    class Refusing(LocalEngineClient):
        async def complete(self, request: EngineRequest) -> Answer:
            raise EngineFailed("the model is gated")

    async with front(client=Refusing(FakeEngine())) as http:
        response = await http.post(CHAT, json=chat())
    assert "the model is gated" in assert_error(response, 503, "engine_failed")


@pytest.mark.parametrize("stream", [False, True])
async def test_request_timeout(stream: bool) -> None:
    engine = FakeEngine(words=100, interval=0.1 if stream else 0.05)
    async with front(engine, queue={**QUICK, "keep_alive_interval_s": 0.15}) as http:
        response = await http.post(CHAT, json=chat(stream=stream))
        await eventually(lambda: engine.running == 0)
        metrics = (await http.get("/metrics")).text
    if stream:
        assert "w0" in response.text
        assert '"code":"timeout"' in response.text
    else:
        assert_error(response, 504, "timeout")
    assert 'ocr_requests_total{outcome="timeout"} 1.0' in metrics


@pytest.mark.parametrize("stream", [False, True])
async def test_a_dead_replica_costs_no_request(stream: bool) -> None:
    async with front(client=DyingClient(deaths=1)) as http:
        response = await http.post(CHAT, json=chat(stream=stream))
        metrics = (await http.get("/metrics")).text
    assert response.status_code == 200
    assert "w2" in response.text
    assert "ocr_engine_retries_total 1.0" in metrics


@pytest.mark.parametrize("stream", [False, True])
async def test_a_request_that_kills_every_replica_is_given_up(stream: bool) -> None:
    client = DyingClient(deaths=99)
    async with front(client=client) as http:
        assert_error(await http.post(CHAT, json=chat(stream=stream)), 500, "engine_died_twice")
    assert client.deaths == 97


async def test_replica_that_dies_after_text() -> None:
    async with front(client=DyingClient(deaths=1, texts=2)) as http:
        response = await http.post(CHAT, json=chat(stream=True))
        metrics = (await http.get("/metrics")).text
    assert response.text.count("half an ") == 2
    last = response.text.strip().split("\n\n")[-2].removeprefix("data: ")
    assert json.loads(last)["error"]["code"] == "engine_died"
    assert "w0" not in response.text
    assert 'ocr_requests_total{outcome="unavailable"} 1.0' in metrics


async def test_client_mistake_found_by_the_engine() -> None:
    error = RequestError("cut off", param="messages[0].content[0].image_url.url", code="invalid_image")
    for stream in (False, True):
        async with front(FakeEngine(words=0, error=error)) as http:
            response = await http.post(CHAT, json=chat(stream=stream))
        assert_error(response, 400, "invalid_image", error.param)
    async with front(FakeEngine(words=2, interval=0.01, error=error)) as http:
        response = await http.post(CHAT, json=chat(stream=True))
    assert response.status_code == 200
    assert '"code":"invalid_image"' in response.text


@pytest.mark.parametrize("stream", [False, True])
async def test_bug_in_the_engine_tells_no_secret(stream: bool) -> None:
    async with front(FakeEngine(words=0, error=ValueError("password hunter2"))) as http:
        response = await http.post(CHAT, json=chat(stream=stream))
    assert_error(response, 500, "internal_error")
    assert "hunter2" not in response.text
    assert response.headers["x-request-id"]


async def test_overload() -> None:
    engine = FakeEngine(words=1, interval=0.2)
    async with front(engine, queue={"max_in_flight": 2}) as http:
        answers = [asyncio.ensure_future(http.post(CHAT, json=chat())) for _ in range(2)]
        await eventually(lambda: engine.running == 2)
        refused = await http.post(CHAT, json=chat())
        health = (await http.get("/health")).json()
        assert [(await answer).status_code for answer in answers] == [200, 200]
        assert (await http.post(CHAT, json=chat())).status_code == 200
    assert_error(refused, 429, "overloaded")
    assert refused.headers["retry-after"] == "10"
    assert health["queue"] == {"in_flight": 2, "limit": 2}


class Wire:
    """One ASGI request whose client can leave at any moment."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.sent: list[dict[str, Any]] = []
        self.leave = asyncio.Event()
        self._body: bytes | None = json.dumps(body).encode()

    async def receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


@pytest.mark.parametrize("stream", [False, True])
async def test_client_that_leaves_frees_everything(stream: bool) -> None:
    engine = FakeEngine(words=1_000, interval=0.02)
    app = create_app(Settings(engine="null"), LocalEngineClient(engine))
    wire = Wire(chat(stream=stream))
    scope = {"type": "http", "method": "POST", "path": CHAT, "headers": [], "query_string": b"", "app": app}
    call = asyncio.ensure_future(app(scope, wire.receive, wire.send))
    await eventually(lambda: engine.running == 1)
    await asyncio.sleep(0.05)
    wire.leave.set()
    started = time.monotonic()
    await call
    await eventually(lambda: engine.running == 0)
    assert time.monotonic() - started < 0.5
    assert engine.cancelled == 1
    assert app.state.service.admission.in_flight == 0
    assert bool(wire.sent) == stream
