"""Lines of one column to paragraphs and items of lists."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocr_app.engine.cpu.layout.regions import region_of
from ocr_app.engine.cpu.layout.types import Line, Region, union

_HYPHENS = "-\u00ad\u2010\u2011"
_BULLET = re.compile(r"^[•‣▪■●○◦☐☑☒□]\s*\S|^(?:[–—·-]|\[[ xX]?\]|\([ xX]\))\s+\S")
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\])\s+\S")
_NOTE = re.compile(r"^[*†‡§¶]\s*\S")
_BROKEN_WORD = re.compile(r"[^\W\d_]{2,}$")
_CJK_END = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]$")
_CJK_START = re.compile(r"^[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：][\"'”’)\]»]*\d{0,2}$")


def is_item(text: str) -> bool:
    """Whether a line begins with a bullet, or a number or letter as lists have it."""
    return bool(_BULLET.match(text) or _NUMBERED.match(text))


def is_capitals(text: str) -> bool:
    """Whether a line has at least four letters, all of them capitals."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and all(letter.isupper() for letter in letters)


def is_cjk(text: str) -> bool:
    """Whether a text begins with a Chinese or Japanese character or punctuation mark."""
    return bool(_CJK_START.match(text))


def joined_by_hyphen(before: str, after: str) -> bool:
    """Whether a hyphen at the end of a line breaks a word that the next line goes on with."""
    return bool(before) and before[-1] in _HYPHENS and bool(_BROKEN_WORD.search(before[:-1])) and after[:1].islower()


def goes_on(before: str, after: str) -> bool:
    """Whether a line continues the sentence of the line before it."""
    return bool(before) and not _ENDS_SENTENCE.search(before) and after[:1].islower()


def join_texts(texts: Iterable[str], ends: Iterable[bool] = ()) -> str:
    """Join lines to running text: a word broken by a hyphen becomes whole, Chinese gets no spaces.

    Args:
        texts: The lines.
        ends: For each line but the last whether a line break stays after it; by default none does.
    """
    result = ""
    stays = iter(ends)
    for text in texts:
        if not result:
            result = text
        elif next(stays, False):
            result += "\n" + text
        elif joined_by_hyphen(result, text):
            result = result[:-1] + text
        elif result[-1] in _HYPHENS + "—–/" or (_CJK_END.search(result) and is_cjk(text)):
            result += text
        else:
            result += " " + text
    return result


def group(lines: Sequence[Line], unit: float, regions: Sequence[Region] = ()) -> list[list[Line]]:
    """Split the lines of a column, from top to bottom, into paragraphs and list items.

    Args:
        lines: One a row.
        unit: Height of the running text, in pixels.
        regions: What the layout model sees on the page: no paragraph goes on from one into another, and a title is one.
    """
    if not lines:
        return []
    column = union(line.box for line in lines)
    pitch = _pitch(lines, unit)
    result = [[lines[0]]]
    placed = [(line, region_of((line,), regions)) for line in lines]
    for (previous, before), (line, after) in pairwise(placed):
        if before is not None and before is after and _is_one_title(previous, line, before):
            begins = False
        elif before is not None and after is not None and before is not after:
            begins = True
        else:
            begins = _begins(previous, line, result[-1], column.left, column.right, pitch, unit)
        if begins:
            result.append([])
        result[-1].append(line)
    return result


def _is_one_title(previous: Line, line: Line, region: Region) -> bool:
    taller, lower = max(line.box.height, previous.box.height), min(line.box.height, previous.box.height)
    return region.label == "title" and taller < 1.2 * lower and line.box.middle - previous.box.middle < 1.6 * taller


def _pitch(lines: Sequence[Line], unit: float) -> float:
    """Return the usual distance from line to line."""
    steps = [
        below.box.middle - above.box.middle
        for above, below in pairwise(lines)
        if 0.5 * unit < below.box.middle - above.box.middle < 2.2 * unit
        and max(above.box.height, below.box.height) < 1.4 * unit
    ]
    return median(steps) if steps else 1.2 * unit


def _begins(
    previous: Line, line: Line, block: Sequence[Line], left: float, right: float, pitch: float, unit: float
) -> bool:
    step = line.box.middle - previous.box.middle
    taller, lower = max(line.box.height, previous.box.height), min(line.box.height, previous.box.height)
    # The boxes of a paragraph on a watermark differ a little more.
    goes_on = line.text[:1].islower() and abs(line.box.left - previous.box.left) < 0.5 * unit
    if taller > (1.6 if goes_on else 1.35) * max(1.0, lower) and taller - lower > 0.3 * unit:
        return True
    if step > 1.4 * pitch * max(1.0, lower / unit) or step < -0.5 * unit:
        return True
    if is_item(line.text) or _NOTE.match(line.text):
        return True
    short = right - previous.box.right > 2.5 * unit
    if short and is_capitals(previous.text) and not is_capitals(line.text):
        return True
    centred = abs(line.box.centre - previous.box.centre) < 1.5 * unit
    if short and not centred and abs(line.box.left - previous.box.left) > 4 * unit:
        return True
    if short and _ENDS_SENTENCE.search(previous.text):
        return True
    # A first line is set in from the lines around it, a list's further lines are set in from its first.
    indent = line.box.left - previous.box.left
    hanging = is_item(block[0].text)
    if 0.6 * unit < indent < 4 * unit and not hanging and previous.box.left - left < 0.6 * unit:
        return len(block) > 1 or bool(_ENDS_SENTENCE.search(previous.text))
    return hanging and indent < -0.6 * unit and len(block) > 1
