"""Boxes of the ISO base media file format, of which AVIF, HEIC and JPEG 2000 files are made."""

import struct
from collections.abc import Iterator

from ocr_app.engine.headers.errors import Excess

MAX_BOXES = 10_000
"""Most boxes in one place. A phone's picture has some dozens, and at most some hundred properties."""


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes between two places: kind, and where its content begins and ends; damaged ones end it."""
    at, count = start, 0
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        content = at + 8
        if length == 1 and at + 16 <= end:
            (length,) = struct.unpack_from(">Q", data, content)
            content += 8
        stop = end if length == 0 else at + length
        if stop < content or stop > end:
            return
        yield kind, content, stop
        at = stop
        count += 1
        if count > MAX_BOXES:
            raise Excess(f"{MAX_BOXES:,} boxes")
