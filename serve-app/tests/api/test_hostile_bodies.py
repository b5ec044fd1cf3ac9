"""Bodies that are made to cost time or memory get a short answer, and cost neither."""

import asyncio
import contextlib
import json
import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ocr_app.api import parse_lanes
from ocr_app.api.echo import MOST
from ocr_app.api.errors import ApiError
from ocr_app.api.parser import ParsedRequest, parse
from ocr_app.engine.types import RequestError
from ocr_app.settings import Settings
from tests.api.hostile_bodies import HOSTILE_BODIES, MARK
from tests.api.support import FakeEngine, assert_error, chat, front

CHAT = "/v1/chat/completions"
LIMIT = Settings().limits.max_body_bytes
TEXT_LIMIT = Settings().limits.max_text_bytes

COSTLY = (
    "empty_lists_as_messages",
    "good_messages",
    "numbers_in_an_unknown_field",
    "one_escaped_emoji",
    "text_in_an_unknown_field",
    "a_long_scheme",
    "a_large_image_with_escaped_slashes",
    "a_large_image_with_an_emoji",
    "many_starts_of_images",
)
"""The worst of them, for tests at the limit."""


def message_of(body: bytes, engine: str = "vllm") -> str:
    """What the answer to a body says; nothing if it is a request."""
    refused: ApiError
    try:
        parse(body, Settings.model_validate({"engine": engine}))
    except ApiError as error:
        refused = error
    except RequestError as error:
        refused = ApiError.from_request_error(error)
    else:
        return ""
    assert refused.status in (400, 404, 413)
    assert json.dumps(refused.body())
    return f"{refused.message} {refused.param}"


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_short_answer(name: str) -> None:
    for size in (2_000, 100_000, 1_000_000):
        body = HOSTILE_BODIES[name](size)
        assert len(body) <= size
        message = message_of(body)
        assert message.count(MARK) <= MOST
        assert len(message) <= 600


@pytest.mark.parametrize("name", HOSTILE_BODIES)
async def test_short_answer_over_http(name: str) -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        response = await client.post(CHAT, content=HOSTILE_BODIES[name](20_000))
    if response.status_code == 200:
        assert engine.requests
    else:
        assert_error(response, response.status_code)
        assert response.status_code in (400, 404, 413)
        assert len(response.content) < 1_500


@pytest.mark.parametrize("name", COSTLY)
def test_short_answer_at_the_limit(name: str) -> None:
    assert len(message_of(HOSTILE_BODIES[name](LIMIT))) <= 600


def _megabytes(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def _peaks(paths: list[Path]) -> list[float]:
    """In a process of its own: how much each body takes at most, in MB, and at last what stays."""
    peaks: list[float] = []
    settings = Settings(engine="vllm")
    message_of(json.dumps(chat()).encode())
    start = _megabytes("VmRSS")
    for path in paths:
        body = path.read_bytes()
        # Reading is not what is measured: the peak begins here again.
        Path("/proc/self/clear_refs").write_text("5")
        with contextlib.suppress(ApiError, RequestError):
            parse(body, settings)
        peaks.append(_megabytes("VmHWM") - start)
        del body
    return [*peaks, _megabytes("VmRSS") - start]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
def test_memory(tmp_path: Path) -> None:
    bodies = [
        *((name, LIMIT) for name in COSTLY),
        *((name, TEXT_LIMIT) for name in COSTLY),
        *((name, 150_000) for name in COSTLY),
    ]
    paths = [tmp_path / str(index) for index in range(len(bodies))]
    for path, (name, size) in zip(paths, bodies, strict=True):
        path.write_bytes(HOSTILE_BODIES[name](size))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        *peaks, stays = process.submit(_peaks, paths).result(timeout=300)
    most = {f"{name} {size}": round(peak) for (name, size), peak in zip(bodies, peaks, strict=True)}
    # Small ones may cost more than five times their size, as UCS-4 text and many small objects do, but never much.
    assert all(peak <= max(5 * size / 2**20, 64) for (_, size), peak in zip(bodies, peaks, strict=True)), most
    assert stays < 64, most


async def test_large_bodies_are_parsed_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[str] = set()

    def noting(real: Any) -> Any:
        def parse_somewhere(*arguments: Any) -> ParsedRequest:
            threads.add(threading.current_thread().name)
            parsed: ParsedRequest = real(*arguments)
            return parsed

        return parse_somewhere

    for name in ("parse", "parse_cut"):
        monkeypatch.setattr(parse_lanes, name, noting(getattr(parse_lanes, name)))
    for name, size, thread in (
        ("a_large_image", 2_000_000, "parse-large_0"),
        ("empty_lists_as_messages", 2_000_000, "parse-large_0"),
        ("empty_lists_as_messages", 300_000, "parse-small_0"),
        ("a_large_image", 300_000, threading.current_thread().name),
    ):
        threads.clear()
        async with front() as client:
            await client.post(CHAT, content=HOSTILE_BODIES[name](size))
        assert threads == {thread}


async def test_others_are_answered_meanwhile() -> None:
    body = HOSTILE_BODIES["a_large_image_with_escaped_slashes"](LIMIT // 4)
    engine = FakeEngine(words=1)
    async with front(engine) as client:
        hostile = [asyncio.ensure_future(client.post(CHAT, content=body)) for _ in range(4)]
        await asyncio.sleep(0.01)
        answers = 0
        while not hostile[-1].done():
            good = await asyncio.wait_for(client.post(CHAT, json=chat()), 60)
            assert good.status_code == 200
            answers += 1
        assert {(await answer).status_code for answer in hostile} == {400}
    assert answers > 4
