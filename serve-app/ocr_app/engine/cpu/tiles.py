"""A part of a large image in the detector's eyes, tile by tile, as one map: no line is cut at the edge of a tile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu import detection
from ocr_app.engine.cpu.detection import Heat
from ocr_app.engine.cpu.geometry import Pixels

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

TILE_PX = 30 * detection.STRIDE_PX
"""Side of a tile, in pixels of the network's map."""

_AROUND_PX = 2 * detection.STRIDE_PX
"""What the network sees around a tile, so that its map is that of the whole image."""

Tiles = npt.NDArray[np.bool_]
"""Which tiles of a grid are meant, of shape (rows of tiles, columns of tiles)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An image scaled for the network and cut into tiles; those at the right and at the bottom may be smaller.

    Attributes:
        columns: Width of the scaled image, a multiple of `STRIDE_PX`.
        rows: Its height, another one.
        scale: Pixels of the scaled image in one of the image.
    """

    columns: int
    rows: int
    scale: float

    @classmethod
    def of(cls, width: int, height: int, scale: float) -> "Grid":
        """Return the grid of an image of this size in pixels."""
        return cls(detection.whole_strides(width * scale), detection.whole_strides(height * scale), scale)

    def none(self) -> Tiles:
        """Return no tile."""
        return np.zeros((-(-self.rows // TILE_PX), -(-self.columns // TILE_PX)), dtype=bool)

    def at(self, points: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the rows and the columns of the tiles that hold points (n, 2) of the image."""
        last = np.array(self.none().shape[::-1]) - 1
        columns, rows = np.clip((points * self.scale / TILE_PX).astype(np.intp), 0, last).T
        return rows, columns


def heat_of(
    session: "InferenceSession", image: Pixels, grid: Grid, tiles: Tiles, check: Callable[[], None] = lambda: None
) -> Heat:
    """Return the map of the scaled image; it is 0 outside of the tiles.

    Args:
        session: The detection model.
        image: BGR.
        grid: Of the image.
        tiles: Which ones the network sees.
        check: Called after each tile; raises to stop.
    """
    whole = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    across, down = image.shape[1] / grid.columns, image.shape[0] / grid.rows
    for row, column in np.argwhere(tiles):
        (top, bottom), (up, low) = _spans(tiles[:, column], row, grid.rows)
        (left, right), (west, east) = _spans(tiles[row], column, grid.columns)
        part = image[round(top * down) : round(bottom * down), round(left * across) : round(right * across)]
        heat = detection.heat(session, part, right - left, bottom - top)
        place = whole[up:low, west:east]
        np.maximum(place, heat[up - top : low - top, west - left : east - left], out=place)
        check()
    return whole


def _spans(line: npt.NDArray[np.bool_], at: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return what is seen for one of a line of tiles, and what of it is kept: what no neighbour sees better."""
    first, last = at * TILE_PX, min(end, (at + 1) * TILE_PX)
    seen = max(0, first - _AROUND_PX), min(end, last + _AROUND_PX)
    before, after = at > 0 and line[at - 1], at + 1 < len(line) and line[at + 1]
    return seen, (first if before else seen[0], last if after else seen[1])
