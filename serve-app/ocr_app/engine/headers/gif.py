"""GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt. Only what comes before the first frame's pixels is read."""

import struct

from ocr_app.engine.headers.errors import Damaged, Excess

MAX_BLOCKS = 20_000
"""Most blocks before the first frame. Pillow reads them in Python; full ones would hold 5 MB of comments."""

_FRAME, _EXTENSION, _END = 0x2C, 0x21, 0x3B


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the screen, or of the first frame where that is larger."""
    if len(data) < 13:
        raise Damaged("it has no header")
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    inside = False  # an extension, which is a list of blocks
    for _ in range(MAX_BLOCKS):
        if at >= len(data) or (data[at] == _END and not inside):
            raise Damaged("it has no frame")
        if inside:
            inside = data[at] != 0
            at += 1 + data[at]
        elif data[at] == _FRAME and at + 9 <= len(data):
            left, top, wide, high = struct.unpack_from("<HHHH", data, at + 1)
            return max(width, left + wide), max(height, top + high)
        else:
            # What is neither is skipped, as Pillow does.
            inside = data[at] == _EXTENSION
            at += 2 if inside else 1
    raise Excess(f"{MAX_BLOCKS:,} blocks before its first frame")
