"""Arithmetic of measurements."""

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all values do not exceed; raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    ranked = sorted(values)
    index = max(0, -(-len(ranked) * percent // 100) - 1)
    return ranked[int(index)]
