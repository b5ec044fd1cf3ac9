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
        before = {part.pid: (part.memory, part.fds) for part in self.parts}
        largest: dict[str, tuple[int, int]] = {}
        for part in self.parts:
            memory, fds = largest.get(part.role, (0, 0))
            largest[part.role] = (max(memory, part.memory), max(fds, part.fds))
        grown_memory = grown_fds = 0
        for part in now:
            memory, fds = before.get(part.pid) or largest.get(part.role, (0, 0))
            grown_memory += max(0, part.memory - memory)
            grown_fds += max(0, part.fds - fds)
        return grown_memory, grown_fds
