"""Which lines may be watermarks or stamps: large ones that are slanted or pale."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels, Quads, side_lengths

_SLANTED = math.radians(8)
_LARGE_IF_SLANTED, _LARGE_IF_PALE = 1.4, 1.8
"""Heights, in those of the usual line."""

_PALE = 0.5
"""Contrast of a pale line, in that of the usual one."""


def may_be_watermarks(crops: Sequence[Pixels], quads: Quads) -> npt.NDArray[np.bool_]:
    """Return for each line whether it is large and slanted, or large and pale.

    Args:
        crops: The lines' pixels.
        quads: Their places on the straightened page.
    """
    if not len(quads):
        return np.zeros(0, dtype=bool)
    widths, heights = side_lengths(quads)
    # Of the lines that hold most of the text.
    long = widths >= np.median(widths)
    usual = float(np.median(heights[long]))
    contrast = np.array([_contrast(crop) for crop in crops])
    edges = quads[:, 1] - quads[:, 0]
    angles = np.abs(np.arctan2(edges[:, 1], edges[:, 0]))
    slanted = (angles > _SLANTED) & (angles < math.pi - _SLANTED) & (heights > _LARGE_IF_SLANTED * usual)
    slanted &= widths > heights  # what is about square has no direction
    pale = (contrast < _PALE * np.median(contrast[long])) & (heights > _LARGE_IF_PALE * usual)
    return np.asarray(slanted | pale)


def _contrast(crop: Pixels) -> float:
    low, high = np.percentile(crop[..., 1], (5, 95))
    return float(high - low)
