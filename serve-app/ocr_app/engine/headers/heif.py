"""HEIC and AVIF: ISO/IEC 23008-12 (HEIF); https://aomediacodec.github.io/av1-avif/. Only the primary picture counts."""

import struct

from ocr_app.engine.headers.boxes import boxes
from ocr_app.engine.headers.errors import Damaged, Excess

MAX_ITEMS = 1_000
"""Most pictures and tiles; libheif reads no more either. A phone's picture of 50 million pixels has about 200 tiles."""


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the primary picture, before it is turned upright."""
    meta = _find(data, b"meta", 0, len(data))
    if meta is None:
        raise Damaged("it has no picture")
    try:
        # Of a "full" box the first four bytes are version and flags.
        start, end = meta[0] + 4, meta[1]
        primary = _primary(data, start, end)
        iprp = _find(data, b"iprp", start, end) or (end, end)
        ipco = _find(data, b"ipco", *iprp) or (end, end)
        properties = list(boxes(data, *ipco))
        for kind, content, stop in boxes(data, *iprp):
            if kind == b"ipma":
                for index in _properties_of(data, content, stop, primary):
                    if 0 < index <= len(properties) and properties[index - 1][0] == b"ispe":
                        width, height = struct.unpack_from(">II", data, properties[index - 1][1] + 4)
                        return width, height
    except (struct.error, IndexError) as error:
        raise Damaged("it has no header") from error
    raise Damaged("it has no header")


def _find(data: bytes, wanted: bytes, start: int, end: int) -> tuple[int, int] | None:
    return next(((content, stop) for kind, content, stop in boxes(data, start, end) if kind == wanted), None)


def _primary(data: bytes, start: int, end: int) -> int:
    pitm = _find(data, b"pitm", start, end)
    if pitm is None:
        raise Damaged("it has no picture")
    number: int = struct.unpack_from(">I" if data[pitm[0]] else ">H", data, pitm[0] + 4)[0]
    return number


def _properties_of(data: bytes, at: int, end: int, item: int) -> list[int]:
    """Return the numbers, from 1, of an item's properties; `at` and `end` are those of a box `ipma`."""
    item_format = ">I" if data[at] else ">H"
    wide = data[at + 3] & 1
    (count,) = struct.unpack_from(">I", data, at + 4)
    if count > MAX_ITEMS:
        raise Excess(f"{MAX_ITEMS:,} pictures or tiles")
    at += 8
    for _ in range(count):
        (number,) = struct.unpack_from(item_format, data, at)
        at += struct.calcsize(item_format)
        properties = data[at]
        at += 1
        if number == item:
            # The first bit says whether a reader must understand the property.
            if wide:
                return [value & 0x7FFF for value in struct.unpack_from(f">{properties}H", data, at)]
            return [value & 0x7F for value in data[at : at + properties]]
        at += properties * (2 if wide else 1)
        if at > end:
            break
    return []
