"""Which blocks are headings, and of which level."""

import re
from collections.abc import Sequence
from statistics import median

from ocr_app.engine.cpu.layout.paragraphs import is_capitals, is_item
from ocr_app.engine.cpu.layout.regions import region_of
from ocr_app.engine.cpu.layout.types import Line, Region

_LONGEST = 160
_LONGEST_CAPITALS = 80
_LONGEST_LOWER = 40
_ENDS_SENTENCE = re.compile(r"[.,;。，；、！]$")
_LETTERS = re.compile(r"[^\W\d_]")


def level(lines: Sequence[Line], unit: float, *, apart: bool, regions: Sequence[Region] = ()) -> int:
    """Return the level of the heading that a paragraph is, 1 to 3; 0 if it is none.

    Args:
        lines: The paragraph's lines.
        unit: Height of the running text, in pixels.
        apart: Whether space sets it off from the text before it.
        regions: What the layout model sees on the page.
    """
    text = " ".join(line.text for line in lines)
    letters = _LETTERS.findall(text)
    if len(text) > _LONGEST or len(letters) < 3 or len(letters) < 0.5 * len(text.replace(" ", "")) or len(lines) > 4:
        return 0
    if any(line.apart for line in lines):
        return 0
    if text[0].islower() and len(text) > _LONGEST_LOWER:
        # The rest of a paragraph; something behind it, such as a watermark, made its boxes taller.
        return 0
    height = median(line.box.height for line in lines)
    if height >= 1.6 * unit:
        return 1
    if height >= 1.25 * unit:
        return 2 if not is_item(text) or text[0].isdigit() else 0
    region = region_of(lines, regions)
    if region is not None and region.label == "title" and not is_item(text) and not _ENDS_SENTENCE.search(text):
        return 3
    if is_capitals(text) and apart and len(text) <= _LONGEST_CAPITALS and len(lines) <= 3:
        return 3
    return 0
