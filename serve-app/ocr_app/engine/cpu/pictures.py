"""Where pictures are: large areas of the page that are no ground and hold hardly any text.

The layout model misses many, and the columns beside and below a picture cannot be told without it.
"""

import cv2
import numpy as np

from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.layout.types import Box

_SIDE_PX = 600
"""The page is scaled down to this longest side."""

_INK = 24
"""Least difference of a picture's pixel from the ground, of 255."""

_LEAST_SIDE = 0.06
_LEAST_AREA = 0.015
_MOST_AREA = 0.6
"""Of the page. What covers more is the ground: a dark margin of a scan, a coloured page."""

_LEAST_FILLED = 0.6
_MOST_LINES = 2
"""With more lines on it, it is a panel behind a text."""


def find(image: Pixels, lines: list[Box]) -> list[Box]:
    """Find the pictures of a page.

    Args:
        image: BGR, upright.
        lines: Where its lines of text are.
    """
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE_PX / max(width, height))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    grey = cv2.cvtColor(cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    ground = int(np.bincount(grey.ravel(), minlength=256).argmax())
    mask = (np.abs(grey.astype(np.int16) - ground) > _INK).astype(np.uint8)
    # Halftones and light spots are part of a picture; thin rules and the letters' rests are not.
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), dtype=np.uint8)
    for line in lines:
        mask[
            int(line.top * scale) : int(line.bottom * scale) + 2, int(line.left * scale) : int(line.right * scale) + 2
        ] = 0
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), dtype=np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = []
    for x, y, w, h, area in stats[1:].tolist():
        box = Box(x / scale, y / scale, (x + w) / scale, (y + h) / scale)
        share = w * h / (columns * rows)
        if (
            w >= _LEAST_SIDE * columns
            and h >= _LEAST_SIDE * rows
            and _LEAST_AREA <= share <= _MOST_AREA
            and area >= _LEAST_FILLED * w * h
            and sum(box.holds(line) for line in lines) <= _MOST_LINES
        ):
            found.append(box)
    return found
