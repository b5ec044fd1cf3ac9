"""Watches a service from outside while a case runs: `/health`, memory and file descriptors."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

from faults import health, processes
from faults.case import MIB, HealthSeen, Outcome, Seen
from faults.goals import SETTLED_BYTES, SETTLED_FDS
from faults.growth import Baseline
from faults.processes import Part
from faults.service import SERVE_APP, Service

_EVERY_S = 0.1
_SETTLE_S = 15.0


class GrowthWatch:
    """Looks ten times a second at the memory of a service's processes, and stops the service above a limit.

    Attributes:
        baseline: The processes at the begin.
        most: By how many bytes they have grown at most.
        capped: Whether the service was stopped.
    """

    def __init__(self, service: Service, cap_bytes: int) -> None:
        self._service = service
        self._cap = cap_bytes
        self._end = threading.Event()
        self.baseline = Baseline(tuple(processes.parts(service.leader)))
        self.most = 0
        self.capped = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._end.set()
        self._thread.join()

    def settled(self, outcome: Outcome) -> tuple[int, int, int]:
        """Return, after at most 15 s in which it may come back: bytes grown, descriptors grown, and all descriptors.

        If it does not come back, the outcome gets a note of who has it.
        """
        deadline = time.monotonic() + _SETTLE_S
        while True:
            parts = processes.parts(self._service.leader)
            memory, fds = self.baseline.grown(parts)
            if memory <= SETTLED_BYTES and fds <= SETTLED_FDS:
                break
            if time.monotonic() > deadline:
                growers = self.baseline.growers(parts)[:3]
                outcome.notes += [f"afterwards {role} has {grown // MIB:,} MiB more" for role, grown in growers]
                break
            time.sleep(1)
        return memory, fds, sum(part.fds for part in parts)

    def _watch(self) -> None:
        known: list[Part] = []
        round_number = 0
        while not self._end.wait(_EVERY_S):
            if round_number % 10 == 0:
                known = processes.parts(self._service.leader)
            else:
                known = [replace(part, memory=processes.memory_of(part.pid)) for part in known]
            round_number += 1
            self.most = max(self.most, self.baseline.grown(known)[0])
            if sum(part.memory for part in known) > self._cap and not self.capped:
                self.capped = True
                self._service.kill_everything()


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
        self._growth = GrowthWatch(service, cap_bytes)
        self._health = HealthWatch(service.port)

    @property
    def capped(self) -> bool:
        """Whether the service had to be stopped."""
        return self._growth.capped

    def finish(self, outcome: Outcome) -> Seen:
        """Stop watching, let memory and descriptors come back, and put everything together."""
        seen = self._health.stop()
        self._growth.stop()
        memory, fds, all_fds = self._growth.settled(outcome)
        baseline = self._growth.baseline
        figures = (baseline.memory, self._growth.most, memory)
        return Seen(outcome, seen, figures, (baseline.fds, all_fds, fds), self._growth.capped)

    def abandon(self) -> None:
        """Stop watching after a case that failed itself."""
        self._growth.stop()
        self._health.stop()
