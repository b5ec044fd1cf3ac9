"""The result of a case, and the file that keeps results of the same commit and machine."""

import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from faults.case import HealthSeen, Outcome, Seen


@dataclass(frozen=True)
class Result:
    """One row.

    Attributes:
        name: Of the case.
        done: What was done.
        goals: What had to hold, in words.
        seen: What was seen.
        missed: What did not hold; empty if all did.
        skipped: Why the case was not made; empty if it was.
        load: Load average of the machine at its end.
    """

    name: str
    done: str
    goals: tuple[str, ...]
    seen: Seen
    missed: tuple[str, ...] = ()
    skipped: str = ""
    load: float = field(default_factory=lambda: psutil.getloadavg()[0])

    @property
    def held(self) -> bool:
        """Whether all goals held."""
        return not self.missed and not self.skipped


@dataclass(frozen=True)
class Place:
    """Where results come from: figures of another commit or machine are not put beside them.

    Attributes:
        commit: The checkout's, with `+` if files differ from it.
        machine: Cores, memory and system, in words.
    """

    commit: str
    machine: str

    @classmethod
    def here(cls, root: Path) -> "Place":
        """Describe this checkout and machine."""
        gigabytes = psutil.virtual_memory().total / 2**30
        return cls(
            _git(root, "rev-parse", "--short", "HEAD")
            + ("+" if _git(root, "status", "--porcelain", ".", ":!docs") else ""),
            f"{psutil.cpu_count()} cores ({platform.machine()}), {gigabytes:.0f} GB, {platform.system()}, "
            f"Python {platform.python_version()}",
        )


def save(file: Path, place: Place, results: Sequence[Result]) -> None:
    """Write results to a JSON file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        json.dumps({"place": asdict(place), "results": [asdict(each) for each in results]}, indent=1) + "\n"
    )


def earlier(file: Path, place: Place) -> list[Result]:
    """Return the results of a file; none if it is not there, or from another commit or machine."""
    try:
        found = json.loads(file.read_text())
        return [_result(each) for each in found["results"]] if found["place"] == asdict(place) else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def merged(old: Sequence[Result], new: Sequence[Result], order: Sequence[str]) -> list[Result]:
    """Return new results, and the old ones of other cases, in the order of the cases; those of no known case go."""
    by_name = {each.name: each for each in (*old, *new)}
    return [by_name[name] for name in order if name in by_name]


def _result(found: dict[str, Any]) -> Result:
    seen = found["seen"]
    health = HealthSeen(**seen["health"]) if seen["health"] else None
    memory = tuple(seen["memory"]) if seen["memory"] else None
    fds = tuple(seen["fds"]) if seen["fds"] else None
    whole = Seen(Outcome(**seen["outcome"]), health, memory, fds, seen["capped"])
    goals, missed = tuple(found["goals"]), tuple(found["missed"])
    return Result(**{**found, "seen": whole, "goals": goals, "missed": missed})


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip()
