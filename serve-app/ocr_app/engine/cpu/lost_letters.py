"""Letters that stand in a line and that nothing in its text accounts for.

The recognizer leaves out letters that its alphabet lacks, sure of all the others. They are found in the pixels: shapes
of the size of a broad letter that have no character near them. Letters that touch are one shape, and the character of a
narrow letter may account for a broad one, so fewer are found than there are, hardly ever more.
"""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.recognition import CropText

_LEAST_CONTRAST = 40
"""Least difference of ink and ground, in grey values, at which shapes can be told."""

_PALEST = 0.6
"""The palest ink, from the usual ink (0) to the ground (1): thin pale strokes hold a small letter together."""

_RULE = 1.5
"""Length from which a stroke along the line is a rule or underline, in heights of the crop."""

_TELLS_SIZE = 0.3, 0.95
"""Heights of shapes that tell the size of letters, in heights of the crop: dots are lower, rules of a table higher."""

_LEAST, _MOST = 0.57, 2.0
"""Width and height of a broad letter, in the median height of those shapes, that is of a small letter: the pieces of
letters that a fax tore are narrower."""

_NEAR = 0.3
"""How far from the middle of a letter its character may be, in heights of the crop: two steps of the recognizer."""

_BESIDE_IDEOGRAPH = 0.8
"""How far from an ideograph's middle its parts may be, in heights of the crop."""

_FIRST_IDEOGRAPH = "\u2e80"

_LEAST_LOST, _LEAST_SHARE = 2, 0.06
"""Lost letters from which a line is incomplete: how many, and what share of its characters."""

_Map = npt.NDArray[Any]
"""Of shape (height, width): 1 where something is drawn, else 0."""


def is_incomplete(crop: Pixels, reading: CropText) -> bool:
    """Whether letters of a line are missing in its text.

    Args:
        crop: The line, BGR, running to the right.
        reading: What was read in it; its positions are those in the crop.
    """
    ink = _ink(crop)
    if ink is None:
        return False
    height, width = ink.shape
    read = [
        (character, share * width)
        for character, share in zip(reading.text, reading.positions, strict=True)
        if not character.isspace()
    ]
    ideographs = [place for character, place in read if character >= _FIRST_IDEOGRAPH]
    lost = taken = 0
    for left, right in _broad_letters(ink):
        middle, near = (left + right) / 2, max(_NEAR * height, (right - left) / 2)
        if any(abs(place - middle) < _BESIDE_IDEOGRAPH * height for place in ideographs):
            continue
        # Each takes the first character that is near and not taken: that accounts for as many as possible.
        while taken < len(read) and read[taken][1] < middle - near:
            taken += 1
        if taken < len(read) and read[taken][1] <= middle + near:
            taken += 1
        else:
            lost += 1
    return lost >= max(_LEAST_LOST, _LEAST_SHARE * len(read))


def _ink(crop: Pixels) -> _Map | None:
    """Return what is drawn, without rules; None if it does not stand out."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if light.mean() < 0.5:
        grey, light = cv2.bitwise_not(grey), 1 - light
    ground, ink_grey = cv2.mean(grey, light)[0], cv2.mean(grey, 1 - light)[0]
    if ground - ink_grey < _LEAST_CONTRAST:
        return None
    ink: _Map = (grey <= ink_grey + _PALEST * (ground - ink_grey)).astype(np.uint8)
    long = int(_RULE * ink.shape[0])
    if ink.shape[1] > long:
        ink = ink - cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    return np.asarray(ink)


def _broad_letters(ink: _Map) -> list[tuple[float, float]]:
    """Return left and right of the shapes of the size of a broad letter with its marks, left to right."""
    height = ink.shape[0]
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    shapes: list[list[int]] = []
    for left, top, width, tall, _ in sorted(stats[1:].tolist()):
        right, bottom = left + width, top + tall
        if shapes:
            last = shapes[-1]
            # A mark stands above or below its letter.
            if min(last[2], right) - max(last[0], left) >= 0.5 * min(width, last[2] - last[0]):
                shapes[-1] = [min(last[0], left), min(last[1], top), max(last[2], right), max(last[3], bottom)]
                continue
        shapes.append([left, top, right, bottom])
    least, most = (share * height for share in _TELLS_SIZE)
    heights = [bottom - top for _, top, _, bottom in shapes if least <= bottom - top < most]
    if not heights:
        return []
    unit = float(np.median(heights))
    return [
        (left, right)
        for left, top, right, bottom in shapes
        if _LEAST * unit <= min(right - left, bottom - top) and max(right - left, bottom - top) < _MOST * unit
    ]
