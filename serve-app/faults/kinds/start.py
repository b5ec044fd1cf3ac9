"""`npm start` when something goes wrong: it ends with a reason and a code, and leaves nothing."""

import contextlib
import os
import re
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.bodies import noise_body
from faults import processes
from faults.case import Case, Outcome, Skipped
from faults.goals import answered_within
from faults.service import Ended, Service, StartFailed
from faults.trial import Trial, is_well

_PLAIN = ("--no-sample", "--engine", "null")
_TRACE = re.compile(r"^\s+at .+:\d+:\d+\)?$|^Traceback \(most recent call last\)", re.MULTILINE)
_END_S = 30.0
_FILE_S = 120.0


def judge_end(outcome: Outcome, ended: Ended, *, codes: Callable[[int], bool], what: str) -> None:
    """Count how a start ended: by itself, with such a code, with words instead of a stack trace, leaving nothing."""
    outcome.requests += 1
    outcome.took(ended.seconds)
    if ended.code is None:
        outcome.problems.append(f"{what}: npm start did not end")
    elif not codes(ended.code):
        outcome.problems.append(f"{what}: exit code {ended.code}")
    if _TRACE.search(ended.said):
        outcome.problems.append(f"{what}: it prints a stack trace")
    if not ended.said.strip():
        outcome.problems.append(f"{what}: it says nothing")
    if ended.left:
        outcome.problems.append(f"{what}: left running: {', '.join(ended.left)}")


def _failed(code: int) -> bool:
    return code > 0


def _stopped(code: int) -> bool:
    return code in (0, 128 + signal.SIGINT, 128 + signal.SIGTERM)


def _up(trial: Trial, *arguments: str) -> Service:
    service = trial.start(*arguments)
    service.wait_until_up()
    return service


def _killed(trial: Trial, role: str, *, may_go_on: bool = False) -> Outcome:
    """A process dies without which there is no service."""
    service = _up(trial, *_PLAIN)
    since = len(service.output)
    if not service.kill_role(role):
        trial.outcome.problems.append(f"there is no process {role}")
        return trial.outcome
    if may_go_on and _goes_on(trial, service):
        trial.outcome.notes.append("the service goes on without it")
        trial.outcome.took(0)
        return trial.outcome
    judge_end(trial.outcome, service.wait_until_ended(_END_S, since=since), codes=_failed, what=f"{role} killed")
    _note_words(trial.outcome, service, since)
    return trial.outcome


def _goes_on(trial: Trial, service: Service) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and service.runs:
        time.sleep(0.5)
    return service.runs and is_well(trial.port)


def _note_words(outcome: Outcome, service: Service, since: int) -> None:
    lines = [line.strip() for line in service.output[since:].splitlines() if line.strip()]
    outcome.notes.append(f"it says: {lines[0][:160]}" if lines else "it says nothing")


def _interrupted(trial: Trial, number: signal.Signals, after_s: float | None) -> Outcome:
    """Ctrl-C or another signal, once it is up or so many seconds after its begin."""
    service = trial.start(*_PLAIN)
    if after_s is None:
        service.wait_until_up()
    else:
        time.sleep(after_s)
        service.find_leader()
    since = len(service.output)
    service.signal(number)
    judge_end(trial.outcome, service.wait_until_ended(_END_S, since=since), codes=_stopped, what=number.name)
    return trial.outcome


def _killed_itself(trial: Trial) -> Outcome:
    """`npm start` itself is killed: everything ends, and the next start works."""
    service = _up(trial, *_PLAIN)
    began = time.monotonic()
    service.signal(signal.SIGKILL)
    while (service.runs or processes.pids(service.leader)) and time.monotonic() - began < _END_S:
        time.sleep(0.2)
    trial.outcome.took(time.monotonic() - began)
    if left := processes.parts(service.leader):
        trial.outcome.problems.append("left running: " + ", ".join(part.role for part in left))
    judge_end(trial.outcome, _up(trial, *_PLAIN).stop(), codes=_stopped, what="the next one")
    return trial.outcome


def _port_taken(trial: Trial) -> Outcome:
    with socket.create_server(("127.0.0.1", trial.port)):
        service = trial.start(*_PLAIN)
        judge_end(trial.outcome, service.wait_until_ended(_END_S), codes=_failed, what="the port is taken")
        _note_words(trial.outcome, service, 0)
    return trial.outcome


def _file(trial: Trial, name: str, content: Callable[[], bytes] | None) -> Outcome:
    """A FILE that cannot be read: it ends with a reason, or serves and says why it was not read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if content is not None:
            path.write_bytes(content())
        service = trial.start("--engine", "null", str(path))
        _ends_or_serves(trial, service, name)
    return trial.outcome


def _ends_or_serves(trial: Trial, service: Service, named: str) -> None:
    outcome = trial.outcome
    began = time.monotonic()
    try:
        service.wait_until_up(_FILE_S)
    except StartFailed:
        judge_end(outcome, service.wait_until_ended(_END_S), codes=_failed, what=named)
    else:
        outcome.notes.append("the service is up all the same")
        judge_end(outcome, service.stop(), codes=_stopped, what=named)
        if _TRACE.search(service.output):
            outcome.problems.append(f"{named}: it prints a stack trace")
    outcome.took(time.monotonic() - began)
    if not named:
        return
    said = next((line.strip() for line in service.output.splitlines() if named in line), None)
    if said is None:
        outcome.problems.append(f"its words do not name {named}")
    else:
        outcome.notes.append(f"it says: {re.sub(rf'/[^ ]*/{re.escape(named)}', named, said)[:160]}")


def _temporary_folder(trial: Trial, folder: Callable[[], contextlib.AbstractContextManager[str]]) -> Outcome:
    with folder() as path:
        _ends_or_serves(trial, trial.start(*_PLAIN, env={"TMPDIR": path}), "")
    return trial.outcome


@contextlib.contextmanager
def _missing_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"{folder}/there-is-none"


@contextlib.contextmanager
def _read_only_folder() -> Iterator[str]:
    if os.geteuid() == 0:
        raise Skipped("root may write to every folder")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o500)
        yield folder


def _full_folder(_trial: Trial) -> Outcome:
    raise Skipped("a full folder needs a file system of its own, which only root may mount")


def _case(name: str, done: str, run: Callable[[Trial], Outcome], seconds: float = _END_S) -> Case:
    return Case(f"start/{name}", done, run, (answered_within(seconds),), need=None)


_FILES: tuple[tuple[str, str, Callable[[], bytes] | None], ...] = (
    ("empty.png", "a FILE of 0 bytes", lambda: b""),
    ("text.png", "a text file that is called .png", lambda: b"This is no picture.\n" * 50),
    ("cut.pdf", "a PDF that is cut off", lambda: b"%PDF-1.7\n1 0 obj\n<<"),
    ("large.png", "an image file of 40 MB", lambda: b"\x89PNG\r\n\x1a\n" + noise_body(40_000_000)),
    ("missing.png", "a FILE that is not there", None),
)

_PARTS = (("raylet", False), ("GCS", False), ("runner", False), ("dashboard agent", True), ("runtime env agent", True))
"""Processes without which Ray does not go on, and whether the service may."""


def _kill_cases() -> tuple[Case, ...]:
    return tuple(
        _case(
            f"kill-{role.lower().replace(' ', '-')}",
            f"the {role} is killed",
            partial(_killed, role=role, may_go_on=optional),
        )
        for role, optional in _PARTS
    )


def _file_cases() -> tuple[Case, ...]:
    return tuple(
        _case(f"file-{name}", done, partial(_file, name=name, content=content), _FILE_S)
        for name, done, content in _FILES
    )


def _signal_case(name: str, done: str, number: signal.Signals, after_s: float | None = None) -> Case:
    return _case(name, done, partial(_interrupted, number=number, after_s=after_s))


def _folder_case(name: str, done: str, folder: Callable[[], contextlib.AbstractContextManager[str]]) -> Case:
    return _case(name, done, partial(_temporary_folder, folder=folder), _FILE_S)


CASES = (
    *_kill_cases(),
    _case("kill-npm-start", "npm start itself is killed, and started again", _killed_itself),
    _signal_case("ctrl-c", "Ctrl-C once it is up", signal.SIGINT),
    _signal_case("ctrl-c-early", "Ctrl-C four seconds after its begin", signal.SIGINT, 4.0),
    _signal_case("hangup", "its terminal is closed", signal.SIGHUP),
    _case("port-taken", "another program has the port", _port_taken),
    *_file_cases(),
    _folder_case("no-temporary-folder", "TMPDIR names a folder that is not there", _missing_folder),
    _folder_case("read-only-temporary-folder", "TMPDIR may not be written to", _read_only_folder),
    _case("full-temporary-folder", "the temporary folder is full", _full_folder),
)
