"""Which way up a page is, judged by a few of its lines.

RapidOCR classifies each line alone and turns those that look upside down; on real pages that ruins about one line in a
hundred. A page has one direction, so here the lines vote.
"""

import cv2
import numpy as np

from ocr_app.engine.cpu import recognition
from ocr_app.engine.cpu.geometry import Pixels, Quads, cut_out, side_lengths
from ocr_app.engine.cpu.models import Models

_VOTERS = 9
_SECOND_LOOK = 4
_ENOUGH = 20
"""A line's middle, so many times as wide as high, tells its direction as well as all of it, and costs less."""

_CLASSIFIER_SIZE = (192, 48)


def quarter_turns(models: Models, image: Pixels, quads: Quads) -> int:
    """Return by how many quarter turns anticlockwise (`numpy.rot90`) the page becomes upright, 0 to 3."""
    if not len(quads):
        return 0
    widths, heights = side_lengths(quads)
    sideways = heights >= 1.5 * widths
    # Long lines decide: a narrow digit is not a sideways line.
    lengths = np.maximum(widths, heights)
    if lengths[sideways].sum() > 2 * lengths[~sideways].sum() and (heights[sideways] >= 3 * widths[sideways]).any():
        voters = np.flatnonzero(sideways)
        turns = 1
    else:
        # A page with nothing but a "7" has only tall lines, and none is long.
        voters = np.flatnonzero(~sideways) if not sideways.all() else np.arange(len(quads))
        turns = 0
    voters = voters[np.argsort(-lengths[voters])][:_VOTERS]
    crops = [np.ascontiguousarray(np.rot90(cut_out(image, quads[i]), turns)) for i in voters]
    upside_down = _upside_down(models, crops)
    if upside_down * 3 < len(crops):
        return turns
    # The classifier is unsure or says upside down: read some lines both ways to decide.
    crops = [_middle(crop) for crop in crops[:_SECOND_LOOK]]
    upright = recognition.recognize(models.recognition, models.characters, crops)
    turned = recognition.recognize(
        models.recognition, models.characters, [np.ascontiguousarray(np.rot90(crop, 2)) for crop in crops]
    )
    surer = sum(reading.confidence for reading in turned) > sum(reading.confidence for reading in upright)
    return turns + 2 * surer


def _middle(crop: Pixels) -> Pixels:
    height, width = crop.shape[:2]
    most = _ENOUGH * height
    left = max(0, width - most) // 2
    return crop[:, left : left + most]


def _upside_down(models: Models, crops: list[Pixels]) -> int:
    """Count the crops that the classifier finds upside down."""
    width, height = _CLASSIFIER_SIZE
    batch = np.zeros((len(crops), 3, height, width), dtype=np.float32)
    for row, crop in enumerate(crops):
        columns = min(width, max(1, int(np.ceil(height * crop.shape[1] / crop.shape[0]))))
        batch[row, :, :, :columns] = (cv2.resize(crop, (columns, height)).astype(np.float32) / 127.5 - 1).transpose(
            2, 0, 1
        )
    probabilities = models.direction.run(None, {models.direction.get_inputs()[0].name: batch})[0]
    return int((probabilities.argmax(axis=1) == 1).sum())
