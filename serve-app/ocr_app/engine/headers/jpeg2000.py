"""JPEG 2000, as JP2 file or bare codestream: https://www.itu.int/rec/T-REC-T.800, annexes A and I."""

import struct

from ocr_app.engine.headers.boxes import boxes
from ocr_app.engine.headers.errors import Damaged, Excess

MAX_TILES = 10_000
"""Most tiles. Scanners write one, or tiles of 256 pixels a side, of which 50 million pixels have about 800."""

MAX_COMPONENTS = 5
"""Most colours, with transparency: each takes as much memory as another page."""

_SIZ = b"\xff\x4f\xff\x51"


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the codestream, which the decoder goes by; the header of a JP2 must agree."""
    start, named = 0, None
    if data[:4] != _SIZ:
        start, named = _codestream(data)
    if data[start : start + 4] != _SIZ or len(data) < start + 42:
        raise Damaged("it has no header")
    right, bottom, left, top, wide, high, tile_left, tile_top = struct.unpack_from(">8I", data, start + 8)
    (components,) = struct.unpack_from(">H", data, start + 40)
    width, height = right - left, bottom - top
    if not wide or not high:
        raise Damaged("its tiles are empty")
    if components > MAX_COMPONENTS:
        raise Excess(f"{MAX_COMPONENTS} colours")
    if width > 0 < height and -(-(right - tile_left) // wide) * -(-(bottom - tile_top) // high) > MAX_TILES:
        raise Excess(f"{MAX_TILES:,} tiles")
    if named not in (None, (width, height)):
        raise Damaged("its headers name two sizes")
    return width, height


def _codestream(data: bytes) -> tuple[int, tuple[int, int] | None]:
    named: tuple[int, int] | None = None
    for kind, content, stop in boxes(data, 0, len(data)):
        if kind == b"jp2h":
            for inner, at, end in boxes(data, content, stop):
                if inner == b"ihdr" and end - at >= 8:
                    height, width = struct.unpack_from(">II", data, at)
                    named = width, height
        elif kind == b"jp2c":
            return content, named
    raise Damaged("it has no pixels")
