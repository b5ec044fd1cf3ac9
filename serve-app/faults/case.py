"""What a case is, and what is seen while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from faults.trial import Trial

MIB = 2**20


class Skipped(Exception):
    """The case cannot be made on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Need:
    """The service that a case needs.

    Attributes:
        engine: Engine of `npm start`.
        key: Key that clients must send; empty for none.
    """

    engine: Literal["null", "cpu"] = "null"
    key: str = ""


@dataclass(slots=True)
class Outcome:
    """What a case itself counted; None where it has no such clients.

    Attributes:
        requests: Requests sent, by attackers and by honest clients.
        lost_raw: Honest requests without a 200, by clients that never try again.
        lost_openai: Honest requests that failed in an OpenAI client, after its own two retries.
        longest_s: Longest time that an answer took, in seconds.
        problems: What was wrong, in words; none if all was right.
        notes: What else is worth knowing.
    """

    requests: int = 0
    lost_raw: int | None = None
    lost_openai: int | None = None
    longest_s: float | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def took(self, seconds: float) -> None:
        """Remember the longest."""
        self.longest_s = max(self.longest_s or 0.0, seconds)


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """Times of `GET /health` in milliseconds, asked all the time from a process of its own.

    Attributes:
        p50: Median.
        p99: 99th percentile.
        longest: The longest.
        failed: How many were not answered 200.
        asked: How many were asked.
        late_p99: How late the asking process itself woke up: what the machine adds to every figure.
    """

    p50: float
    p99: float
    longest: float
    failed: int
    asked: int
    late_p99: float


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is judged of a case.

    Attributes:
        outcome: What the case counted.
        health: None for a case without a service of its own.
        memory: Bytes of all its processes before; by how many they had grown at most, and afterwards; None as above.
        fds: Open file descriptors of all its processes before and after, and by how many they had grown; None as above.
        capped: Whether the service was stopped because it took too much memory.
    """

    outcome: Outcome
    health: HealthSeen | None = None
    memory: tuple[int, int, int] | None = None
    fds: tuple[int, int, int] | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What must hold.

    Attributes:
        text: The goal in a few words, for the table.
        missed: Returns how it was missed; None if it holds.
    """

    text: str
    missed: Callable[[Seen], str | None]


@dataclass(frozen=True)
class Case:
    """One attack.

    Attributes:
        name: Short and unique, such as `kills/Engine`.
        done: What is done, in a sentence.
        run: Does it, and counts.
        goals: What must hold.
        need: The service that is running when it begins; None if it starts its own.
    """

    name: str
    done: str
    run: "Callable[[Trial], Outcome]"
    goals: tuple[Goal, ...]
    need: Need | None = field(default_factory=Need)
