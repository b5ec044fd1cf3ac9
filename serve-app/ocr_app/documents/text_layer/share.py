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

_NEAR = 0.3
"""A line end of the text counts for one on the page if it is this near, in widths of the line."""


_NEIGHBOURS = 40
"""Places before and after the likeliest one that a line may end at."""


class _Cut(NamedTuple):
    """A place where a line may end: how much of the text is before it, in font sizes, and where that is."""

    before: float
    at: int
    hard: bool


def share_out(text: str, widths: Sequence[float]) -> list[str]:
    """Return the part of a text that stands on each line.

    Args:
        text: With line ends where its writer saw some; they may be fewer or more than those on the page.
        widths: Of the lines, in font sizes; only their proportions count.

    Returns:
        As many texts as lines; some may be empty. No word is cut, and none is lost.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == len(widths):
        return lines
    joined = "\n".join(lines)
    if not joined or not widths:
        return [""] * len(widths)
    cuts = _cuts(joined)
    befores = [cut.before for cut in cuts]
    total, natural = sum(widths) or 1.0, cuts[-1].before
    result, start, first = [], 0, 0
    for width, until in zip(widths[:-1], list(accumulate(widths))[:-1], strict=True):
        wanted, near = until / total * natural, _NEAR * width / total * natural
        middle = bisect_left(befores, wanted)
        best = min(
            range(
                min(max(first, middle - _NEIGHBOURS), len(cuts) - 1), min(len(cuts), max(first, middle) + _NEIGHBOURS)
            ),
            key=lambda index: abs(cuts[index].before - wanted) - (near if cuts[index].hard else 0.0),
        )
        result.append(_one_line(joined[start : cuts[best].at]))
        start, first = cuts[best].at, best
    return [*result, _one_line(joined[start:])]


def _cuts(text: str) -> list[_Cut]:
    """Return the places where a line may end, from the start of the text to its end."""
    cuts = [_Cut(0.0, 0, False)]
    before, end = 0.0, 0
    for piece in _PIECE.finditer(text):
        gap = text[end : piece.start()]
        before += natural_width(" ") if gap else 0.0
        if "\n" in gap:
            cuts[-1] = cuts[-1]._replace(hard=True)
        before += natural_width(piece.group())
        end = piece.end()
        cuts.append(_Cut(before, end, False))
    return cuts


def _one_line(text: str) -> str:
    return " ".join(text.split())
