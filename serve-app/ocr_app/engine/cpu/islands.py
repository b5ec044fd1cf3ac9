"""What stands alone on a nearly blank page. The detector's network weighs a page as a whole, and sees nothing of it:
"Hello" at 24 pixels on a white sheet has a map of zeros, and is found as soon as the white around it is cut off.
"""

import cv2
import numpy as np

from ocr_app.engine.cpu.geometry import Pixels, Quads

Island = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels of the image."""

FEW_LINES = 5
"""A page with more lines is not nearly blank."""

_CONTRAST = 40
"""Difference in brightness, of 255, to the ground of the page."""

_STEP = 4
"""The page is looked at in blocks of so many pixels."""

_ACROSS, _DOWN = 13, 5
"""What is no farther apart is one island, in blocks: the words of a line, but not two lines."""

_MOST = 12
"""A page with more of them is not nearly blank: these are stains, or a drawing."""

_LEAST_PX, _MOST_PX = 8, 240
"""Height of what may be a line."""

_SPECK = 0.7
"""Share of its box that a stain fills, if it is as high as wide."""

_LONE_PX = 12
"""Height from which on a single shape may be a digit."""


def islands(image: Pixels, quads: Quads) -> list[Island]:
    """Return where on a nearly blank page something is drawn that no line takes in; none for any other page.

    Args:
        image: BGR.
        quads: Of the lines that were found.
    """
    if len(quads) > FEW_LINES:
        return []
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    drawn = (cv2.absdiff(grey, np.full_like(grey, int(np.median(grey)))) > _CONTRAST).astype(np.uint8)
    rows, columns = -(-drawn.shape[0] // _STEP), -(-drawn.shape[1] // _STEP)
    blocks = np.pad(drawn, ((0, rows * _STEP - drawn.shape[0]), (0, columns * _STEP - drawn.shape[1])))
    blocks = blocks.reshape(rows, _STEP, columns, _STEP).max(axis=(1, 3))
    joined = cv2.dilate(blocks, np.ones((_DOWN, _ACROSS), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if count - 1 > _MOST:
        return []
    found = []
    for x, y, width, height, _ in (_STEP * stats[1:]).tolist():
        part = drawn[y : y + height, x : x + width]
        ys, xs = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
        island = x + int(xs[0]), y + int(ys[0]), x + int(xs[-1]) + 1, y + int(ys[-1]) + 1
        if _may_be_text(drawn, island) and not _has_line(island, quads):
            found.append(island)
    return found


def around(island: Island, width: int, height: int) -> Island:
    """Return an island with some of what is around it, within an image of this size."""
    left, top, right, bottom = island
    margin = 2 * (bottom - top)
    return max(0, left - margin), max(0, top - margin), min(width, right + margin), min(height, bottom + margin)


def _may_be_text(drawn: Pixels, island: Island) -> bool:
    left, top, right, bottom = island
    width, height = right - left, bottom - top
    if not _LEAST_PX <= height <= _MOST_PX:
        return False
    part = drawn[top:bottom, left:right]
    if float(part.mean()) >= _SPECK and height / 2 <= width <= 2 * height:
        return False
    # The first of the shapes is the ground.
    return height >= _LONE_PX or cv2.connectedComponents(part, connectivity=8)[0] > 2


def _has_line(island: Island, quads: Quads) -> bool:
    left, top, right, bottom = island
    return any(
        quad[:, 0].min() < right and quad[:, 0].max() > left and quad[:, 1].min() < bottom and quad[:, 1].max() > top
        for quad in quads
    )
