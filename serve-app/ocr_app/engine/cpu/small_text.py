"""Where small letters are, by their shapes alone: a look at all pixels that costs a tenth of a run of the detector.

What has the size and the shape of a letter, with others of the same height in line with it, is taken for one. Leaves,
screens of dots and noise are mistaken for letters sometimes; that costs time and changes no text.
"""

import math
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels

Letters = npt.NDArray[np.float32]
"""Of shape (n, 4): x and y of the middle, the height, and the length along the line, in pixels of the image."""

LEAST_HEIGHT_PX = 5
"""Of a letter that can be read at all: an x of a font of 10 pixels."""

_BLOCK_PX = 1_024
_CONTRAST = 40
"""Difference in brightness, of 255, to what is around."""

_LEAST_INK = 0.15
_DOT_INK = 0.72
"""Share of the ink in the box of a dot, which for a round one is 0.79."""

_LEAST_ROOM_PX = 50
"""Pixels for each shape of a block: in a block full of the smallest print each letter has more, in noise less."""

_LEAST_IN_LINE = 4
"""Letters of one height in a strip around one, itself included."""

_STRIP = (1.5, 0.6)
"""Length and width of a piece of the strip, in heights of its letters."""

_PIECES = 7


def letters(image: Pixels, most_height_px: float, check: Callable[[], None] = lambda: None) -> Letters:
    """Return what looks like a letter that is not higher than this.

    Args:
        image: BGR.
        most_height_px: Of a letter.
        check: Called after each block of pixels; raises to stop.
    """
    found = [np.zeros((0, 4), dtype=np.float32)]
    # A letter at the edge of a block is wholly seen in it, and counts in the one that its middle is in.
    around = math.ceil(most_height_px)
    for top in range(0, image.shape[0], _BLOCK_PX):
        for left in range(0, image.shape[1], _BLOCK_PX):
            up, west = max(0, top - around), max(0, left - around)
            part = image[up : top + _BLOCK_PX + around, west : left + _BLOCK_PX + around]
            grey = np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
            for shapes in _shapes(grey, most_height_px):
                shapes[:, :2] += west, up
                block = (shapes[:, :2] // _BLOCK_PX).astype(int)
                found.append(shapes[(block == (left // _BLOCK_PX, top // _BLOCK_PX)).all(axis=1)])
            check()
    shapes = np.concatenate(found)
    across = _in_lines(shapes[:, 0], shapes[:, 1], shapes[:, 2], shapes[:, 3], most_height_px)
    # Lines of a page that lies on its side.
    rest = shapes[~across]
    down = rest[_in_lines(rest[:, 1], rest[:, 0], rest[:, 3], rest[:, 2], most_height_px)]
    return np.concatenate([shapes[across][:, [0, 1, 3, 2]], down])


def _shapes(grey: npt.NDArray[np.uint8], most_px: float) -> Iterator[npt.NDArray[np.float32]]:
    """Yield x and y of the middle, width and height of dark shapes, and of light ones."""
    low, high, _, _ = cv2.minMaxLoc(grey)
    if high - low < _CONTRAST:
        return
    window = (int(2 * most_px) | 1,) * 2
    values = grey.astype(np.float32)
    around = cv2.blur(values, window)
    # Ink is the smaller part of a text, so it differs by more than the standard deviation; paper in letters does not.
    spread = np.sqrt(np.maximum(cv2.sqrBoxFilter(values, -1, window) - around * around, _CONTRAST**2))
    values -= around
    for mask in (values < -spread, values > spread):
        count, _, stats, centres = cv2.connectedComponentsWithStats(
            mask.view(np.uint8), connectivity=8, ltype=cv2.CV_32S
        )
        if count * _LEAST_ROOM_PX > grey.size:
            continue
        shapes = np.column_stack([centres, stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]]).astype(np.float32)
        width, height = shapes[:, 2], shapes[:, 3]
        ink = stats[:, cv2.CC_STAT_AREA] / (width * height)
        # Dots and dashes fill their boxes, which of the letters only the narrow ones do.
        narrow = np.maximum(width, height) > 2 * np.minimum(width, height)
        yield shapes[(ink >= _LEAST_INK) & ((ink < _DOT_INK) | narrow)]


def _in_lines(
    along: npt.NDArray[np.float32],
    across: npt.NDArray[np.float32],
    length: npt.NDArray[np.float32],
    height: npt.NDArray[np.float32],
    most_px: float,
) -> npt.NDArray[np.bool_]:
    """Tell which shapes have the size of a letter and others of their height before or behind them."""
    like = (height >= LEAST_HEIGHT_PX) & (height <= most_px) & (length >= 0.15 * height) & (length <= 8 * height)
    result = np.zeros(len(height), dtype=bool)
    for size in np.unique(height[like]):
        alike = np.flatnonzero(like & (np.abs(height - size) <= max(1, 0.1 * size)))
        columns = (along[alike] / (_STRIP[0] * size)).astype(np.intp)
        # Two sets of strips, so that a line at the edge of one is in the middle of another.
        for shift in (0, 0.5):
            rows = (across[alike] / (_STRIP[1] * size) + shift).astype(np.intp)
            counts = np.zeros((rows.max() + 1, columns.max() + 1), dtype=np.float32)
            np.add.at(counts, (rows, columns), 1)
            in_strip = cv2.boxFilter(counts, -1, (_PIECES, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
            enough = in_strip[rows, columns] >= _LEAST_IN_LINE
            result[alike[enough & (height[alike] == size)]] = True
    return result
