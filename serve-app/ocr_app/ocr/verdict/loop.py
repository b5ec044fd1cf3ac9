"""What is known of a loop."""

from dataclasses import dataclass
from typing import Literal

LoopKind = Literal["repeat", "table", "row", "count", "noise"]


@dataclass(frozen=True, slots=True)
class Loop:
    """A repetition at the end of an output.

    Attributes:
        kind: `repeat` (words), `table` (cells, markup or figures), `row` (a row of a table that never ends), `count`
            (a list that only counts on) or `noise` (a repetition with small differences, as the guard makes them).
        start: Where the repeating stretch begins, in characters of the output; of `noise` to about 200 characters.
        period: Length of the piece that repeats, in characters; of `noise` the most common distance of two copies.
        repeats: How often it was seen in a row, rounded down.
    """

    kind: LoopKind
    start: int
    period: int
    repeats: int
