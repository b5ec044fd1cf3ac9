"""The pixels of a decoded image, compressed without loss."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pikepdf import Dictionary, Name, Object, Pdf

from ocr_app.engine.rgb import strips

if TYPE_CHECKING:
    from PIL import Image

_PNG_PREDICTORS = 15
_UP = 2
"""PNG's filter that stores the difference from the row above: half the size for most scans."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """An image for a PDF.

    Attributes:
        width: In pixels.
        height: In pixels.
        colours: 1 for grey, 3 for RGB.
        bits: Of a colour, 1 or 8.
        data: The rows, compressed with Flate; those of 8 bits after PNG's filters.
    """

    width: int
    height: int
    colours: int
    bits: int
    data: bytes

    def image(self, pdf: Pdf) -> Object:
        """Return it as an object of a PDF."""
        image = pdf.make_stream(self.data, Filter=Name.FlateDecode)
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height, image.BitsPerComponent = self.width, self.height, self.bits
        image.ColorSpace = Name.DeviceGray if self.colours == 1 else Name.DeviceRGB
        if self.bits == 8:
            image.DecodeParms = Dictionary(
                Predictor=_PNG_PREDICTORS, Colors=self.colours, BitsPerComponent=8, Columns=self.width
            )
        return image


def pixels_of(image: "Image.Image") -> Pixels:
    """Compress a loaded image: black and white as bits, grey as one colour, all else as RGB, as an engine sees it."""
    if image.mode == "1":
        return Pixels(image.width, image.height, 1, 1, zlib.compress(image.tobytes()))
    grey = image.mode == "L" or all(_is_grey(rows) for rows in _rows(image))
    colours = 1 if grey else 3
    compressor = zlib.compressobj()
    above = np.zeros(image.width * colours, np.uint8)
    parts = []
    for rows in _rows(image):
        flat = np.ascontiguousarray(rows[..., :colours]).reshape(len(rows), -1)
        filtered = np.empty((len(flat), flat.shape[1] + 1), np.uint8)
        filtered[:, 0] = _UP
        filtered[0, 1:] = flat[0] - above
        filtered[1:, 1:] = flat[1:] - flat[:-1]
        above = flat[-1]
        parts.append(compressor.compress(filtered.tobytes()))
    parts.append(compressor.flush())
    return Pixels(image.width, image.height, colours, 8, b"".join(parts))


def _rows(image: "Image.Image") -> Iterator[npt.NDArray[np.uint8]]:
    """Yield an image's RGB, of shape (rows, width, 3)."""
    for _, strip in strips(image):
        yield np.asarray(strip)


def _is_grey(rows: npt.NDArray[np.uint8]) -> bool:
    return bool((rows[..., 0] == rows[..., 1]).all() and (rows[..., 0] == rows[..., 2]).all())
