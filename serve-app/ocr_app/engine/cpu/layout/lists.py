"""Lists within lists, and bullets that the recognizer takes for letters."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr_app.engine.cpu.layout.markdown import marker_width
from ocr_app.engine.cpu.layout.paragraphs import is_cjk, is_item
from ocr_app.engine.cpu.layout.types import Block, Line

_STEP = 0.7
"""Least indent of a list within another, in heights of the running text: ordinals of one list differ by a digit."""

_FARTHEST = 8.0
"""Most of it: what is farther is set somewhere else."""

_STAR = re.compile(r"^\*\s?(?=[^\s*])")
_CIRCLE = re.compile(r"^(?:[。°]\s*|[oO0]\s+)(?=\S)")


def with_bullets(lines: Sequence[Line], unit: float) -> list[Line]:
    """Give lines their bullets back: stars below each other, and circles that are set in from a list's items.

    Args:
        lines: Of a column, from top to bottom.
        unit: Height of the running text, in pixels.
    """
    result: list[Line] = []
    stars = [line.box.left for line in lines if _STAR.match(line.text)]
    items: list[float] = []
    for line in lines:
        left = line.box.left
        rest = _CIRCLE.sub("", line.text)
        if _STAR.match(line.text) and sum(abs(left - star) < _STEP * unit for star in stars) > 1:
            line = replace(line, text=_STAR.sub("• ", line.text), positions=())
        elif rest != line.text and not is_cjk(rest) and any(_is_below(left, item, unit) for item in items):
            line = replace(line, text=f"◦ {rest}", positions=())
        if is_item(line.text):
            items.append(left)
        elif items and left < min(items) + _STEP * unit:
            items = []
        result.append(line)
    return result


def nested(blocks: Sequence[Block], unit: float) -> list[Block]:
    """Return blocks with the items of lists within lists set in.

    Args:
        blocks: Of a column, in order.
        unit: Height of the running text, in pixels.
    """
    result = []
    above: list[Block] = []
    for block in blocks:
        if block.kind != "item":
            above = []
        else:
            while above and not _is_below(block.box.left, above[-1].box.left, unit):
                above.pop()
            if above:
                block = replace(block, indent=above[-1].indent + marker_width(above[-1].text))
            above.append(block)
        result.append(block)
    return result


def _is_below(left: float, parent: float, unit: float) -> bool:
    return _STEP * unit <= left - parent <= _FARTHEST * unit
