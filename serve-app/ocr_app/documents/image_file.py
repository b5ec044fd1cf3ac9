"""The file in which a drawn page goes to the engine.

Measured on the four pages of olmOCR-bench's samples, 1,237 x 1,600 pixels, in CPU time:

| format | write | read | size |
|---|---|---|---|
| TIFF with PackBits | 3 to 5 ms | 2 to 4 ms | 410 to 1,040 KB |
| JPEG, quality 90 | 5 to 6 ms | 4 to 6 ms | 230 to 520 KB |
| PNG, level 1 | 22 to 39 ms | 8 to 14 ms | 190 to 650 KB |
| no compression | 2 to 3 ms | 1 to 2 ms | 5,800 KB |

Of 7,854 rules about the 96 pages of `npm run bench -- accuracy`, each put into a PDF and drawn from it, 264 did not
hold of what the CPU engine read from the exact pixels, and 272 from JPEG, with quality 95 as with 90; of the 30 rules
about the samples one and two: JPEG cost a table its cells. So pages go as they are, in TIFF, the cheapest of all. But
noise, such as that of a scan in colour, which PackBits does not make smaller, goes as JPEG: the pages in flight would
fill the memory.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_WORTH = 3
"""PackBits must make an image so many times smaller."""

_JPEG_QUALITY = 90


def encoded(image: "Image.Image") -> bytes:
    """Return an image of mode 1, L or RGB as a file: TIFF without loss, or JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="packbits")
    raw = image.width * image.height * len(image.getbands())
    # Of pixels of one bit, no page is large.
    if image.mode != "1" and buffer.tell() * _WORTH > raw:
        buffer = io.BytesIO()
        # Colours in full resolution: small coloured letters would blur.
        image.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()
