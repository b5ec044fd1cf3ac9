"""Watches a service from outside while a case runs: `/health`, memory and file descriptors."""

import json
import subprocess
import sys
import threading
import time

from faults import health, processes
from faults.case import HealthSeen, Outcome, Seen
from faults.goals import SETTLED_BYTES
from faults.service import SERVE_APP, Service

_EVERY_S = 0.1
_SETTLE_S = 15.0


class MemoryWatch:
    """Sums the memory of a service's processes ten times a second, and stops the service above a limit.

    Attributes:
        before: Bytes at the begin.
        peak: Most bytes seen.
        capped: Whether the service was stopped.
    """

    def __init__(self, service: Service, cap_bytes: int) -> None:
        self._service = service
        self._cap = cap_bytes
        self._end = threading.Event()
        self.before = self.peak = self._now(processes.pids(service.leader))
        self.capped = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._end.set()
        self._thread.join()

    def settled(self) -> int:
        """Return the memory after at most 15 s in which it may come back, in bytes."""
        deadline = time.monotonic() + _SETTLE_S
        while (now := self._now(processes.pids(self._service.leader))) > self.before + SETTLED_BYTES:
            if time.monotonic() > deadline:
                break
            time.sleep(1)
        return now

    def _watch(self) -> None:
        found: list[int] = []
        round_number = 0
        while not self._end.wait(_EVERY_S):
            if round_number % 10 == 0:
                found = processes.pids(self._service.leader)
            round_number += 1
            now = self._now(found)
            self.peak = max(self.peak, now)
            if now > self._cap and not self.capped:
                self.capped = True
                self._service.kill_everything()

    @staticmethod
    def _now(found: list[int]) -> int:
        return sum(map(processes.memory_of, found))


class HealthWatch:
    """`faults.health` in a process of its own."""

    def __init__(self, port: int) -> None:
        command = [sys.executable, "-m", "faults.health", str(port), str(health.EVERY_S)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=SERVE_APP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        self._process.stdout.readline()

    def stop(self) -> HealthSeen:
        """Stop asking and return the figures."""
        output, _ = self._process.communicate("", timeout=90)
        found = json.loads(output)
        return health.summary([(seconds, answered) for seconds, answered in found["samples"]], found["late"])


class Watch:
    """All of it: made before a case, `finish` after it."""

    def __init__(self, service: Service, cap_bytes: int) -> None:
        self._service = service
        self._fds = self._open_fds()
        self._memory = MemoryWatch(service, cap_bytes)
        self._health = HealthWatch(service.port)

    @property
    def capped(self) -> bool:
        """Whether the service had to be stopped."""
        return self._memory.capped

    def finish(self, outcome: Outcome) -> Seen:
        """Stop watching, let memory and descriptors come back, and put everything together."""
        seen = self._health.stop()
        self._memory.stop()
        after = self._memory.settled()
        fds = (self._fds, self._open_fds())
        memory = (self._memory.before, self._memory.peak, after)
        return Seen(outcome, seen, memory, fds, self._memory.capped)

    def abandon(self) -> None:
        """Stop watching after a case that failed itself."""
        self._memory.stop()
        self._health.stop()

    def _open_fds(self) -> int:
        return sum(part.fds for part in processes.parts(self._service.leader))
