"""Connections on which a client stops sending, or sends too little, while honest clients go on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from faults.case import Case, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under
from faults.swarm import Swarm
from faults.trial import Trial

_HONEST_S = 15.0
"""Honest clients go on at least that long, in seconds."""
_ENDED_S = 120.0
"""The service ends a stuck connection within that time, in seconds."""

_HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
_NO_BODY = _HEAD + b"Content-Length: 100000\r\n\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Stuck:
    """One way to be stuck.

    Attributes:
        count: How many connections.
        first: What each sends at once.
        then: What each sends every second.
        pause_s: Time between two of them, in seconds.
        ends: Whether the service must end them soon. A body that comes slowly may be honest: how long it may take is
            seen under load.
    """

    count: int
    first: bytes = b""
    then: bytes = b""
    pause_s: float = 0
    ends: bool = True


def _run(trial: Trial, stuck: Stuck) -> Outcome:
    outcome = trial.outcome
    with crowd(trial), Swarm(trial.port, stuck.count, stuck.first, stuck.pause_s) as swarm:
        began = time.monotonic()
        outcome.requests += stuck.count
        if swarm.refused:
            outcome.notes.append(f"{swarm.refused:,} of {stuck.count:,} connections were refused")
        left = swarm.still_open()
        all_ended = 0.0
        while time.monotonic() - began < (_ENDED_S if left and stuck.ends else _HONEST_S):
            time.sleep(1)
            if stuck.then:
                swarm.dribble(stuck.then)
            left = swarm.still_open()
            if left:
                all_ended = time.monotonic() - began
        if left and stuck.ends:
            outcome.problems.append(f"{left:,} of {stuck.count:,} were still open after {_ENDED_S:.0f} s")
        elif not left:
            outcome.notes.append(f"the service ended all of them within {all_ended + 1:.0f} s")
    return outcome


def _case(name: str, done: str, stuck: Stuck) -> Case:
    goals = (NONE_LOST, NONE_LOST_RAW, answered_within(5), health_under(100), SETTLES)
    run: Callable[[Trial], Outcome] = partial(_run, stuck=stuck)
    return Case(f"connections/{name}", done, run, goals)


CASES = (
    _case("no-body-256", "256 bodies that never arrive: as many as there are slots", Stuck(256, _NO_BODY)),
    _case("no-body-1000", "1,000 bodies that never arrive", Stuck(1_000, _NO_BODY)),
    _case("slow-body", "300 bodies, a byte a second", Stuck(300, _NO_BODY, b"x", ends=False)),
    _case(
        "slow-chunks",
        "300 chunked bodies, a chunk of one byte a second",
        Stuck(300, _CHUNKED, b"1\r\nx\r\n", ends=False),
    ),
    _case("slow-header", "300 headers, a byte a second", Stuck(300, _HEAD + b"X-Slow: ", b"x")),
    _case("idle-9000", "9,000 connections that send nothing", Stuck(9_000)),
    _case(
        "kept-alive-1000",
        "1,000 connections, at most 100 a second, that ask once and stay",
        # Not all at once: what is tried are the connections, not how many requests a second the machine can answer.
        Stuck(1_000, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", pause_s=0.01),
    ),
)
