"""One page: from pixels to lines with boxes, on an upright and straightened page."""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu import direction, finding, gutters, pictures, recognition
from ocr_app.engine.cpu import regions as layout_model
from ocr_app.engine.cpu.checkboxes import with_boxes
from ocr_app.engine.cpu.geometry import Pixels, Quads, cut_out, side_lengths, turn
from ocr_app.engine.cpu.layout.types import Box, Line, Region
from ocr_app.engine.cpu.lost_letters import is_incomplete
from ocr_app.engine.cpu.misreads import corrected
from ocr_app.engine.cpu.models import Models
from ocr_app.engine.cpu.watermarks import may_be_watermarks

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
        lines: From top to bottom; empty for a page without text.
        regions: What the layout model sees; empty for a page without text.
        unread: How many lines more were found and not read, because the recognizer lacks their script or is not sure
            of any character.
        incomplete: How many of `lines` lack letters that stand on the page, because the recognizer's alphabet lacks
            them.
    """

    width: int
    height: int
    quarter_turns: int
    skew_degrees: float
    lines: tuple[Line, ...]
    regions: tuple[Region, ...]
    unread: int
    incomplete: int

    def place_of(self, box: Box) -> tuple[int, int, int, int]:
        """Return where a box of the straightened page lies on the upright one, which may be skewed.

        Returns:
            Left, top, right and bottom of the box around it, in whole pixels within the page.
        """
        corners = np.array(
            [[[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]]], np.float32
        )
        around = _rotated(corners, math.radians(self.skew_degrees), self.width / 2, self.height / 2)[0]
        (left, top), (right, bottom) = np.floor(around.min(axis=0)), np.ceil(around.max(axis=0))
        return (
            max(0, int(left)),
            max(0, int(top)),
            min(self.width, int(right)),
            min(self.height, int(bottom)),
        )


def read(
    models: Models,
    workers: Executor,
    image: Pixels,
    longest_side_px: int,
    check: Callable[[], None] = lambda: None,
) -> PageLines:
    """Read a page.

    Args:
        models: The loaded models.
        workers: Where batches of lines are read, side by side.
        image: BGR.
        longest_side_px: The image is scaled down to this side to find lines, small ones aside; they are read at full
            size.
        check: Called between the stages; raises `Cancelled` to stop.
    """
    pixels = image
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
    skew = _skew(quads[~vertical])
    upright = _rotated(quads, -skew, width / 2, height / 2)
    regions = layout_model.find(models.layout, models.labels, pixels, skew) if len(quads) else ()
    check()
    quads, origins = gutters.split(pixels, quads, [_box(quad) for quad in upright], regions)
    regions = _with_pictures(regions, pixels, quads, skew)
    vertical = vertical[origins]
    readings = _recognize(models, workers, pixels, quads, vertical, check)
    quads, readings = with_boxes(pixels, quads, readings)
    vertical, upright = _vertical(quads), _rotated(quads, -skew, width / 2, height / 2)
    crops = [cut_out(pixels, quad) for quad in quads]
    across = ~vertical & may_be_watermarks(crops, upright)
    lines, incomplete = [], 0
    for reading, quad, crop, tall, mark in zip(readings, upright, crops, vertical, across, strict=True):
        if not reading.text or reading.confidence < _LEAST_CONFIDENCE:
            continue
        lines.append(_line(reading, quad, bool(tall), bool(mark)))
        # Around a word across the text there are other shapes. Which way a tall line runs is not known any more.
        ways = [np.ascontiguousarray(np.rot90(crop, turns)) for turns in ((1, 3) if tall else (0,))]
        incomplete += not mark and all(is_incomplete(way, reading) for way in ways)
    lines.sort(key=lambda line: (line.box.middle, line.box.left))
    unread = len(readings) - len(lines)
    return PageLines(width, height, turns, math.degrees(skew), tuple(lines), regions, unread, incomplete)


def _with_pictures(regions: tuple[Region, ...], image: Pixels, quads: Quads, skew: float) -> tuple[Region, ...]:
    """Add the pictures that the layout model misses, and take their places instead of its own."""
    height, width = image.shape[:2]
    boxes = [
        _box(_rotated(_quad(box), -skew, width / 2, height / 2))
        for box in pictures.find(image, [_box(quad) for quad in quads])
    ]
    others = (region for region in regions if region.label != "figure" or not any(map(region.box.holds, boxes)))
    return (*others, *(Region("figure", box, 1.0) for box in boxes))


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
    image: Pixels,
    quads: Quads,
    vertical: npt.NDArray[np.bool_],
    check: Callable[[], None],
) -> list[recognition.CropText]:
    # Sideways text is read both ways; the right way is the surer one.
    jobs = [(index, turns) for index, tall in enumerate(vertical) for turns in ((1, 3) if tall else (0,))]
    sides = np.maximum(np.stack(side_lengths(quads), axis=1).astype(int), 1)
    lengths = [sides[index][::-1] if turns else sides[index] for index, turns in jobs]
    groups = recognition.batches([recognition.network_width(*length) for length in lengths], _BATCH_COLUMNS)

    def run(group: list[int]) -> list[recognition.CropText]:
        check()
        # Not before: the lines of a large sheet take as much memory as the sheet.
        crops = [np.rot90(cut_out(image, quads[index]), turns) for index, turns in (jobs[job] for job in group)]
        return recognition.recognize(models.recognition, models.characters, list(map(np.ascontiguousarray, crops)))

    best = [recognition.EMPTY] * len(quads)
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


def _line(reading: recognition.CropText, quad: npt.NDArray[np.float32], vertical: bool, across: bool) -> Line:
    box = _box(quad)
    return Line(
        text=corrected(reading.text),
        box=box,
        confidence=reading.confidence,
        positions=() if vertical else tuple(box.left + share * box.width for share in reading.positions),
        vertical=vertical,
        across=across,
    )


def _quad(box: Box) -> npt.NDArray[np.float32]:
    corners = [[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]]
    return np.array(corners, dtype=np.float32)


def _box(quad: npt.NDArray[np.float32]) -> Box:
    # The mean of the two ends, so that a little slant left in a box does not make it taller.
    return Box(
        float(quad[[0, 3], 0].mean()),
        float(quad[[0, 1], 1].mean()),
        float(quad[[1, 2], 0].mean()),
        float(quad[[2, 3], 1].mean()),
    )
