"""What a line says: the CRNN-style recognizer, before and after its network.

Follows rapidocr 3.10 (`ch_ppocr_rec`). The network reads crops of one height and answers, for every eighth pixel
column, with the probabilities of all characters and of "none"; equal neighbours are one character (CTC).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.dropped_spaces import LEAST, least_probability
from ocr_app.engine.cpu.geometry import Pixels

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

HEIGHT_PX = 48
_NARROWEST_PX = 320
_WIDTH_STEP_PX = 32

MOST_WIDTH_PX = 8_000
"""Widest crop for the network, whose cost grows faster than the width; a wider one is squeezed.

A line of small print across an A4 page on its side is some 130 times as wide as high: 6,300 pixels.
"""


@dataclass(frozen=True, slots=True)
class CropText:
    """What one crop says.

    Attributes:
        text: The characters, stripped.
        confidence: Mean probability of the characters, 0 to 1.
        positions: Centre of each character of `text`, as a share (0 to 1) of the crop's width.
    """

    text: str
    confidence: float
    positions: tuple[float, ...]


EMPTY = CropText("", 0.0, ())


def network_width(width: float, height: float) -> int:
    """Return the width, in pixels, that the network sees of a crop of this size, without padding."""
    return min(MOST_WIDTH_PX, max(1, int(np.ceil(HEIGHT_PX * width / height))))


def batches(widths: list[int], most_columns: int) -> list[list[int]]:
    """Group crops of similar width, widest first, so that little is padded and the longest work starts first.

    Args:
        widths: Network widths of the crops.
        most_columns: Most pixel columns (crops x their padded width) in one batch; a wider crop stands alone.

    Returns:
        Indices into `widths`, by batch.
    """
    result: list[list[int]] = []
    room = 0
    for index in sorted(range(len(widths)), key=lambda i: -widths[i]):
        if room <= 0:
            result.append([])
            room = max(1, most_columns // padded(widths[index]))
        result[-1].append(index)
        room -= 1
    return result


def padded(width: int) -> int:
    """Return the width that a crop of this network width is padded to."""
    return max(_NARROWEST_PX, -(-width // _WIDTH_STEP_PX) * _WIDTH_STEP_PX)


def recognize(session: "InferenceSession", characters: tuple[str, ...], crops: list[Pixels]) -> list[CropText]:
    """Read crops of similar width in one run of the network.

    Args:
        session: The recognition model.
        characters: Its alphabet; class 0 is the blank.
        crops: BGR, upright.
    """
    widths = [network_width(crop.shape[1], crop.shape[0]) for crop in crops]
    columns = padded(max(widths))
    batch = np.zeros((len(crops), 3, HEIGHT_PX, columns), dtype=np.float32)
    for row, (crop, width) in enumerate(zip(crops, widths, strict=True)):
        scaled = cv2.resize(crop, (width, HEIGHT_PX)).astype(np.float32)
        batch[row, :, :, :width] = (scaled / 127.5 - 1.0).transpose(2, 0, 1)
    probabilities = session.run(None, {session.get_inputs()[0].name: batch})[0]
    space = characters.index(" ")
    return [
        decode(probabilities[row], characters, space, columns / width / probabilities.shape[1])
        for row, width in enumerate(widths)
    ]


def decode(probabilities: npt.NDArray[np.float32], characters: tuple[str, ...], space: int, step: float) -> CropText:
    """Collapse the classes of one crop.

    A space between words that the network nearly saw counts: in bold and small print it drops many.

    Args:
        probabilities: Of shape (steps, characters).
        characters: The alphabet; class 0 is the blank.
        space: Class of the space.
        step: A step's share of the crop's width.
    """
    classes = probabilities.argmax(axis=1)
    first = np.flatnonzero((classes != 0) & np.append(True, classes[1:] != classes[:-1]))
    if not len(first):
        return EMPTY
    # A character's run of equal classes ends where the next class begins.
    changes = np.append(np.flatnonzero(classes[1:] != classes[:-1]) + 1, len(classes))
    ends = changes[np.searchsorted(changes, first, side="right")]
    text = "".join(characters[classes[i]] for i in first)
    confidence = float(probabilities[first, classes[first]].mean())
    centres = (first + ends) / 2 * step
    nearly = np.maximum.reduceat(probabilities[:, space], first)
    for index in np.flatnonzero(nearly[:-1] >= LEAST)[::-1]:
        before, after = text[: index + 1].rpartition(" ")[2], text[index + 1 :].partition(" ")[0]
        if nearly[index] >= least_probability(before, after):
            text = f"{text[: index + 1]} {text[index + 1 :]}"
            centres = np.insert(centres, index + 1, centres[index : index + 2].mean())
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if begin >= end:
        return EMPTY
    return CropText(text[begin:end], confidence, tuple(min(1.0, float(c)) for c in centres[begin:end]))
