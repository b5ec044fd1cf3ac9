"""The ground that a transparent image is laid on, so that what is drawn on it can be read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WHITE, BLACK, GREY = 255, 0, 128

_EDGE = 48
"""Least step of alpha from one pixel to the next at the edge of a letter, of 255; shadows fade in smaller steps."""

_CONTRAST = 96
"""White is taken wherever nearly all edges differ from it by as much, of 255."""

_FAINT = 0.05
"""Share of the edges that may have less contrast: smoothing and small ornaments."""


def ground(strips: "Iterable[npt.NDArray[np.uint8]]") -> int:
    """Return the brightness of the ground, of 255: white unless bright letters would vanish on it.

    Letters on nothing have their edges where the transparency ends. Edges inside a picture that brings its own ground
    do not count.

    Args:
        strips: RGBA pixels of shape (rows, width, 4).
    """
    import numpy as np

    counts = np.zeros(256)
    for strip in strips:
        alpha = strip[..., 3].astype(np.int16)
        step = np.diff(alpha, axis=1)
        rows, columns = np.nonzero(np.abs(step) >= _EDGE)
        if len(rows):
            solid = columns + (step[rows, columns] > 0)
            brightness = strip[rows, solid, :3] @ np.array([0.299, 0.587, 0.114])
            counts += np.bincount(brightness.astype(np.uint8), np.abs(step[rows, columns]), 256)
    if not counts.any():
        return WHITE
    contrasts = {candidate: _contrast(counts, candidate) for candidate in (WHITE, BLACK, GREY)}
    return WHITE if contrasts[WHITE] >= _CONTRAST else max(contrasts, key=lambda candidate: contrasts[candidate])


def _contrast(counts: "npt.NDArray[np.float64]", brightness: int) -> int:
    """Return what all edges but the faintest differ by from a ground."""
    import numpy as np

    differences = np.bincount(np.abs(np.arange(256) - brightness), counts, 256)
    return int(np.searchsorted(np.cumsum(differences), _FAINT * counts.sum(), side="right"))
