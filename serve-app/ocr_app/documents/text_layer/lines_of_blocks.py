"""The lines of a page of which only blocks are known: what the model says of a page."""

import math
from collections.abc import Sequence

from ocr_app.documents.text_layer.crop import crop_of
from ocr_app.documents.text_layer.ink import Measure, measures_of, strips_of
from ocr_app.documents.text_layer.look import Gray
from ocr_app.documents.text_layer.plain import plain_text
from ocr_app.documents.text_layer.share import share_out, word_counts
from ocr_app.documents.text_layer.table_lines import table_lines
from ocr_app.documents.text_layer.tables import table_rows
from ocr_app.documents.text_layer.types import Box, TextLine, line_across, line_upright
from ocr_app.documents.text_layer.widths import natural_width
from ocr_app.ocr.layout_json import LayoutBlock

_LEADING = 1.2
"""Usual distance between lines, in line heights."""

_LONGEST_WORDS = 15
"""Characters of the words of a text, on average, that words are counted in."""

_TALL = 3
"""A block this much taller than wide may hold a line that runs upwards."""


def lines_of_blocks(gray: Gray | None, width: float, height: float, blocks: Sequence[LayoutBlock]) -> list[TextLine]:
    """Return the lines of a page, in reading order.

    The text of a block is shared out over the lines that its ink shows; that of a table row by row, and cell by cell
    where as many pieces stand in a row as it has cells. So a line may have a word that stands on the next one.

    Args:
        gray: The upright image of the page, of any size; None if there is none: lines are then set evenly.
        width: Of the image that the boxes are for, in pixels.
        height: Of the same.
        blocks: In reading order. One without a box goes between those around it.
    """
    result: list[TextLine] = []
    for block, boxes in zip(blocks, _boxes(width, height, blocks), strict=True):
        rows = table_rows(block.text)
        text = plain_text(block.text)
        if rows:
            result += _table(gray, width, boxes[0], rows)
        elif len(boxes) == 1 and _runs_upwards(text, boxes[0]):
            result.append(line_upright(text, boxes[0]))
        elif text:
            result += _text(gray, width, boxes, text)
    return [line for line in result if line.text]


def _boxes(width: float, height: float, blocks: Sequence[LayoutBlock]) -> list[Sequence[Box]]:
    """Return the boxes of each block, one at least."""
    result: list[Sequence[Box]] = []
    for index, block in enumerate(blocks):
        if block.boxes:
            result.append(block.boxes)
            continue
        top = max(box[3] for box in result[-1]) if result else 0.0
        bottom = next((min(box[1] for box in later.boxes) for later in blocks[index + 1 :] if later.boxes), height)
        result.append([(0.0, top, width, bottom) if bottom > top else (0.0, 0.0, width, height)])
    return result


def _runs_upwards(text: str, box: Box) -> bool:
    """Tell whether a block is one line along the margin: turned by a quarter, it fits its box."""
    width, height = box[2] - box[0], box[3] - box[1]
    return bool(text) and "\n" not in text and height > _TALL * width and 0.5 < natural_width(text) * width / height < 2


def _table(gray: Gray | None, width: float, box: Box, rows: Sequence[Sequence[str]]) -> list[TextLine]:
    found = table_lines(crop_of(gray, width, box), rows) if gray is not None else []
    if not found:
        found = list(zip((" ".join(row) for row in rows), _even(box, len(rows)), strict=True))
    return [line_across(text, place) for text, place in found]


def _text(gray: Gray | None, width: float, boxes: Sequence[Box], text: str) -> list[TextLine]:
    natural = natural_width(text.replace("\n", " "))
    areas = [max(1.0, (box[2] - box[0]) * (box[3] - box[1])) for box in boxes]
    places: list[Box] = []
    measures: list[Measure] = []
    for box, area in zip(boxes, areas, strict=True):
        share = area / sum(areas)
        written = (text.count("\n") + 1) * share
        filled = math.sqrt(natural * share * (box[3] - box[1]) / max(1.0, box[2] - box[0]) / _LEADING)
        expected = max(written, filled)
        crop = crop_of(gray, width, box) if gray is not None else None
        strips = strips_of(crop.ink, expected) if crop else []
        if crop and strips:
            places += [crop.box(strip) for strip in strips]
            measures += measures_of(crop.ink, strips)
        else:
            even = _even(box, max(1, round(expected)))
            places += even
            measures += [Measure((place[2] - place[0]) / max(1e-6, place[3] - place[1]), ()) for place in even]
    words = word_counts([measure.gaps for measure in measures], len(text.split())) if _has_words(text) else None
    parts = share_out(text, [measure.width for measure in measures], words)
    return [line_across(part, place) for part, place in zip(parts, places, strict=True)]


def _has_words(text: str) -> bool:
    """Tell whether there are gaps between the words of a text, as there are none in Chinese."""
    return sum(map(str.isspace, text)) >= len(text) / _LONGEST_WORDS


def _even(box: Box, count: int) -> list[Box]:
    """Return the places of lines of one height that fill a box."""
    left, top, right, bottom = box
    pitch = (bottom - top) / count
    return [(left, top + pitch * index, right, top + pitch * index + pitch / _LEADING) for index in range(count)]
