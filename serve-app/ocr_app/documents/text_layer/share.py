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

_MOST_LINES = 50
"""Lines of the page, besides the first, that a line of the text may take."""

_NEIGHBOURS = 25
"""Places before and after the likeliest one that a line may end at."""

_WORD = 2.0
"""What a word too many or too few weighs, in font sizes too wide or too narrow."""


class _Cut(NamedTuple):
    """A place where a line may end.

    Attributes:
        before: How much of the text is before it, in font sizes.
        after: The same, with the space that the next line would not begin with.
        at: Its index in the text.
        words: How many words are before it.
    """

    before: float
    after: float
    at: int
    words: int


def share_out(text: str, widths: Sequence[float], words: Sequence[int] | None = None) -> list[str]:
    """Return the part of a text that stands on each line.

    Args:
        text: With line ends where its writer saw some, such as those of list items. Each of its lines may stand on
            several ones of the page; if it has more than the page, they do not count.
        widths: Of the page's lines, in font sizes; only their proportions count.
        words: How many words each of the page's lines seems to have, if known.

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
        for part in _shared(line, widths[start:end], words[start:end] if words else None)
    ]


def word_counts(gaps: Sequence[Sequence[float]], words: int) -> list[int] | None:
    """Return how many words each line has, if all have `words`: the widest gaps are those between words.

    Args:
        gaps: Widths of the gaps in each line, in font sizes.
        words: Of the whole text.

    Returns:
        None if there are not enough gaps.
    """
    wanted = words - len(gaps)
    widest = sorted(((gap, index) for index, line in enumerate(gaps) for gap in line), reverse=True)[: max(0, wanted)]
    if len(widest) < wanted:
        return None
    counts = [1] * len(gaps)
    for _, index in widest:
        counts[index] += 1
    return counts


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
                for before in (range(max(0, extra - _MOST_LINES), extra + 1) if index else (0,))
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


def _shared(line: str, widths: Sequence[float], words: Sequence[int] | None) -> list[str]:
    """Share out a line of the text over lines of the page, so that what each one gets is about as wide as it is."""
    if len(widths) == 1:
        return [line]
    cuts = _cuts(line)
    ends = _ends(cuts, widths, words)
    return [line[cuts[start].at : cuts[end].at].strip() for start, end in zip([0, *ends], ends, strict=False)]


def _ends(cuts: Sequence[_Cut], widths: Sequence[float], words: Sequence[int] | None) -> list[int]:
    """Return at which cut each line ends: the sum of squares of what lines have too much or too little is least."""
    befores = [cut.before for cut in cuts]
    scale = befores[-1] / (sum(widths) or 1.0)
    # Of each cut that a line may end at: the least sum so far, and at which cut the line before ended.
    sums: dict[int, float] = {0: 0.0}
    froms: list[dict[int, int]] = []
    wanted = 0.0
    for index, width in enumerate(widths):
        wanted += width * scale
        middle = bisect_left(befores, wanted)
        near = range(max(0, middle - _NEIGHBOURS), min(len(cuts), middle + _NEIGHBOURS))
        if index == len(widths) - 1:
            near = range(len(cuts) - 1, len(cuts))
        found, chosen = dict[int, float](), dict[int, int]()
        for end in near:
            costs = []
            for start, cost in sums.items():
                if start > end:
                    continue
                miss = (max(0.0, befores[end] - cuts[start].after) - width * scale) ** 2
                if words:
                    miss += (_WORD * (cuts[end].words - cuts[start].words - words[index])) ** 2
                costs.append((cost + miss, start))
            if costs:
                found[end], chosen[end] = min(costs)
        sums = found
        froms.append(chosen)
    ends = [len(cuts) - 1]
    for chosen in reversed(froms[1:]):
        ends.append(chosen[ends[-1]])
    return ends[::-1]


def _cuts(text: str) -> list[_Cut]:
    """Return the places where a line may end, from the start of the text to its end."""
    pieces = list(_PIECE.finditer(text))
    end = len(text)
    starts = [piece.start() for piece in pieces] + [end]
    cuts = [_Cut(0.0, 0.0, 0, 0)]
    for piece, following in zip(pieces, starts[1:], strict=True):
        before = cuts[-1].after + natural_width(piece.group())
        gap = text[piece.end() : following]
        cuts.append(
            _Cut(before, before + natural_width(gap), piece.end(), cuts[-1].words + bool(gap or following == end))
        )
    return cuts
