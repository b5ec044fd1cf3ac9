"""Request bodies that are made to cost time or memory."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import hypothesis
from hypothesis import HealthCheck, Phase

from faults import strategies, wire
from faults.case import Case, Outcome
from faults.goals import SETTLES, answered_within, health_under, memory_under
from faults.hostile import BODY_LIMIT, judge_answer
from faults.trial import Trial
from tests.api.hostile_bodies import HOSTILE_BODIES

_AT_ONCE = 16
_EXAMPLES = 150
_PROPERTY_S = 90.0
_MEGABYTES = 1024


def _send(trial: Trial, build: Callable[[int], bytes], name: str, timeout_s: float = 60) -> Outcome:
    seen = wire.exchange(trial.port, wire.request(build(BODY_LIMIT)), timeout_s=timeout_s)
    judge_answer(trial.outcome, seen, name)
    return trial.outcome


def _at_once(trial: Trial) -> Outcome:
    found = list(HOSTILE_BODIES.items())
    chosen = found[:: max(1, len(found) // _AT_ONCE)][:_AT_ONCE]
    requests = [wire.request(build(BODY_LIMIT)) for _, build in chosen]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda request: wire.exchange(trial.port, request), requests))
    for (name, _), seen in zip(chosen, answers, strict=True):
        # More than the service holds at once is a good answer: the client may send it again.
        if seen.status == 429 or (seen.status == 503 and seen.responses[0].header("retry-after")):
            trial.outcome.requests += 1
            trial.outcome.took(seen.seconds)
            continue
        judge_answer(trial.outcome, seen, name)
    statuses = sorted(str(seen.status) for seen in answers)
    trial.outcome.notes.append("answered " + ", ".join(f"{s} ({statuses.count(s)})" for s in dict.fromkeys(statuses)))
    return trial.outcome


def _anything(trial: Trial) -> Outcome:
    """Send what hypothesis makes up, which looks for slow bodies among them."""
    outcome = trial.outcome
    deadline = time.monotonic() + _PROPERTY_S
    sizes: list[int] = []

    @hypothesis.settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategies.bodies(BODY_LIMIT))
    def ask(body: bytes) -> None:
        if time.monotonic() > deadline or outcome.problems:
            return
        seen = wire.exchange(trial.port, wire.request(body))
        sizes.append(len(body))
        hypothesis.target(seen.seconds)
        judge_answer(outcome, seen, f"{body[:160]!r}... of {len(body):,} bytes")

    ask()
    outcome.notes.append(f"the largest had {max(sizes):,} bytes")
    return outcome


def _cases() -> tuple[Case, ...]:
    goals = (answered_within(2), health_under(100), memory_under(_MEGABYTES), SETTLES)
    each = tuple(
        Case(
            f"bodies/each/{name}",
            f"the body {name}, as large as is accepted",
            partial(_send, build=build, name=name),
            goals,
        )
        for name, build in HOSTILE_BODIES.items()
    )
    return (
        *each,
        Case(
            "bodies/at-once",
            f"{_AT_ONCE} of these bodies at once",
            _at_once,
            (answered_within(10), health_under(100), memory_under(2 * _MEGABYTES), SETTLES),
        ),
        Case(
            "bodies/anything",
            f"up to {_EXAMPLES} bodies that hypothesis makes up, within {_PROPERTY_S:.0f} s",
            _anything,
            goals,
        ),
    )


CASES = _cases()
