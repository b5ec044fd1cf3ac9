"""One page: from pixels to lines with boxes, on an upright and straightened page."""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu import direction, finding, recognition
from ocr_app.engine.cpu.geometry import Pixels, Quads, cut_out, side_lengths, turn
from ocr_app.engine.cpu.layout.types import Box, Line
from ocr_app.engine.cpu.models import Models

_BATCH_COLUMNS = 3_000
"""Pixel columns in one run of the recognizer: enough to keep it busy, few enough to stop soon when cancelled."""

_LEAST_CONFIDENCE = 0.5
_TALL = 1.5
"""A box this much taller than wide holds text that runs up or down."""


class Cancelled(Exception):
    """The client has left, so the page is not needed."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page.

    Attributes:
        width: Of the upright page, in pixels.
        height: Of the upright page, in pixels.
        quarter_turns: By how many quarter turns anticlockwise the image was turned upright.
        skew_degrees: By how much the lines sink to the right on it; their boxes are as if it were straight.
        lines: In no order; empty for a page without text.
        unread: How many lines more were found and not read, because the recognizer lacks their script or is not sure
            of any character.
    """

    width: int
    height: int
    quarter_turns: int
    skew_degrees: float
    lines: tuple[Line, ...]
    unread: int


def read(
    models: Models,
    workers: Executor,
    image: npt.NDArray[np.uint8],
    longest_side_px: int,
    check: Callable[[], None] = lambda: None,
) -> PageLines:
    """Read a page.

    Args:
        models: The loaded models.
        workers: Where batches of lines are read, side by side.
        image: RGB, of shape (height, width, 3).
        longest_side_px: The image is scaled down to this side to find lines, small ones aside; they are read at full
            size.
        check: Called between the stages; raises `Cancelled` to stop.
    """
    pixels: Pixels = np.ascontiguousarray(image[..., ::-1])
    quads = finding.find(models.detection, pixels, longest_side_px, check)
    check()
    turns = direction.quarter_turns(models, pixels, quads)
    if turns:
        height, width = pixels.shape[:2]
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
        if turns % 2:
            # Lines that run upwards are found less precisely; look again, upright.
            quads = finding.find(models.detection, pixels, longest_side_px, check)
        else:
            quads = turn(quads, turns, width, height)
        check()
    height, width = pixels.shape[:2]
    vertical = _vertical(quads)
    crops = [cut_out(pixels, quad) for quad in quads]
    readings = _recognize(models, workers, crops, vertical, check)
    skew = _skew(quads[~vertical])
    upright = _rotated(quads, -skew, width / 2, height / 2)
    lines = tuple(
        _line(reading, quad, bool(tall))
        for reading, quad, tall in zip(readings, upright, vertical, strict=True)
        if reading.text and reading.confidence >= _LEAST_CONFIDENCE
    )
    return PageLines(width, height, turns, math.degrees(skew), lines, len(readings) - len(lines))


def _vertical(quads: Quads) -> npt.NDArray[np.bool_]:
    """Which boxes hold text that runs up or down, and not just a narrow letter or digit."""
    if not len(quads):
        return np.zeros(0, dtype=bool)
    widths, heights = side_lengths(quads)
    flat = heights[widths >= heights]
    usual = float(np.median(flat)) if len(flat) else 0.0
    tall: npt.NDArray[np.bool_] = (heights >= _TALL * widths) & (heights > 2.2 * usual)
    return tall


def _recognize(
    models: Models,
    workers: Executor,
    crops: list[Pixels],
    vertical: npt.NDArray[np.bool_],
    check: Callable[[], None],
) -> list[recognition.CropText]:
    # Sideways text is read both ways; the right way is the surer one.
    jobs = [
        (index, np.ascontiguousarray(np.rot90(crop, turns)))
        for index, crop in enumerate(crops)
        for turns in ((1, 3) if vertical[index] else (0,))
    ]
    groups = recognition.batches([recognition.network_width(crop) for _, crop in jobs], _BATCH_COLUMNS)

    def run(group: list[int]) -> list[recognition.CropText]:
        check()
        return recognition.recognize(models.recognition, models.characters, [jobs[i][1] for i in group])

    best = [recognition.EMPTY] * len(crops)
    for group, readings in zip(groups, workers.map(run, groups), strict=True):
        for job, reading in zip(group, readings, strict=True):
            index = jobs[job][0]
            if reading.confidence > best[index].confidence:
                best[index] = reading
    return best


def _skew(quads: Quads) -> float:
    """Return the angle, in radians, by which the lines sink to the right: the median, long lines counting more."""
    if not len(quads):
        return 0.0
    top, bottom = quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 3]
    along = (top + bottom) / 2
    widths, heights = side_lengths(quads)
    long = widths >= 5 * heights
    if not long.any():
        return 0.0
    angles, weights = np.arctan2(along[long, 1], along[long, 0]), widths[long]
    order = np.argsort(angles)
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    skew = float(angles[order][middle])
    # Boxes are whole pixels: less than this is rounding, and turning would only blur the rows.
    return skew if abs(skew) > math.radians(0.3) else 0.0


def _rotated(quads: Quads, angle: float, x: float, y: float) -> Quads:
    """Rotate corners around a point, clockwise on the screen for positive angles in radians."""
    if not angle:
        return quads
    cos, sin = math.cos(angle), math.sin(angle)
    centred = quads - np.array([x, y], dtype=np.float32)
    turned = np.stack(
        [centred[..., 0] * cos - centred[..., 1] * sin, centred[..., 0] * sin + centred[..., 1] * cos], -1
    )
    return np.asarray(turned + np.array([x, y]), dtype=np.float32)


def _line(reading: recognition.CropText, quad: npt.NDArray[np.float32], vertical: bool) -> Line:
    # The mean of the two ends, so that a little slant left in a box does not make it taller.
    left, right = float(quad[[0, 3], 0].mean()), float(quad[[1, 2], 0].mean())
    top, bottom = float(quad[[0, 1], 1].mean()), float(quad[[2, 3], 1].mean())
    return Line(
        text=reading.text,
        box=Box(left, top, right, bottom),
        confidence=reading.confidence,
        positions=() if vertical else tuple(left + share * (right - left) for share in reading.positions),
        vertical=vertical,
    )
