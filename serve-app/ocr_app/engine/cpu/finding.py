"""Finds the lines of a page: large text on the page scaled down, and small text, if there is any, at its own size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu import detection, small_text, tiles
from ocr_app.engine.cpu.geometry import Pixels, Quads, side_lengths
from ocr_app.engine.cpu.islands import around, islands
from ocr_app.engine.cpu.small_text import Letters
from ocr_app.engine.cpu.tiles import Grid, Tiles

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# Heights of an x for the detector's network. It finds a font of 7 pixels, whose x has 4.
_SMALL_PX = 6
_TINY_PX = 3.2
_WANTED_PX = 7

_NEVER_SMALL = 0.8
"""Scale from which on what is too small to be found is too small to be read, too."""

_WORTH = 1.2
"""A second look is at least so many times as large as the first."""

_MOST_PIXELS = 24_000_000
"""Of the network's map in a second look: some 15 seconds on two cores, whatever the image."""

_LETTERS_OF_LINES = 0.15
"""Least share of letters in the length of their line; accents and superscripts have less."""

_LETTERS_TO_LOOK = 4
"""Fewest letters in a tile for which it is looked at; beside one that is, a single one is enough."""

_SAME = 0.5
"""Share of a box within others from which on it is a part of them."""


def find(
    session: "InferenceSession", image: Pixels, longest_side_px: int, check: Callable[[], None] = lambda: None
) -> Quads:
    """Find the lines of text, whatever the size of the image.

    Letters that were too small on the scaled image are looked for by their shapes; where some lie outside of the lines
    that were found, the network sees that part of the image again, at a scale that suits them.

    Args:
        session: The detection model.
        image: BGR.
        longest_side_px: The whole image is scaled down to this side.
        check: Called between the stages; raises to stop.

    Returns:
        One quadrilateral a line, in the image's pixels, in no order.
    """
    quads = detection.detect(session, image, longest_side_px)
    check()
    height, width = image.shape[:2]
    quads = merged(quads, _on_islands(session, image, quads, check))
    columns, rows = detection.network_size(width, height, longest_side_px)
    scale = min(columns / width, rows / height)
    if scale >= _NEVER_SMALL:
        return quads
    letters = small_text.letters(image, _SMALL_PX / scale, check)
    look = _second_look(quads, letters, scale, width, height)
    if look is None:
        return quads
    heat = tiles.heat_of(session, image, look.grid, look.tiles, check)
    return merged(look.kept, detection.boxes(heat, width, height))


def _on_islands(session: "InferenceSession", image: Pixels, quads: Quads, check: Callable[[], None]) -> Quads:
    """Return lines that stand alone on a nearly blank page and were not found on it."""
    found = [np.zeros((0, 4, 2), dtype=np.float32)]
    for island in islands(image, quads):
        left, top, right, bottom = around(island, image.shape[1], image.shape[0])
        part = image[top:bottom, left:right]
        found.append(detection.detect(session, part, max(part.shape[:2])) + np.array([left, top], dtype=np.float32))
        check()
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked at again.

    Attributes:
        grid: Of the image.
        tiles: Which ones.
        kept: What was found of the large text, and elsewhere.
    """

    grid: Grid
    tiles: Tiles
    kept: Quads


def _second_look(quads: Quads, letters: Letters, scale: float, width: int, height: int) -> _Look | None:
    """Decide whether and where to look again; None if nothing small is outside of the lines that were found."""
    inside = _inside(quads, letters)
    tiny = letters[:, 2] * scale < _TINY_PX
    small_lines = _shares(quads, letters, inside) >= _LETTERS_OF_LINES
    # Several lines too small for the network look like one to it.
    blurred = _shares(quads, letters, [line[tiny[line]] for line in inside]) >= _LETTERS_OF_LINES
    found = np.zeros(len(letters), dtype=bool)
    for line, bad in zip(inside, blurred, strict=True):
        found[line] |= not bad
    missed = letters[~found]
    if len(missed) < _LETTERS_TO_LOOK:
        return None
    wanted = min(1.0, _WANTED_PX / float(np.percentile(missed[:, 2], 5)))
    grid = Grid.of(width, height, wanted)
    look = _tiles_of(grid, missed, quads[small_lines])
    share = _MOST_PIXELS / max(1, int(look.sum()) * tiles.TILE_PX**2)
    if share < 1:
        # Rather all of it at a smaller scale than a part of it.
        grid = Grid.of(width, height, wanted * share**0.5)
        look = _tiles_of(grid, missed, quads[small_lines])
    if not look.any() or grid.scale < _WORTH * scale:
        return None
    again = small_lines.copy()
    again[small_lines] = _touches(grid, look, quads[small_lines])
    return _Look(grid, look, quads[~again])


def _tiles_of(grid: Grid, missed: Letters, small_lines: Quads) -> Tiles:
    """Return the tiles with missed letters; a line of small text has all its tiles or none."""
    counts = np.zeros_like(grid.none(), dtype=np.int32)
    np.add.at(counts, grid.at(missed[:, :2]), 1)
    look = counts >= _LETTERS_TO_LOOK
    while True:
        beside = cv2.dilate(look.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & (counts > 0)
        more = look | beside
        for line in small_lines[_touches(grid, more, small_lines)]:
            more |= _tiles_under(grid, line)
        if (more == look).all():
            return look
        look = more


def _tiles_under(grid: Grid, quad: npt.NDArray[np.float32]) -> Tiles:
    (top, bottom), (left, right) = grid.at(np.stack([quad.min(axis=0), quad.max(axis=0)]))
    under = grid.none()
    under[top : bottom + 1, left : right + 1] = True
    return under


def _touches(grid: Grid, look: Tiles, quads: Quads) -> npt.NDArray[np.bool_]:
    return np.array([bool((look & _tiles_under(grid, quad)).any()) for quad in quads], dtype=bool)


def _inside(quads: Quads, letters: Letters) -> list[npt.NDArray[np.intp]]:
    """Return for each line which letters lie in it."""
    by_y = np.argsort(letters[:, 1])
    points = letters[by_y, :2]
    tops, bottoms = quads[..., 1].min(axis=1), quads[..., 1].max(axis=1)
    spans = zip(np.searchsorted(points[:, 1], tops), np.searchsorted(points[:, 1], bottoms, "right"), strict=True)
    result = []
    for quad, (first, last) in zip(quads, spans, strict=True):
        edges = np.roll(quad, -1, axis=0) - quad
        to = points[first:last, None] - quad
        # To the right of all four edges, which run clockwise.
        result.append(by_y[first:last][(edges[:, 0] * to[..., 1] - edges[:, 1] * to[..., 0] >= 0).all(axis=1)])
    return result


def _shares(quads: Quads, letters: Letters, inside: list[npt.NDArray[np.intp]]) -> npt.NDArray[np.float32]:
    """Return for each line how much of its length letters take; of several lines seen as one it may be more than 1."""
    taken = np.array([letters[line, 3].sum() for line in inside], dtype=np.float32)
    return np.asarray(taken / np.maximum(np.maximum(*side_lengths(quads)), 1), dtype=np.float32)


def merged(first: Quads, second: Quads) -> Quads:
    """Return the lines of two looks at an image, those of the second that are parts of the first left out."""
    if not len(first) or not len(second):
        return np.concatenate([first, second])
    new = [quad for quad in second if _covered(quad, first) < _SAME]
    return np.concatenate([first, np.array(new, dtype=np.float32).reshape(-1, 4, 2)])


def _covered(quad: npt.NDArray[np.float32], others: Quads) -> float:
    """Return the share of a quadrilateral that lies within others, which are taken to lie apart."""
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    near = (
        (others[..., 0].min(axis=1) < right)
        & (others[..., 0].max(axis=1) > left)
        & (others[..., 1].min(axis=1) < bottom)
        & (others[..., 1].max(axis=1) > top)
    )
    shared = sum(cv2.intersectConvexConvex(quad, other)[0] for other in others[near])
    return float(shared / max(1.0, cv2.contourArea(quad)))
