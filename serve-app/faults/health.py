"""Asks `/health` without a pause, in a process of its own, so that the judge's other work does not delay it.

    python -m faults.health PORT SECONDS_BETWEEN

Prints a line once the first answer is there, and its samples as JSON when standard input ends.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import percentile
from faults.case import HealthSeen

EVERY_S = 0.025
"""Seconds between two questions."""
_TIMEOUT_S = 60.0


def summary(samples: Sequence[tuple[float, bool]], late: Sequence[float], every_s: float = EVERY_S) -> HealthSeen:
    """Turn samples into figures.

    A question that waits keeps the next ones from being asked: those that an answer of `s` seconds held up count as
    well, as answers of `s - every_s`, `s - 2 * every_s`, ... Otherwise a freeze of 38 s would be one slow answer
    among thousands (https://github.com/HdrHistogram/HdrHistogram#corrected-vs-raw-value-recording-calls).

    Args:
        samples: Seconds that each answer took, and whether it was a 200.
        late: How late each question was asked, in seconds, for reasons of the asking process.
        every_s: Seconds between two questions.
    """
    times = [seconds for seconds, _ in samples]
    for seconds, _ in samples:
        held_up = seconds - every_s
        while held_up > 0:
            times.append(held_up)
            held_up -= every_s
    failed = sum(not answered for _, answered in samples)
    p50, p99, longest = (1000 * percentile(times, percent) for percent in (50, 99, 100))
    return HealthSeen(p50, p99, longest, failed, len(samples), 1000 * percentile(late, 99) if late else 0.0)


@dataclass
class Sampler:
    """Asks until `end` is set; `samples` and `late` grow as it goes."""

    port: int
    every_s: float
    samples: list[tuple[float, bool]] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)
    _waits_since: float | None = None
    _connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Ask until the end."""
        due = time.perf_counter()
        while not self.end.is_set():
            self._waits_since = began = time.perf_counter()
            self.late.append(max(0.0, began - due))
            answered = self._ask()
            self._waits_since = None
            took = time.perf_counter() - began
            self.samples.append((took, answered))
            if len(self.samples) == 1:
                print("watching", flush=True)
            due = max(began + self.every_s, time.perf_counter())
            self.end.wait(max(0.0, due - time.perf_counter()))

    def report(self) -> str:
        """Return the samples as JSON; a question that still waits is an unanswered one."""
        since = self._waits_since
        waiting = [] if since is None else [(time.perf_counter() - since, False)]
        return json.dumps({"samples": self.samples + waiting, "late": self.late})

    def _ask(self) -> bool:
        reused = self._connection is not None
        connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_S)
        self._connection = None
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            # A server may close an idle connection at any time; every client then opens another one.
            return self._ask() if reused else False
        if not answer.will_close:
            self._connection = connection
        return answer.status == 200


def main(port: int, every_s: float) -> None:
    """Ask until standard input ends, then report."""
    sampler = Sampler(port, every_s)
    thread = threading.Thread(target=sampler.run, daemon=True)
    thread.start()
    sys.stdin.read()
    sampler.end.set()
    thread.join(_TIMEOUT_S)
    print(sampler.report(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
