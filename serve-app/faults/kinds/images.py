"""Image files that are small and cost much, while and before others want a page read."""

import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from faults import wire
from faults.case import Case, Need, Outcome
from faults.goals import NONE_LOST_RAW, SETTLES, answered_within, health_under, memory_under
from faults.hostile import judge_answer
from faults.pages import LINES, chat_request, full_sheet, text_page
from faults.swarm import Swarm
from faults.trial import Trial
from tests.engine.hostile_images import HOSTILE_IMAGES

_PATIENCE_S = 30.0
_ATTACK_S = 150.0
_COST_S = 10.0
"""Most time that one image may cost, in seconds."""
_MOST_IMAGES = 8
_FULL_SHEET_S = 120.0
"""Longest time for a sheet of 49 megapixels full of small print, whose 100,000 letters are read on two cores."""


def each(trial: Trial, body: Callable[[], dict[str, Any]], name: str) -> Outcome:
    """An honest page beside the attack, one right after it, and one after an attacker that leaves at once."""
    bound = _bound_s(trial)
    attack = _request(body())
    with ThreadPoolExecutor(1) as pool:
        attacked = pool.submit(wire.exchange, trial.port, attack, timeout_s=_ATTACK_S)
        time.sleep(0.3)
        _honest(trial, bound, f"{name}: a page beside it")
        judge_answer(trial.outcome, attacked.result(), name)
    _honest(trial, bound, f"{name}: a page after it")
    with Swarm(trial.port, 1) as swarm:
        swarm.send_all(attack)
        trial.outcome.requests += 1
        time.sleep(0.5)
    _honest(trial, bound, f"{name}: a page after one that left")
    return trial.outcome


def _each(trial: Trial, build: Callable[[], bytes], name: str) -> Outcome:
    return each(trial, lambda: chat_request(build()), name)


def _many(trial: Trial) -> Outcome:
    """As many large images as one request may have."""
    large = [build for name, build in HOSTILE_IMAGES.items() if "49_megapixels" in name][:2]
    bound = _bound_s(trial)
    body = chat_request(large[0]())
    part = body["messages"][0]["content"]
    part[:1] = [chat_request(large[n % len(large)]())["messages"][0]["content"][0] for n in range(_MOST_IMAGES)]
    with ThreadPoolExecutor(1) as pool:
        attacked = pool.submit(wire.exchange, trial.port, _request(body), timeout_s=_ATTACK_S)
        time.sleep(0.3)
        _honest(trial, bound, "a page beside them")
        judge_answer(trial.outcome, attacked.result(), f"{_MOST_IMAGES} images")
    _honest(trial, bound, "a page after them")
    return trial.outcome


def _full_sheet(trial: Trial) -> Outcome:
    """Much honest work in one image. Pages are read one at a time, so that one after it waits for it."""
    bound = _bound_s(trial)
    seen = wire.exchange(trial.port, _request(chat_request(full_sheet())), timeout_s=_FULL_SHEET_S * 2)
    judge_answer(trial.outcome, seen, "the sheet")
    if seen.status != 200:
        trial.outcome.problems.append(f"the sheet was answered {seen.status}")
    _honest(trial, bound, "a page after it")
    return trial.outcome


def _honest(trial: Trial, bound_s: float, what: str) -> None:
    outcome = trial.outcome
    outcome.lost_raw = outcome.lost_raw or 0
    seconds = _read(trial)
    if seconds is None:
        outcome.lost_raw += 1
        outcome.problems.append(f"{what} was not read within {_PATIENCE_S:.0f} s")
    elif seconds > bound_s:
        outcome.problems.append(f"{what} took {seconds:.1f} s (usual here: at most {bound_s:.1f} s)")


def _read(trial: Trial) -> float | None:
    trial.outcome.requests += 1
    seen = wire.exchange(trial.port, _request(chat_request(text_page())), timeout_s=_PATIENCE_S)
    read = seen.status == 200 and LINES[0].split()[1].encode() in seen.responses[0].body
    return seen.seconds if read else None


def _bound_s(trial: Trial) -> float:
    """What an honest page may take: three times what it takes alone, and what one other image may cost."""
    if trial.service.pid not in _usual:
        times = [seconds for _ in range(4) if (seconds := _read(trial)) is not None]
        if not times:
            raise RuntimeError("the page is not read even without an attack")
        _usual[trial.service.pid] = statistics.median(times)
    usual = _usual[trial.service.pid]
    return 3 * usual + _COST_S


_usual: dict[int, float] = {}
"""Seconds that a page takes alone, by service."""


def _request(body: dict[str, Any]) -> bytes:
    return wire.request(json.dumps(body).encode())


_CPU = Need("cpu")
_GOALS = (NONE_LOST_RAW, health_under(100), memory_under(1024), SETTLES)

CASES = (
    *(
        Case(
            f"images/each/{name}",
            f"the image {name}, with honest pages beside and after it",
            partial(_each, build=build, name=name),
            (answered_within(1.5 * _COST_S), *_GOALS),
            _CPU,
        )
        for name, build in HOSTILE_IMAGES.items()
    ),
    Case(
        "images/full-sheet",
        "49 megapixels full of small print, an honest page after it",
        _full_sheet,
        (answered_within(_FULL_SHEET_S), *_GOALS),
        _CPU,
    ),
    Case(
        f"images/{_MOST_IMAGES}-bombs",
        f"{_MOST_IMAGES} images of 49 megapixels in one request",
        _many,
        (answered_within(1.5 * _COST_S * _MOST_IMAGES), *_GOALS),
        _CPU,
    ),
)
