"""Results to judge and to print."""

from typing import Any

from faults.case import MIB, HealthSeen, Outcome, Seen
from faults.result import Result

QUIET = HealthSeen(p50=4.0, p99=20.0, longest=31.0, failed=0, asked=900, late_p99=1.0)


def seen(
    health: HealthSeen | None = QUIET, most: int = 10, after: int = 0, fds: tuple[int, int] = (400, 402), **outcome: Any
) -> Seen:
    """What a case saw: memory in MiB above the 100 before."""
    memory = (100 * MIB, (100 + most) * MIB, (100 + after) * MIB)
    return Seen(Outcome(**outcome), health, memory, fds)


def result(name: str, *, missed: tuple[str, ...] = (), skipped: str = "", what: Seen | None = None) -> Result:
    return Result(name, f"{name} is done", ("a goal",), what or seen(requests=3), missed, skipped, load=1.5)
