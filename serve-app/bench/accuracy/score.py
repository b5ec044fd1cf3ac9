"""What the verdicts come to, counted as olmOCR-bench counts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.accuracy.rules import Rule

SAMPLES = 1_000
"""Of the bootstrap."""

_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule holds of what a reader read; `reason` says why not, and is None where it holds."""

    rule: Rule
    reason: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many rules hold."""

    passed: int
    total: int

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.passed / self.total


def share(verdicts: Iterable[Verdict]) -> Share:
    """Return how many of some verdicts are good."""
    reasons = [verdict.reason for verdict in verdicts]
    return Share(reasons.count(None), len(reasons))


def shares(verdicts: Iterable[Verdict], key: Callable[[Rule], str | None]) -> dict[str, Share]:
    """Return the share of each value of `key`, in the order of their first rules; without those that have None."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        name = key(verdict.rule)
        if name is not None:
            groups.setdefault(name, []).append(verdict)
    return {name: share(group) for name, group in groups.items()}


def overall(categories: Sequence[Share]) -> float:
    """Return the mean over categories, each of which counts alike whatever its size."""
    return sum(category.value for category in categories) / len(categories)


def interval(categories: Sequence[Share], samples: int = SAMPLES) -> tuple[float, float]:
    """Return the 95 % interval of `overall`, by a bootstrap within each category; the same for the same shares.

    Drawing rules again that hold or do not is drawing how many hold from the binomial distribution.
    """
    random = np.random.default_rng(0)
    means = np.mean([random.binomial(each.total, each.value, samples) / each.total for each in categories], axis=0)
    low, high = np.percentile(means, _INTERVAL)
    return float(low), float(high)
