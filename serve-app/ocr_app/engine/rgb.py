"""Loaded images of any mode to 8-bit RGB, some rows at a time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocr_app.engine.ground import ground

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

_STRIP_PIXELS = 2**20
_LOOKED_AT_PIXELS = 2**22


def strips(image: "Image.Image") -> Iterator[tuple[int, "Image.Image"]]:
    """Yield a loaded image as RGB, some rows at a time, so that no second copy of all pixels is needed.

    Transparent parts become white, or another ground on which what is drawn there can be read (`ground.py`).

    Yields:
        The first row's number, and a picture of the image's full width.
    """
    rows = max(1, _STRIP_PIXELS // image.width)
    scale = _scale(image, rows) if image.mode in ("I", "F") or image.mode.startswith("I;16") else None
    under = _ground(image, rows) if scale is None and image.has_transparency_data else None
    for top, strip in _crops(image, rows):
        if scale is not None:
            yield top, _to_8_bits(strip, *scale).convert("RGB")
        elif under is not None:
            yield top, _laid_on(under, strip)
        else:
            # `convert` would copy.
            yield top, strip if strip.mode == "RGB" else strip.convert("RGB")


def _crops(image: "Image.Image", rows: int) -> Iterator[tuple[int, "Image.Image"]]:
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _ground(image: "Image.Image", rows: int) -> int:
    import numpy as np

    # Of a large image some rows tell it, evenly spread.
    every = max(1, image.width * image.height // _LOOKED_AT_PIXELS)
    return ground(np.asarray(_rgba(strip))[::every] for _, strip in _crops(image, rows))


def _laid_on(under: int, image: "Image.Image") -> "Image.Image":
    from PIL import Image

    result = Image.new("RGB", image.size, (under, under, under))
    above = _rgba(image)
    result.paste(above, mask=above.getchannel("A"))
    return result


def _rgba(image: "Image.Image") -> "Image.Image":
    return image if image.mode == "RGBA" else image.convert("RGBA")


def _scale(image: "Image.Image", rows: int) -> tuple[float, float]:
    """Return which values of a grey image of more than 8 bits are black and white.

    16-bit values are scaled by the range of their type; wider types have no usual white, so their own range counts.
    """
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    ranges = [
        (float(values.min()), float(values.max())) for values in (_values(part) for _, part in _crops(image, rows))
    ]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    return (0.0, 65535.0) if image.mode == "I" and low >= 0 and 255 < high <= 65535 else (low, high)


def _to_8_bits(image: "Image.Image", low: float, high: float) -> "Image.Image":
    """Scale grey of more than 8 bits to 8; Pillow would clip it."""
    import numpy as np
    from PIL import Image

    scale = 255.0 / (high - low) if high > low else 0.0
    return Image.fromarray(((_values(image) - low) * scale).round().astype(np.uint8))


def _values(image: "Image.Image") -> "npt.NDArray[np.float32]":
    import numpy as np

    return np.nan_to_num(np.asarray(image, dtype=np.float32))
