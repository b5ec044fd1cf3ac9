"""TIFF and BigTIFF: https://www.awaresystems.be/imaging/tiff.html. Only the first directory is read: the first page."""

import struct

from ocr_app.engine.headers.errors import Damaged, Excess

MAX_TAGS = 4_096
"""Most tags of a directory; libtiff refuses more too. Files of cameras and maps have about a hundred."""

MAX_STRIPS = 100_000
"""Most strips or tiles. Pillow makes a list of them in Python; with one for each row, a page has some thousands."""

_WIDTH, _HEIGHT, _STRIPS, _TILES = 256, 257, 273, 324
_NUMBERS = {3: "H", 4: "I", 16: "Q"}


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the first page."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    try:
        (first,) = struct.unpack_from(order + "Q", data, 8) if big else struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + ("Q" if big else "H"), data, first)
        return _read(data, first + (8 if big else 2), count, order + ("HHQ8s" if big else "HHI4s"))
    # OverflowError: BigTIFF has offsets that no file reaches.
    except (struct.error, OverflowError) as error:
        raise Damaged("it has no header") from error


def _read(data: bytes, at: int, count: int, layout: str) -> tuple[int, int]:
    if count > MAX_TAGS:
        raise Excess(f"{MAX_TAGS:,} tags")
    values: dict[int, int] = {}
    step = struct.calcsize(layout)
    for index in range(count):
        tag, kind, number, value = struct.unpack_from(layout, data, at + index * step)
        if tag in (_STRIPS, _TILES) and number > MAX_STRIPS:
            raise Excess(f"{MAX_STRIPS:,} strips")
        if tag in (_WIDTH, _HEIGHT) and kind in _NUMBERS and number == 1:
            # As Pillow does, the first of two equal tags counts.
            values.setdefault(tag, struct.unpack_from(layout[0] + _NUMBERS[kind], value)[0])
    if len(values) < 2:
        raise Damaged("it has no header")
    return values[_WIDTH], values[_HEIGHT]
