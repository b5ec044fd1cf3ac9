"""Processes of the service that are killed with SIGKILL while clients go on."""

import os
import signal
import time
from functools import partial

from faults import processes
from faults.case import Case, Need, Outcome
from faults.clients import ask_raw, crowd
from faults.goals import NONE_LOST, answered_within, health_under
from faults.pages import chat_request, text_page
from faults.trial import Trial, is_well

_TIMES = 3
_BETWEEN_S = 6.0
_BACK_S = 60.0
_NOTICED_S = 100.0


def _kill(trial: Trial, role: str, *, reading: bool = False) -> Outcome:
    """Kill a role several times; each time wait until another process has it and the service is well."""
    outcome = trial.outcome
    page = text_page() if reading else None
    times = []
    with crowd(trial, raw=2 if reading else 4, openai_clients=4 if reading else 16, page=page):
        for _ in range(_TIMES):
            time.sleep(_BETWEEN_S)
            killed = processes.with_role(trial.service.leader, role)
            if not trial.service.kill_role(role):
                outcome.problems.append(f"there is no process {role}")
                break
            back = _until_back(trial, role, killed)
            if back is None:
                outcome.problems.append(f"{role} was not back within {_BACK_S:.0f} s")
                break
            times.append(back)
        time.sleep(_BETWEEN_S)
    if times:
        outcome.notes.append("well again after " + ", ".join(f"{seconds:.1f}" for seconds in times) + " s")
    return outcome


def _freeze(trial: Trial) -> Outcome:
    """The Engine stops without ending: Serve's health checks must notice, and another one take its requests."""
    outcome = trial.outcome
    frozen = processes.with_role(trial.service.leader, "Engine")
    with crowd(trial):
        time.sleep(2)
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        answered = False
        while not answered and time.monotonic() - began < _NOTICED_S:
            answered = ask_raw(trial, chat_request(), timeout_s=5) is None
        if answered:
            outcome.notes.append(f"another Engine answers after {time.monotonic() - began:.0f} s")
        else:
            outcome.problems.append(f"nobody answers {_NOTICED_S:.0f} s after the Engine was frozen")
        time.sleep(_BETWEEN_S)
    if left := set(frozen) & set(processes.pids(trial.service.leader)):
        outcome.notes.append("the frozen process stays, until it goes on")
        for pid in left:
            os.kill(pid, signal.SIGCONT)
    return outcome


def _until_back(trial: Trial, role: str, killed: list[int]) -> float | None:
    began = time.monotonic()
    while time.monotonic() - began < _BACK_S:
        now = processes.with_role(trial.service.leader, role)
        if now and not set(now) & set(killed) and is_well(trial.port):
            return time.monotonic() - began
        time.sleep(0.1)
    return None


def _case(role: str, name: str, *more: str) -> Case:
    done = f"the {role} is killed {_TIMES} times under 16 OpenAI clients and 4 raw ones"
    # Without the process that answers /health it cannot be answered; how long that is, the table shows.
    watched = () if more else (health_under(100),)
    return Case(f"kills/{name}", done, partial(_kill, role=role), (NONE_LOST, answered_within(30), *watched))


CASES = (
    _case("Engine", "engine"),
    Case(
        "kills/engine-that-reads",
        f"the Engine is killed {_TIMES} times while it reads pages for 4 OpenAI clients and 2 raw ones",
        partial(_kill, role="Engine", reading=True),
        (NONE_LOST, answered_within(60)),
        Need("cpu"),
    ),
    Case(
        "kills/engine-frozen",
        "the Engine is stopped without ending it (SIGSTOP), under 8 OpenAI clients and 2 raw ones",
        _freeze,
        (NONE_LOST, answered_within(120), health_under(100)),
    ),
    _case("Api", "api", "answers /health"),
    _case("controller", "controller"),
    _case("HTTP proxy", "http-proxy", "answers /health"),
)
