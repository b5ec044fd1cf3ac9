"""Shares a text out over the lines that it stands on."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from ocr_app.documents.text_layer.widths import natural_width

_PIECE = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]|"
    r"[^\s\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]+"
)
"""A word, or one character of the scripts whose lines end anywhere."""

_NEIGHBOURS = 40
"""Places before and after the likeliest one that a line may end at."""


class _Cut(NamedTuple):
    """A place where a line may end: how much of the text is before it, in font sizes, and where that is."""

    before: float
    at: int


def share_out(text: str, widths: Sequence[float]) -> list[str]:
    """Return the part of a text that stands on each line.

    Args:
        text: With line ends where its writer saw some, such as those of list items. Each of its lines may stand on
            several ones of the page; if it has more than the page, they do not count.
        widths: Of the page's lines, in font sizes; only their proportions count.

    Returns:
        As many texts as lines; some may be empty. No word is cut, and none is lost.
    """
    lines = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    if len(lines) > len(widths):
        lines = [" ".join(lines)] if widths else []
    if not lines:
        return [""] * len(widths)
    counts = _lines_of_each([natural_width(line) for line in lines], widths)
    starts = [0, *accumulate(counts)]
    return [
        part
        for line, start, end in zip(lines, starts, starts[1:], strict=False)
        for part in _shared(line, widths[start:end])
    ]


def _lines_of_each(naturals: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Return how many lines of the page each line of the text stands on, one at least: those as wide as it is."""
    scale = sum(widths) / (sum(naturals) or 1.0)
    sums = [0.0, *accumulate(widths)]
    spare = len(widths) - len(naturals)
    # best[extra]: the least sum of squares up to a line, if the lines before it took so many more than one each.
    best = [0.0] * (spare + 1)
    choices: list[list[int]] = []
    for index, natural in enumerate(naturals):
        row, chosen = [], []
        for extra in range(spare + 1):
            end = index + 1 + extra
            costs = [
                (best[before] + (sums[end] - sums[index + before] - natural * scale) ** 2, before)
                for before in (range(extra + 1) if index else (0,))
            ]
            cost, before = min(costs)
            row.append(cost)
            chosen.append(before)
        best = row
        choices.append(chosen)
    counts, extra = [], spare
    for chosen in reversed(choices):
        counts.append(1 + extra - chosen[extra])
        extra = chosen[extra]
    return counts[::-1]


def _shared(line: str, widths: Sequence[float]) -> list[str]:
    """Share out a line of the text over lines of the page by their widths."""
    cuts = _cuts(line)
    befores = [cut.before for cut in cuts]
    total, natural = sum(widths) or 1.0, cuts[-1].before
    result, first = [], 0
    for until in list(accumulate(widths))[:-1]:
        wanted = until / total * natural
        middle = max(first, bisect_left(befores, wanted))
        near = range(max(first, middle - _NEIGHBOURS), min(len(cuts), middle + _NEIGHBOURS))
        best = min(near, key=lambda index: abs(befores[index] - wanted), default=first)
        result.append(line[cuts[first].at : cuts[best].at].strip())
        first = best
    return [*result, line[cuts[first].at :].strip()]


def _cuts(text: str) -> list[_Cut]:
    """Return the places where a line may end, from the start of the text to its end."""
    cuts = [_Cut(0.0, 0)]
    before, end = 0.0, 0
    for piece in _PIECE.finditer(text):
        before += natural_width(text[end : piece.end()])
        end = piece.end()
        cuts.append(_Cut(before, end))
    return cuts
