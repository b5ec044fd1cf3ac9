"""How much a service has grown, whatever its number of replicas."""

from collections.abc import Iterable
from dataclasses import dataclass

from faults.processes import Part


@dataclass(frozen=True)
class Baseline:
    """What each process held at the begin.

    A process that came later, such as a second Engine that the autoscaler started, is compared with the largest of its
    role at the begin: one more replica is no growth, a fat one is.

    Attributes:
        parts: The processes at the begin.
    """

    parts: tuple[Part, ...]

    @property
    def memory(self) -> int:
        """Bytes of all of them."""
        return sum(part.memory for part in self.parts)

    @property
    def fds(self) -> int:
        """File descriptors of all of them."""
        return sum(part.fds for part in self.parts)

    def grown(self, now: Iterable[Part]) -> tuple[int, int]:
        """Return by how many bytes and file descriptors processes are above their begin; those below count as 0."""
        each = self._each(now)
        return sum(memory for _, memory, _ in each), sum(fds for _, _, fds in each)

    def growers(self, now: Iterable[Part]) -> list[tuple[str, int]]:
        """Return the role of each process that grew, and by how many bytes, the one that grew most first."""
        found = [(role, memory) for role, memory, _ in self._each(now) if memory]
        return sorted(found, key=lambda grower: -grower[1])

    def _each(self, now: Iterable[Part]) -> list[tuple[str, int, int]]:
        before = {part.pid: (part.memory, part.fds) for part in self.parts}
        largest: dict[str, tuple[int, int]] = {}
        for part in self.parts:
            memory, fds = largest.get(part.role, (0, 0))
            largest[part.role] = (max(memory, part.memory), max(fds, part.fds))
        each = []
        for part in now:
            memory, fds = before.get(part.pid) or largest.get(part.role, (0, 0))
            each.append((part.role, max(0, part.memory - memory), max(0, part.fds - fds)))
        return each
