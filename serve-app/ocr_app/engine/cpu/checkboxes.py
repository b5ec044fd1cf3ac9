"""Boxes to tick, and whether they are ticked, judged from the pixels: the recognizer drops most of them.

A box is a square of straight sides about as high as a line. It becomes a sign in the text of the line that it stands in
or beside. What is not clearly a box, or neither clearly empty nor clearly ticked, is left as the recognizer read it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels, Quads, side_lengths
from ocr_app.engine.cpu.layout.paragraphs import is_cjk
from ocr_app.engine.cpu.recognition import CropText

OPEN, TICKED = "☐", "☑"

_LEAST_PX = 10
_LEAST, _MOST = 0.5, 1.3
"""Side of a box, in heights of the lines."""

_STRAIGHT = 0.3
"""Shortest straight stroke that may be part of a side, in heights of the lines: ticks and letters have few."""

_SIDE = 0.75
"""Share of a side that must be one straight stroke."""

_COVERED = 0.9
"""Share of a side that must be drawn, be it a little slanted or round at its ends."""

_NEAR = 0.08
"""How far outside of a side little may be drawn, as a share of the side."""

_AROUND = 0.35
"""Share of what is just outside of a side that may be drawn: a tick may reach out."""

_BESIDE = 2.5
"""How far from its line a box may stand, in heights of the lines."""

_EMPTY, _MARKED, _SOLID = 0.02, 0.06, 0.9
"""Shares of the inside that are drawn: at most if empty, at least if ticked, at least if it may be a mere bullet."""

_ALIKE = 0.2
"""Sides of boxes of one list differ by a smaller share."""

_BAND_PX = 2_000
"""Rows of a page that are looked at at once: a sheet of 49 megapixels would take 400 MB."""

_SQUARE_CHARACTERS = frozenset("口日区凶図囗回")
_READ_AS = _SQUARE_CHARACTERS | frozenset("□☐☑☒■◻◼xXvVoODQCcćĆ√✓✔✗✘×0UuLl1I[]|/\\()-.·•")
"""What the recognizer takes a box for. Other signs within a square are an icon, a key, or a Chinese character."""

_Map = npt.NDArray[Any]
"""Of shape (height, width): 1 where something is drawn, else 0."""


@dataclass(frozen=True, slots=True)
class _Square:
    left: float
    top: float
    right: float
    bottom: float
    drawn: float

    @property
    def side(self) -> float:
        return self.right - self.left

    @property
    def sign(self) -> str:
        return TICKED if self.drawn >= _MARKED else OPEN


@dataclass(frozen=True, slots=True)
class _Bounds:
    left: float
    top: float
    right: float
    bottom: float


def with_boxes(image: Pixels, quads: Quads, readings: Sequence[CropText]) -> tuple[Quads, list[CropText]]:
    """Put boxes into the texts of their lines, as ☐ or ☑.

    Args:
        image: BGR, upright.
        quads: Of the lines, in the image.
        readings: Of the lines.

    Returns:
        Both without the lines that are only a box; the quadrilateral of a line takes in the box beside it.
    """
    result = list(readings)
    if not len(quads):
        return quads, result
    unit = float(np.median(side_lengths(quads)[1]))
    quads = quads.copy()
    bounds = [_Bounds(*quad.min(axis=0), *quad.max(axis=0)) for quad in quads]
    only_box: set[int] = set()
    for square in _squares(image, unit):
        inside = {index for index, box in enumerate(bounds) if _within(box, square)}
        if not all(set(result[index].text) <= _READ_AS for index in inside):
            continue
        found = _line_of(square, bounds, inside, unit)
        if found is None:
            continue
        text = _with_sign(result[found], bounds[found], square)
        if text is None:
            continue
        only_box |= inside
        result[found] = text
        box = bounds[found]
        bounds[found] = _Bounds(min(box.left, square.left), box.top, max(box.right, square.right), box.bottom)
        quads[found, [0, 3], 0] = np.minimum(quads[found, [0, 3], 0], square.left)
        quads[found, [1, 2], 0] = np.maximum(quads[found, [1, 2], 0], square.right)
    kept = [index for index in range(len(result)) if index not in only_box]
    return quads[kept], [result[index] for index in kept]


def _squares(image: Pixels, unit: float) -> list[_Square]:
    """Return the boxes of a page from left to right."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if np.median(grey) < 128:
        grey = np.asarray(cv2.bitwise_not(grey), dtype=np.uint8)
    # A box and what decides about it; what is cut off at this distance is too large to be a box.
    reach = math.ceil(6 * unit) + _LEAST_PX
    found = []
    for top in range(0, len(grey), _BAND_PX):
        up = max(0, top - reach)
        for square in _squares_of(grey[up : top + _BAND_PX + reach], unit):
            if top <= up + (square.top + square.bottom) / 2 < top + _BAND_PX:
                found.append(replace(square, top=square.top + up, bottom=square.bottom + up))
    empty = [square for square in found if square.drawn <= _EMPTY]
    return sorted(
        (square for square in found if square.drawn < _SOLID or _has_alike(square, empty)),
        key=lambda square: square.left,
    )


def _squares_of(grey: npt.NDArray[np.uint8], unit: float) -> list[_Square]:
    """Return the boxes of a part of a page, dark on light, in no order."""
    around = 2 * int(2 * unit) + 3
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 20)
    long = max(_LEAST_PX // 2, round(_STRAIGHT * unit))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_or(across, down), connectivity=8)
    least, most = max(_LEAST_PX, _LEAST * unit), _MOST * unit
    found = []
    for x, y, width, height, _ in stats[1:].tolist():
        # A tick may reach out of its box.
        if least <= min(width, height) and max(width, height) <= 1.5 * most:
            part = slice(y, y + height), slice(x, x + width)
            square = _square(across[part], down[part], least, most)
            if square is None:
                continue
            left, top, right, bottom = x + square[0], y + square[1], x + square[2], y + square[3]
            near = max(1, round(_NEAR * (right - left)))
            drawn = _drawn(ink[max(0, top - near) : bottom + near, max(0, left - near) : right + near], near)
            if drawn is not None:
                found.append(_Square(left, top, right, bottom, drawn))
    return found


def _has_alike(square: _Square, others: Sequence[_Square]) -> bool:
    return any(abs(square.side - other.side) <= _ALIKE * square.side for other in others)


def _square(across: _Map, down: _Map, least: float, most: float) -> tuple[int, int, int, int] | None:
    """Return the left, top, right and bottom of the square that straight strokes make; None if they make none.

    Args:
        across: Strokes to the right.
        down: Strokes downwards, of the same part of the page.
        least: Shortest side, in pixels.
        most: Longest side, in pixels.
    """
    enough = _SIDE * min(across.shape)
    rows, columns = np.flatnonzero(across.sum(1) >= enough), np.flatnonzero(down.sum(0) >= enough)
    if not len(rows) or not len(columns):
        return None
    left, top, right, bottom = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    square = abs((right - left) - (bottom - top)) <= 0.2 * (right - left)
    return (left, top, right, bottom) if square and least <= right - left <= most else None


def _drawn(around: _Map, near: int) -> float | None:
    """Return the share of a square's inside that is drawn.

    Args:
        around: What is drawn in the square and around it.
        near: How far around, in pixels.

    Returns:
        None if it is no box, or neither clearly empty nor clearly ticked.
    """
    box = around[near:-near, near:-near]
    side = box.shape[1]
    deep = max(2, round(0.12 * side))
    sides = (box[:deep].any(0), box[-deep:].any(0), box[:, :deep].any(1), box[:, -deep:].any(1))
    # The strokes of round letters go on outside of a square within them, and have no corners.
    outside = (around[0], around[-1], around[:, 0], around[:, -1])
    corners = (box[:deep, :deep], box[:deep, -deep:], box[-deep:, :deep], box[-deep:, -deep:])
    if (
        min(drawn.mean() for drawn in sides) < _COVERED
        or max(drawn.mean() for drawn in outside) > _AROUND
        or not all(corner.any() for corner in corners)
    ):
        return None
    inset = max(deep + 1, round(0.22 * side))
    drawn = float(box[inset:-inset, inset:-inset].mean())
    return None if _EMPTY < drawn < _MARKED else drawn


def _within(box: _Bounds, square: _Square) -> bool:
    """Whether a line is only the box."""
    middle_x, middle_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return (
        square.left <= middle_x <= square.right
        and square.top <= middle_y <= square.bottom
        and box.right - box.left <= 1.8 * square.side
    )


def _line_of(square: _Square, bounds: Sequence[_Bounds], only_box: set[int], unit: float) -> int | None:
    """Return the line that a box stands in, or else the nearer one of those beside it."""
    middle_x, middle_y = (square.left + square.right) / 2, (square.top + square.bottom) / 2
    best, least = None, _BESIDE * unit
    for index, box in enumerate(bounds):
        if index in only_box or not box.top <= middle_y <= box.bottom:
            continue
        if box.left <= middle_x <= box.right:
            return index
        # As near on both sides: a box stands before its text.
        gap = box.left - square.right if box.left > middle_x else square.left - box.right + 0.1 * unit
        if gap < least:
            best, least = index, gap
    return best


def _with_sign(reading: CropText, box: _Bounds, square: _Square) -> CropText | None:
    """Return a text with the sign in the place of the box; None if letters stand there, so that it is none."""
    width = box.right - box.left
    places = [box.left + share * width for share in reading.positions]
    first = sum(place < square.left for place in places)
    end = sum(place < square.right - 0.1 * square.side for place in places)
    read = reading.text[first:end]
    before, after = reading.text[:first], reading.text[end:]
    inside = set(read.replace(" ", ""))
    if not inside <= _READ_AS or (inside & _SQUARE_CHARACTERS and (is_cjk(after) or is_cjk(before[-1:]))):
        return None
    touches = before[-1:].strip() or (read[-1:].strip() and after[:1].strip())
    if touches and any(map(str.isalnum, inside - _SQUARE_CHARACTERS)):
        # A letter of a word.
        return None
    kept_before, kept_after = before.rstrip(), after.lstrip()
    sign = (f" {square.sign}" if kept_before else square.sign) + (" " if kept_after else "")
    left, right = min(box.left, square.left), max(box.right, square.right)
    all_places = [
        *places[: len(kept_before)],
        *[(square.left + square.right) / 2] * len(sign),
        *places[len(places) - len(kept_after) :],
    ]
    return CropText(
        kept_before + sign + kept_after,
        reading.confidence,
        tuple((place - left) / (right - left) for place in all_places),
    )
