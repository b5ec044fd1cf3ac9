"""Lines of program code, which keep their ends and how far they are set in.

Code is told by its signs alone: the recognizer's places of letters are too coarse to tell a typewriter's font.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import union

# English begins lines with many of the keywords, and lists of law end theirs with semicolons: neither is enough.
_STRONG = re.compile(
    r"^\s*(?:async\s+)?(?:def|function|func|fn)\s+\w*\s*\("
    r"|^\s*class\s+\w+\s*[:({]"
    r"|^\s*(?:from\s+\S+\s+import\b|import\s+[\w.]+;?$|#include\b|#!/|/\*|\$ \w|>>> |<\?\w|</?\w[^<>]*>\s*$)"
    r"|^\s*(?:\}\s*)?(?:(?:else )?if|elif|for|while|with|except|switch|catch)\b.*(?:[=<>(]|\bin\b|\bnot\b).*[:{]$"
    r"|^\s*(?:return|throw|yield)\b.*[\])};]\s*$"
    r"|(?:=|\w\().*;\s*(?:(?://|/\*).*)?$"  # a statement
    r"|[\w)>]\s*\{\s*$|^\s*\}[;,)]*\s*$"  # a block begins or ends
    r"|[\w\])]\s?(?:==|!=|=>|->|\+=|-=|&&|\|\||::)\s?[\w\[(\"']"
    r"|^\s*[\w.]+\([^()]*\)$"  # a call and nothing else
)
_WEAK = re.compile(
    r"^\s*[\w.\[\]\"'*&]+\s*(?::\s*\w+\s*)?=\s*\S"
    r"|^\s*(?:(?:const|let|var|int|return|else|try|do|public|private|static|import|using|package|pass|break)\b|@\w+|#\s|//)"
    r"|^\s*[\])]+[,;)]*\s*$"
)
_LEAST_ROWS = 2
_OTHERS = 1
"""Rows without a sign of code that may stand between others."""

_GAP = 2.5
"""Height of the gap, in heights of the running text, that no line of the same code has before it."""


def find(stacked: Sequence[Row], unit: float) -> list[tuple[int, int]]:
    """Find code among the rows of a column: first and last row (inclusive) of each piece of it.

    Args:
        stacked: Rows from top to bottom.
        unit: Height of the running text, in pixels.
    """
    found: list[tuple[int, int]] = []
    lines = [" ".join(piece.text for piece in row) for row in stacked]
    strong = [bool(_STRONG.search(line)) for line in lines]
    looks = [sure or bool(_WEAK.search(line)) for sure, line in zip(strong, lines, strict=True)]
    boxes = [union(piece.box for piece in row) for row in stacked]
    near = [below.top - above.bottom <= _GAP * unit for above, below in pairwise(boxes)]
    first = 0
    while first < len(stacked):
        last = _end_of_run(looks, near, first)
        if last is None or not _is_code(strong[first : last + 1]):
            first += 1
            continue
        found.append((first, last))
        first = last + 1
    return found


def text(stacked: Sequence[Row]) -> str:
    """Return rows of code as lines, each set in by as many spaces as it is wide of the leftmost."""
    boxes = [union(piece.box for piece in row) for row in stacked]
    letter = median(piece.box.width / max(1, len(piece.text)) for row in stacked for piece in row)
    left = min(box.left for box in boxes)
    return "\n".join(
        " " * round((box.left - left) / letter) + _spaced(row, letter) for row, box in zip(stacked, boxes, strict=True)
    )


def _end_of_run(looks: Sequence[bool], near: Sequence[bool], first: int) -> int | None:
    """Return the last row of what looks like code from a row on; None if that row does not."""
    if not looks[first]:
        return None
    last = first
    for index in range(first + 1, len(looks)):
        if not near[index - 1]:
            break
        if looks[index]:
            last = index
        elif index - last > _OTHERS:
            break
    return last


def _is_code(strong: Sequence[bool]) -> bool:
    return len(strong) >= _LEAST_ROWS and sum(strong) >= max(_LEAST_ROWS, len(strong) / 3)


def _spaced(row: Row, letter: float) -> str:
    """Join the pieces of a row with as many spaces as their gap is wide, such as before a comment."""
    result = row[0].text
    for before, piece in pairwise(row):
        result += " " * max(1, round((piece.box.left - before.box.right) / letter)) + piece.text
    return result
