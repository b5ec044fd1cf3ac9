"""PNG: https://www.w3.org/TR/png-3/#5DataRep."""

import struct
import zlib

from ocr_app.engine.headers.errors import Damaged, Excess

MAX_CHUNKS = 20_000
"""Most chunks. Pillow walks them in Python; encoders write chunks of 8 KiB or more, so that 20 MB has about 2,500."""

MAX_OTHER_CHUNKS = 1_000
"""Most chunks that are not part of a picture, such as texts. Each may hold 1 MB, compressed to 1 KB."""

_PICTURE = frozenset((b"IDAT", b"fdAT", b"fcTL"))
_PROFILE = b"iCCP"


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the IHDR chunk."""
    if data[12:16] != b"IHDR" or len(data) < 33 or data[8:12] != b"\0\0\0\x0d":
        raise Damaged("it has no header")
    if zlib.crc32(data[12:29]) != int.from_bytes(data[29:33], "big"):
        raise Damaged("its header has a wrong checksum")
    _check_chunks(data)
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _check_chunks(data: bytes) -> None:
    at, chunks, others, has_profile, has_picture = 33, 0, 0, False, False
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunks += 1
        if kind in _PICTURE:
            has_picture = True
        else:
            others += 1
            if kind == _PROFILE:
                # The rules allow one. Pillow unpacks each, up to 1 MB, and keeps the last.
                if has_profile:
                    raise Excess("one colour profile")
                has_profile = True
        if chunks > MAX_CHUNKS:
            raise Excess(f"{MAX_CHUNKS:,} chunks")
        if others > MAX_OTHER_CHUNKS:
            raise Excess(f"{MAX_OTHER_CHUNKS:,} chunks besides those of its pixels")
        if kind == b"IEND":
            break
        at += length + 12
    if not has_picture:
        raise Damaged("it has no pixels")
