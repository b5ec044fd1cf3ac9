"""Cards side by side whose heads are numbered across: 1 and 2, below them 3 and 4. The numbers tell the order."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_app.engine.cpu.layout.types import Line

_NUMBERED = re.compile(r"^(\d{1,3})[.):]\s*[^\W\d]")


def in_cards(lines: Sequence[Line], unit: float) -> list[list[Line]]:
    """Split lines into what is above the cards, each of the cards, and what is below or over several of them.

    Args:
        lines: In any order.
        unit: Height of the running text, in pixels.

    Returns:
        Parts in reading order, each line in exactly one; none where numbers do not go across in two rows or more.
    """
    across = _heads(lines, unit)
    if len(across) < 2 or min(map(len, across[:-1])) < 2 or len(across[-1]) > len(across[0]):
        return []
    tops = [min(head.box.top for head in row) for row in across]
    parts = [[line for line in lines if line.box.middle < tops[0]]]
    for row, (top, bottom) in zip(across, pairwise([*tops, float("inf")]), strict=True):
        parts += _cards(row, [line for line in lines if top <= line.box.middle < bottom], unit)
    return [part for part in parts if part]


def _heads(lines: Sequence[Line], unit: float) -> list[list[Line]]:
    """Return the numbered heads in their rows; none if their numbers do not go across."""
    heads = sorted(((int(found[1]), line) for line in lines if (found := _NUMBERED.match(line.text))), key=_number)
    across: list[list[Line]] = []
    for index, (number, line) in enumerate(heads):
        if index and number != heads[index - 1][0] + 1:
            return []
        if across and _is_right_of(line, across[-1][-1], unit):
            across[-1].append(line)
        elif not across or _is_below(line, across[-1], unit):
            across.append([line])
        else:
            return []
    return across


def _number(head: tuple[int, Line]) -> int:
    return head[0]


def _is_right_of(line: Line, other: Line, unit: float) -> bool:
    return line.box.left > other.box.right + unit and abs(line.box.middle - other.box.middle) < 0.5 * unit


def _is_below(line: Line, row: Sequence[Line], unit: float) -> bool:
    return line.box.top > max(other.box.bottom for other in row) and abs(line.box.left - row[0].box.left) < unit


def _cards(heads: Sequence[Line], band: Sequence[Line], unit: float) -> list[list[Line]]:
    """Return the lines below each head of a row, and then those from the first one on that is in none of the cards."""
    edges = [head.box.left - unit for head in heads]
    spans = list(pairwise([*edges, float("inf")]))
    end = min((line.box.middle for line in band if _card(line, spans) is None), default=float("inf"))
    cards: list[list[Line]] = [[] for _ in heads]
    rest = []
    for line in band:
        card = _card(line, spans)
        if card is None or line.box.middle >= end:
            rest.append(line)
        else:
            cards[card].append(line)
    return [*cards, rest]


def _card(line: Line, spans: Sequence[tuple[float, float]]) -> int | None:
    inside = (index for index, (left, right) in enumerate(spans) if left <= line.box.left and line.box.right <= right)
    return next(inside, None)
