"""BMP: https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types."""

import struct

from ocr_app.engine.headers.errors import Damaged

_OLDEST = 12
_OTHERS = (40, 52, 56, 64, 108, 124)


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height); rows may be stored from the top, which makes the height negative in the file."""
    kind = int.from_bytes(data[14:18], "little")
    if kind == _OLDEST and len(data) >= 26:
        width, height = struct.unpack_from("<HH", data, 18)
        return width, height
    if kind in _OTHERS and len(data) >= 54:
        width, height = struct.unpack_from("<ii", data, 18)
        return width, abs(height)
    raise Damaged("it has no header")
