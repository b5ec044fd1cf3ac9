"""Minutes of everything at once: honest, wrong, slow, leaving and malicious clients; does the service grow?"""

import itertools
import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from faults import processes, wire
from faults.case import MIB, Case, Need, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under, memory_under
from faults.malformed import MALFORMED
from faults.pages import chat_request, text_page
from faults.swarm import Swarm
from faults.trial import Trial
from tests.api.hostile_bodies import HOSTILE_BODIES
from tests.engine.hostile_images import HOSTILE_IMAGES

_HOSTILE_BODY_BYTES = 2 * MIB
_GROWTH_BYTES = 64 * MIB
_GROWTH_FDS = 24
_SLOW = 20
_SLOW_S = 330.0
"""A body that comes a byte a second is ended within that time, in seconds."""
_LOOKS = 5
_FIRST_SHARE = 1 / 3
"""Share of the time after which a process has taken what it needs; it is compared with the end."""


def _run(trial: Trial, share: float, *, reading: bool) -> Outcome:
    """Let them all go on for that share of the minutes; look at each process after a third and at the end."""
    outcome = trial.outcome
    seconds = trial.minutes * 60 * share
    stop = threading.Event()
    page = text_page() if reading else None
    with ExitStack() as stack:
        stack.enter_context(crowd(trial, raw=2, openai_clients=4 if reading else 12, pause_s=0.5, page=page))
        attackers = [threading.Thread(target=_attack, args=(trial, stop, *one)) for one in _attacks(trial, reading)]
        for thread in attackers:
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        time.sleep(seconds * _FIRST_SHARE)
        first = _largest(trial)
        time.sleep(seconds * (1 - _FIRST_SHARE))
        last = _largest(trial)
    for role in first.keys() & last.keys():
        (memory, fds), (memory_then, fds_then) = first[role], last[role]
        outcome.notes.append(f"{role} {memory // MIB} to {memory_then // MIB} MiB, {fds} to {fds_then} descriptors")
        if memory_then - memory > _GROWTH_BYTES:
            outcome.problems.append(f"{role} grew by {(memory_then - memory) // MIB} MiB")
        if fds_then - fds > _GROWTH_FDS:
            outcome.problems.append(f"{role} has {fds_then - fds} file descriptors more")
    outcome.notes.sort()
    return outcome


def _largest(trial: Trial) -> dict[str, tuple[int, int]]:
    """Memory and file descriptors of the largest process of each role, on average of five looks."""
    looks: dict[str, list[tuple[int, int]]] = {}
    for _ in range(_LOOKS):
        now: dict[str, tuple[int, int]] = {}
        for part in processes.parts(trial.service.leader):
            now[part.role] = max(now.get(part.role, (0, 0)), (part.memory, part.fds))
        for role, figures in now.items():
            looks.setdefault(role, []).append(figures)
        time.sleep(0.4)
    # A process that came or went meanwhile, as one of a pool may, is no growth of the service.
    stayed = {role: seen for role, seen in looks.items() if len(seen) == _LOOKS}
    return {
        role: (sum(m for m, _ in seen) // _LOOKS, sum(f for _, f in seen) // _LOOKS) for role, seen in stayed.items()
    }


def _attack(trial: Trial, stop: threading.Event, act: Callable[[], None], pause_s: float) -> None:
    while not stop.wait(pause_s):
        try:
            act()
        except OSError:
            continue  # refused or reset: that is what an attacker has to expect


class _Slow:
    """Bodies that come a byte a second for as long as the service takes them."""

    def __init__(self, trial: Trial) -> None:
        self._outcome = trial.outcome
        head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
        self._swarm = Swarm(trial.port, _SLOW, head)
        self._began = time.monotonic()
        self._told = False

    def dribble(self) -> None:
        """Send each its next byte; tell once when all have been ended, or when they should have been."""
        self._swarm.dribble(b" ")
        open_for = time.monotonic() - self._began
        left = self._swarm.still_open()
        if self._told or (left and open_for < _SLOW_S):
            return
        self._told = True
        if left:
            self._outcome.problems.append(f"{left} bodies of a byte a second went on for {_SLOW_S:.0f} s")
        else:
            self._outcome.notes.append(f"bodies of a byte a second were ended after {open_for:.0f} s")


def _attacks(trial: Trial, reading: bool) -> list[tuple[Callable[[], None], float]]:
    """What each attacker does again and again, and its pause in seconds."""
    port = trial.port
    good = wire.request(json.dumps(chat_request(text_page() if reading else None)).encode())
    wrong = itertools.cycle(
        [
            *MALFORMED.values(),
            wire.request(b"{}"),
            wire.request(b'{"model":"gpt-4o","messages":[]}'),
            wire.request(b"x", path="/v1/nothing"),
            wire.request(b"\xff" * 20_000),
        ]
    )
    hostile, pictures = itertools.cycle(HOSTILE_BODIES.values()), itertools.cycle(HOSTILE_IMAGES.values())

    def leave(at: float) -> None:
        with Swarm(port, 5, good[: int(len(good) * at)]) as swarm:
            swarm.reset()

    def stuck() -> None:
        with Swarm(port, 50, good[:-30]):
            time.sleep(10)

    def send(data: bytes) -> None:
        wire.exchange(port, data, timeout_s=30)

    slow = _Slow(trial)
    attacks: list[tuple[Callable[[], None], float]] = [
        (lambda: send(next(wrong)), 0.2),
        (partial(leave, 0.7), 1.0),
        (partial(leave, 1.0), 1.0 if not reading else 10.0),
        (stuck, 1.0),
        (slow.dribble, 1.0),
        (lambda: send(wire.request(next(hostile)(_HOSTILE_BODY_BYTES))), 1.0),
    ]
    if reading:
        attacks.append((lambda: send(wire.request(json.dumps(chat_request(next(pictures)())).encode())), 5.0))
    return attacks


def _case(name: str, share: float, *, reading: bool) -> Case:
    done = f"{share:.0%} of the minutes of mixed load, engine {'cpu' if reading else 'null'}"
    slowest = answered_within(60 if reading else 10)
    goals = (NONE_LOST, NONE_LOST_RAW, slowest, health_under(100), memory_under(1024), SETTLES)
    return Case(
        f"load/{name}", done, partial(_run, share=share, reading=reading), goals, Need("cpu" if reading else "null")
    )


CASES = (_case("requests", 0.4, reading=False), _case("pages", 0.6, reading=True))
