"""Lines that the detector found across two columns, cut in two.

Where the gutter is hardly wider than the spaces of justified text, the detector takes lines that stand side by side for
one. The layout model sees the columns; the cut is made where the page is blank between them.
"""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels, Quads, cut_out
from ocr_app.engine.cpu.layout.types import Box, Region, overlap

_RUNNING_TEXT = frozenset({"text", "reference"})
_LEAST_BLANK = 0.35
"""Narrowest gutter, in heights of the line."""

_MARGIN = 0.25
"""Of the gutter that stays with each part, in heights of the line."""

_INK = 48
"""Least difference of an inked pixel from the ground, of 255."""

Gutter = tuple[float, float]
"""From x to x."""


def split(image: Pixels, quads: Quads, boxes: list[Box], regions: tuple[Region, ...]) -> tuple[Quads, list[int]]:
    """Cut lines that cross from one region of running text to another beside it.

    Args:
        image: BGR.
        quads: The lines' corners on it.
        boxes: The lines' places on the straightened page.
        regions: On the straightened page.

    Returns:
        Lines that cross no gutter, and for each of them the index of the line that it comes from.
    """
    columns = [region.box for region in regions if region.label in _RUNNING_TEXT]
    parts, origins = [], []
    for index, (quad, box) in enumerate(zip(quads, boxes, strict=True)):
        for part in _cut(image, quad, box, _gutters(box, columns)):
            parts.append(part)
            origins.append(index)
    return np.array(parts, dtype=np.float32).reshape(-1, 4, 2), origins


def _gutters(line: Box, columns: list[Box]) -> list[Gutter]:
    """Return where a line may be cut, from left to right: a bit more than the space between columns it runs through."""
    height = line.height
    beside = sorted((column for column in columns if _runs_through(line, column)), key=lambda column: column.left)
    return [
        (left.right - height, right.left + height)
        for left, right in pairwise(beside)
        if -0.5 * height < right.left - left.right and overlap(left.top, left.bottom, right.top, right.bottom) > height
    ]


def _runs_through(line: Box, column: Box) -> bool:
    shared = overlap(line.left, line.right, column.left, column.right)
    return column.top - line.height / 2 < line.middle < column.bottom + line.height / 2 and shared > 2 * line.height


def _cut(
    image: Pixels, quad: npt.NDArray[np.float32], box: Box, gutters: list[Gutter]
) -> list[npt.NDArray[np.float32]]:
    if not gutters:
        return [quad]
    blank = _blank_columns(cut_out(image, quad))
    parts = []
    start = 0.0
    for low, high in gutters:
        scale = len(blank) / max(1.0, box.width)
        found = _widest(blank, int((low - box.left) * scale), int((high - box.left) * scale))
        if found is None or (found[1] - found[0]) / scale < _LEAST_BLANK * box.height:
            continue
        # Both parts keep a margin, as lines from the detector have.
        margin = min((found[1] - found[0]) / 2, _MARGIN * box.height * scale)
        parts.append(_part(quad, start, (found[0] + margin) / len(blank)))
        start = (found[1] - margin) / len(blank)
    return [*parts, _part(quad, start, 1.0)] if parts else [quad]


def _blank_columns(crop: Pixels) -> npt.NDArray[np.bool_]:
    """Tell for each column of a line's pixels whether it holds nothing but ground."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    # Neighbouring lines may reach into the outermost rows.
    edge = len(grey) // 8
    inner = grey[edge : len(grey) - edge].astype(np.int16)
    return np.asarray(np.abs(inner - np.median(inner)).max(axis=0) <= _INK)


def _widest(blank: npt.NDArray[np.bool_], low: int, high: int) -> tuple[int, int] | None:
    """Return first and end column of the widest blank stretch whose middle is between `low` and `high`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], blank, [False]]).astype(np.int8)))
    stretches = [(int(first), int(end)) for first, end in edges.reshape(-1, 2) if low <= (first + end) / 2 <= high]
    return max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=None)


def _part(quad: npt.NDArray[np.float32], start: float, end: float) -> npt.NDArray[np.float32]:
    """Return the part of a line from one share of its length to another."""
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    corners = [quad[0] + start * top, quad[0] + end * top, quad[3] + end * bottom, quad[3] + start * bottom]
    return np.array(corners, dtype=np.float32)
