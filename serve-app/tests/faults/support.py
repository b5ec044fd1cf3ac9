"""Results to judge and to print."""

from typing import Any

from faults.case import MIB, HealthSeen, Outcome, Seen
from faults.result import Result

QUIET = HealthSeen(p50=4.0, p99=20.0, longest=31.0, failed=0, asked=900, late_p99=1.0)


def seen(health: HealthSeen | None = QUIET, most: int = 10, after: int = 0, fds: int = 2, **outcome: Any) -> Seen:
    """What a case saw: by how many MiB and file descriptors the service had grown."""
    return Seen(Outcome(**outcome), health, (100 * MIB, most * MIB, after * MIB), (400, 400 + fds, fds))


def result(name: str, *, missed: tuple[str, ...] = (), skipped: str = "", what: Seen | None = None) -> Result:
    return Result(name, f"{name} is done", ("a goal",), what or seen(requests=3), missed, skipped, load=1.5)
