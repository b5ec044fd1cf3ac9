"""WebP: https://developers.google.com/speed/webp/docs/riff_container has the three layouts."""

import struct

from ocr_app.engine.headers.errors import Damaged


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the canvas."""
    kind = data[12:16]
    if data[:4] == b"RIFF":
        if kind == b"VP8X" and len(data) >= 30:
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        if kind == b"VP8L" and len(data) >= 25:
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        if kind == b"VP8 " and len(data) >= 30:
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
    raise Damaged("it has no header")
