"""The service under attack, started exactly as `npm start` does."""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from faults import processes

SERVE_APP = Path(__file__).resolve().parents[1]
ROOT = SERVE_APP.parent

_START_S = 240.0
_STOP_S = 30.0
_UP = re.compile(r"^OpenAI base URL", re.MULTILINE)
_LOG = re.compile(r"^Log\s+(\S.*)$", re.MULTILINE)
_RAY_LOGS = re.compile(r"--log_dir=(\S+)")
_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class StartFailed(Exception):
    """The service did not come up; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a start ended.

    Attributes:
        code: Exit code; negative for a signal, None if it had to be killed.
        seconds: How long it took to end.
        said: What it printed in that time.
        left: Processes that were still there afterwards, by role.
    """

    code: int | None
    seconds: float
    said: str
    left: tuple[str, ...]


class Service:
    """One `npm start` (without npm, as npm adds nothing but a shell).

    Args:
        port: Where it listens on 127.0.0.1.
        arguments: What comes after `start --port N`.
        env: Variables to add; the environment's own proxies and key are taken out first.
    """

    def __init__(self, port: int, arguments: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.leader = 0
        self._output = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            ["node", "tools/cli.mjs", "start", "--port", str(port), *arguments],  # noqa: S607 - as npm finds it
            cwd=ROOT,
            env=_environment(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return os.pread(self._output.fileno(), 10_000_000, 0).decode(errors="replace")

    @property
    def pid(self) -> int:
        """Process id of `npm start` itself."""
        return self._process.pid

    @property
    def log_folders(self) -> list[Path]:
        """Folders of its logs: the one that it names, and Ray's own."""
        found = {Path(match[1].strip()).parent for match in _LOG.finditer(self.output)}
        for line in self.command_lines():
            found.update(Path(match[1]) for match in _RAY_LOGS.finditer(line))
        return sorted(folder for folder in found if folder.is_dir())

    def command_lines(self) -> list[str]:
        """Return the command lines of all of its processes, `npm start` itself among them."""
        found = []
        for pid in (self.pid, *processes.pids(self.leader)):
            with contextlib.suppress(psutil.Error):
                found.append(" ".join(psutil.Process(pid).cmdline()))
        return found

    def wait_until_up(self, timeout_s: float = _START_S) -> None:
        """Wait for its greeting.

        Raises:
            StartFailed: It ended, or said nothing in time.
        """
        deadline = time.monotonic() + timeout_s
        while not _UP.search(self.output):
            if self._process.poll() is not None:
                raise StartFailed(self.output)
            if time.monotonic() > deadline:
                raise StartFailed(f"not up after {timeout_s:.0f} s:\n{self.output}")
            self.find_leader()
            time.sleep(0.1)
        self.find_leader()

    def find_leader(self) -> bool:
        """Look for the Python process that leads everything else; return whether it is there."""
        if not self.leader:
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(self.pid).children():
                    if processes.role_of(child.cmdline()) == "runner":
                        self.leader = child.pid
        return bool(self.leader)

    def kill_role(self, role: str) -> bool:
        """Kill every process of a role with SIGKILL; return whether there was one."""
        found = processes.with_role(self.leader, role)
        for pid in found:
            _kill(pid, signal.SIGKILL)
        return bool(found)

    def kill_everything(self) -> None:
        """Kill all of its processes but `npm start` itself, which then ends."""
        for pid in processes.pids(self.leader):
            _kill(pid, signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to `npm start`, as a terminal does."""
        _kill(self.pid, number)

    def wait_until_ended(self, timeout_s: float = _STOP_S, *, since: int = 0) -> Ended:
        """Wait until `npm start` has ended and look for what it left; what is left is killed.

        Args:
            timeout_s: Longest wait in seconds; then it is killed.
            since: Length of the output that is known already.
        """
        began = time.monotonic()
        try:
            code: int | None = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            code = None
        seconds = time.monotonic() - began
        time.sleep(0.2)  # a process that was killed last is still being reaped
        left = processes.parts(self.leader) if self.leader else []
        said = self.output[since:]
        for pid in (self.pid, *(part.pid for part in left)):
            _kill(pid, signal.SIGKILL)
        self._process.wait()
        return Ended(code, seconds, said, tuple(part.role for part in left))

    def stop(self) -> Ended:
        """End it with Ctrl-C."""
        self.signal(signal.SIGINT)
        return self.wait_until_ended(since=len(self.output))

    @property
    def runs(self) -> bool:
        """Whether `npm start` runs; once it does not, its number is free."""
        return self._process.poll() is None


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name.lower() not in _PROXY_VARIABLES}
    env.pop("OCR_API_KEY", None)
    # Its own sign that npm started it: then it ends when its parent, this judge, is gone.
    return {**env, "npm_lifecycle_event": "start", **extra}


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
