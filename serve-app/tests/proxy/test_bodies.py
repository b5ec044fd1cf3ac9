import asyncio
import time
from dataclasses import replace

import pytest
from starlette.types import Message, Receive, Scope, Send

from ocr_app.proxy import bodies
from ocr_app.proxy.bodies import BodyMiddleware
from ocr_app.proxy.figures import Figures, hash_of
from ocr_app.proxy.waiting import STALE_S, Waiting
from tests.proxy.support import Answer, Echo, FixedFigures, call, http_scope

SMALL = Figures(max_body_bytes=1_024)
IDLE = replace(SMALL, body_idle_timeout_s=0.2)


def post(*headers: tuple[bytes, bytes]) -> Scope:
    return http_scope("/v1/chat/completions", "POST", list(headers))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def part(body: bytes, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


CHUNKED = (b"transfer-encoding", b"chunked")


async def test_the_application_gets_the_whole_body_at_once() -> None:
    echo = Echo()
    answer = await call(
        BodyMiddleware(echo, FixedFigures(SMALL)), post(CHUNKED), part(b"ab"), part(b""), part(b"c", False)
    )
    assert answer.status == 200
    assert echo.bodies == [b"abc"]


async def test_an_upload_may_be_larger_than_other_bodies() -> None:
    echo, figures = Echo(), FixedFigures(replace(SMALL, max_upload_bytes=3_000))
    app = BodyMiddleware(echo, figures)
    for path, headers, size, status in (
        ("/v1/files", [CHUNKED], 3_000, 200),
        ("/v1/files", [(b"content-length", b"3000")], 3_000, 200),
        ("/v1/files", [CHUNKED], 3_001, 413),
        ("/v1/files", [(b"content-length", b"3001")], 3_001, 413),
        ("/v1/chat/completions", [CHUNKED], 3_000, 413),
    ):
        scope = http_scope(path, "POST", headers)
        assert (await call(app, scope, part(b"x" * size, False))).status == status, (path, headers)
    assert [len(body) for body in echo.bodies] == [3_000, 3_000]


async def test_a_request_without_a_body_passes_without_being_read() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        raise AssertionError

    seen: list[Receive] = []
    await BodyMiddleware(app, FixedFigures(SMALL))(post((b"content-length", b"0")), receive, Answer().send)
    assert seen == [receive]


@pytest.mark.parametrize("headers", [[(b"content-length", b"1025")], [CHUNKED]])
async def test_a_body_above_the_limit_is_413_and_never_reaches_the_application(
    headers: list[tuple[bytes, bytes]],
) -> None:
    echo = Echo()
    answer = await call(BodyMiddleware(echo, FixedFigures(SMALL)), post(*headers), part(b"x" * 1_025, False))
    assert (answer.status, answer.error["code"]) == (413, "request_too_large")
    assert "1,024" in answer.error["message"]
    assert (b"connection", b"close") in answer.headers
    assert echo.scopes == []


async def test_a_limit_that_was_raised_counts_at_once() -> None:
    figures = FixedFigures(SMALL, published=Figures(max_body_bytes=2_000))
    answer = await call(BodyMiddleware(Echo(), figures), post((b"content-length", b"1500")), part(b"x" * 1_500, False))
    assert answer.status == 200


async def test_a_body_that_stops_is_408() -> None:
    answer = await call(BodyMiddleware(Echo(), FixedFigures(IDLE)), post((b"content-length", b"9")), part(b"x"))
    assert (answer.status, answer.error["code"]) == (408, "body_timeout")
    assert "0.2 s" in answer.error["message"]


async def test_a_body_that_trickles_is_408_in_the_end() -> None:
    async def trickle() -> Message:
        await asyncio.sleep(0.05)
        return part(b"x")

    answer = Answer()
    brief = replace(SMALL, body_timeout_s=1.0)
    await BodyMiddleware(Echo(), FixedFigures(brief))(post(CHUNKED), trickle, answer.send)
    assert answer.status == 408
    assert "did not arrive within 1 s" in answer.error["message"]


async def test_a_client_that_leaves_while_it_sends_reaches_nothing() -> None:
    echo = Echo()
    answer = await call(
        BodyMiddleware(echo, FixedFigures(SMALL)), post(CHUNKED), part(b"x"), {"type": "http.disconnect"}
    )
    assert answer.messages == []
    assert echo.scopes == []


async def test_a_client_that_leaves_after_its_body_is_seen_by_the_application() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        got.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    got: list[Message] = []
    left: Message = {"type": "http.disconnect"}
    await call(BodyMiddleware(app, FixedFigures(SMALL)), post(CHUNKED), part(b"x", False), left)
    assert got == [part(b"x", False), left]


async def test_a_body_that_waits_makes_room_for_one_that_comes() -> None:
    clock = Clock()
    waiting = Waiting(max_arriving=2, clock=clock)
    app = BodyMiddleware(Echo(), FixedFigures(SMALL), waiting)
    stuck = [asyncio.create_task(call(app, post(CHUNKED), part(b"x"))) for _ in range(2)]
    await asyncio.sleep(0)
    refused = await call(app, post(CHUNKED), part(b"x", False))
    assert (refused.status, refused.error["code"]) == (429, "overloaded")
    assert (b"retry-after", b"1") in refused.headers
    clock.now += STALE_S
    assert (await call(app, post(CHUNKED), part(b"x", False))).status == 200
    first = await stuck[0]
    assert (first.status, first.error["code"]) == (429, "overloaded")
    assert not stuck[1].done()
    stuck[1].cancel()
    await asyncio.wait(stuck)
    assert (waiting.arriving, waiting.held) == (0, 0)


async def test_the_bytes_of_all_requests_have_a_limit_until_they_are_answered() -> None:
    waiting = Waiting()
    answering = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await answering.wait()
        await Echo()(scope, receive, send)

    app = BodyMiddleware(slow, FixedFigures(replace(SMALL, max_bytes_in_flight=1_500, retry_after_s=7)), waiting)
    first = asyncio.create_task(call(app, post(CHUNKED), part(b"x" * 1_000, False)))
    await asyncio.sleep(0)
    assert waiting.held == 1_000
    second = await call(app, post(CHUNKED), part(b"x" * 1_000, False))
    assert (second.status, second.error["code"]) == (429, "overloaded")
    assert (b"retry-after", b"7") in second.headers
    answering.set()
    assert (await first).status == 200
    assert (await call(app, post(CHUNKED), part(b"x" * 1_000, False))).status == 200
    assert waiting.held == 0


async def test_one_body_may_be_larger_than_the_limit_of_all() -> None:
    app = BodyMiddleware(Echo(), FixedFigures(replace(SMALL, max_bytes_in_flight=500)))
    assert (await call(app, post(CHUNKED), part(b"x" * 1_000, False))).status == 200


KEYED = replace(SMALL, key_hashes=(hash_of("s3cret"),))
KEY = (b"authorization", b"Bearer s3cret")


@pytest.mark.parametrize("headers", [[], [(b"authorization", b"Bearer s3cre")]])
async def test_the_body_of_a_request_without_the_key_is_not_read(headers: list[tuple[bytes, bytes]]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert waiting.arriving == 0
        got.extend([await receive(), await receive()])
        await send({"type": "http.response.start", "status": 401, "headers": []})

    got: list[Message] = []
    waiting = Waiting()
    answer = await call(
        BodyMiddleware(app, FixedFigures(KEYED), waiting),
        post(CHUNKED, *headers),
        part(b"x" * 5_000),
        part(b"y"),
        {"type": "http.disconnect"},
    )
    assert answer.status == 401
    assert got == [part(b"", False), {"type": "http.disconnect"}]


async def test_the_body_of_a_request_with_the_key_is_read() -> None:
    echo = Echo()
    await call(BodyMiddleware(echo, FixedFigures(KEYED)), post(CHUNKED, KEY), part(b"x", False))
    assert echo.bodies == [b"x"]


@pytest.mark.parametrize(
    ("path", "read"),
    [("/documentintelligence/documentModels/prebuilt-read:analyze", b"x"), ("/v1/ocr", b"")],
)
async def test_the_key_as_azures_clients_send_it_on_its_paths_alone(path: str, read: bytes) -> None:
    echo = Echo()
    scope = {**post(CHUNKED, (b"ocp-apim-subscription-key", b"s3cret")), "path": path}
    await call(BodyMiddleware(echo, FixedFigures(KEYED)), scope, part(b"x", False))
    assert echo.bodies == [read]


async def test_a_key_that_was_changed_counts_at_once() -> None:
    echo = Echo()
    old = FixedFigures(replace(SMALL, key_hashes=("other",)), published=KEYED)
    await call(BodyMiddleware(echo, old), post((b"content-length", b"1"), KEY), part(b"x", False))
    assert echo.bodies == [b"x"]


async def test_zeros_before_a_length_are_no_error() -> None:
    echo = Echo()
    length = (b"content-length", b"0" * 5_000 + b"2")
    assert (await call(BodyMiddleware(echo, FixedFigures(SMALL)), post(length), part(b"ab", False))).status == 200
    assert echo.bodies == [b"ab"]


async def test_a_server_that_stops_cancels_a_body_that_arrives() -> None:
    task = asyncio.create_task(call(BodyMiddleware(Echo(), FixedFigures(Figures())), post(CHUNKED), part(b"x")))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 5


async def test_a_large_body_is_handed_over_in_pieces() -> None:
    sent = bytes(range(256)) * (3 * 2**12)
    received: list[int] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            received.append(len(message["body"]))
            body += message["body"]
            more = message["more_body"]
        assert body == sent
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    parts = [part(sent[at : at + 65_536]) for at in range(0, len(sent), 65_536)]
    answer = await call(BodyMiddleware(app, FixedFigures(Figures())), post(CHUNKED), *parts, part(b"", False))
    assert answer.status == 204
    assert max(received) <= 2**20 + 65_536


class Recorder:
    """An application that notes whose piece it gets; `stuck` stops after its first one."""

    def __init__(self, stuck: str = "") -> None:
        self.seen: list[str] = []
        self._stuck = stuck

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            name = message["body"][:1].decode()
            self.seen.append(name)
            if name and name == self._stuck:
                await asyncio.sleep(3_600)
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


def large(name: str) -> list[Message]:
    return [*(part(name.encode() * 2**20) for _ in range(5)), part(b"", False)]


async def test_large_bodies_go_one_after_the_other_and_small_ones_in_between() -> None:
    app = Recorder()
    guarded = BodyMiddleware(app, FixedFigures(Figures()))
    tasks = [asyncio.create_task(call(guarded, post(CHUNKED), *large(name))) for name in "ab"]
    await asyncio.sleep(0.02)
    tasks.append(asyncio.create_task(call(guarded, post(CHUNKED), part(b"s", False))))
    assert [answer.status for answer in await asyncio.gather(*tasks)] == [204, 204, 204]
    first, second = (name for name in sorted("ab", key=app.seen.index))
    pieces = "".join(app.seen)
    assert pieces.replace("s", "") == first * pieces.count(first) + second * pieces.count(second)
    assert pieces.index("s") < len(pieces) - 1


@pytest.mark.parametrize("ends", [True, False])
async def test_a_large_body_that_gets_no_further_does_not_stop_the_others(
    ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_TURN_S", 0.2)
    app = Recorder(stuck="a")
    guarded = BodyMiddleware(app, FixedFigures(Figures()))
    stuck = asyncio.create_task(call(guarded, post(CHUNKED), *large("a")))
    await asyncio.sleep(0.05)
    if ends:
        stuck.cancel()
    began = time.monotonic()
    assert (await call(guarded, post(CHUNKED), *large("b"))).status == 204
    assert (time.monotonic() - began >= 0.2) is not ends
    stuck.cancel()


async def test_the_more_large_bodies_come_the_longer_each_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    pause = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await pause(0)

    monkeypatch.setattr(bodies, "_BREATH_S", 1.0)
    monkeypatch.setattr(bodies, "_PAUSE_S", 0.0)
    monkeypatch.setattr("ocr_app.proxy.bodies.asyncio.sleep", noted)
    guarded = BodyMiddleware(Recorder(), FixedFigures(Figures()))
    await call(guarded, post(CHUNKED), part(b"s" * 2**20, False))
    assert [seconds for seconds in pauses if seconds] == []
    await call(guarded, post(CHUNKED), *large("a"))
    assert {seconds for seconds in pauses if seconds} == {1.0}
    await asyncio.gather(*(call(guarded, post(CHUNKED), *large(name)) for name in "abc"))
    assert max(pauses) == 3.0
    # Those that have come count no more.
    pauses.clear()
    await call(guarded, post(CHUNKED), *large("d"))
    assert {seconds for seconds in pauses if seconds} == {1.0}
