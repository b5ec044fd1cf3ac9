"""The TIFF files of `hostile_images.py`, and the sizes of all of them."""

import struct
import zlib

SIZE = 3_990_000
"""About the size of those files that cost more the larger they are, in bytes."""

SIDE = 7_000
"""Pixels a side of the files that claim to be as large as is accepted (49 million pixels)."""


_Tags = dict[int, tuple[int, int, bytes]]


def _tiff(tags: _Tags, more: bytes = b"", next_directory: int = 0) -> bytes:
    """Make a little-endian TIFF: tag to (type, count, value); values above 4 bytes go behind the directory."""
    entries, values = b"", b""
    at = 8 + 2 + 12 * len(tags) + 4
    for tag, (kind, count, value) in sorted(tags.items()):
        if len(value) > 4:
            entries += struct.pack("<HHII", tag, kind, count, at + len(values))
            values += value
        else:
            entries += struct.pack("<HHI4s", tag, kind, count, value.ljust(4, b"\0"))
    return (
        b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_directory) + values + more
    )


def _long(*values: int) -> tuple[int, int, bytes]:
    return 4, len(values), struct.pack(f"<{len(values)}I", *values)


def _tiff_tags(side: int, *, compression: int, rows: int, offsets: list[int], counts: list[int]) -> _Tags:
    return {
        256: _long(side), 257: _long(side), 258: (3, 1, b"\x08\0"), 259: _long(compression), 262: (3, 1, b"\1\0"),
        273: _long(*offsets), 277: (3, 1, b"\1\0"), 278: _long(rows), 279: _long(*counts),
    }  # fmt: skip


def tiff_of_tags(compression: int) -> bytes:
    tags = _tiff_tags(16, compression=compression, rows=16, offsets=[8], counts=[256])
    # Tags that nobody knows; libtiff sorts its list of tags again for each of them.
    unknown = {tag: (1, 4, b"\1\1\1\1") for tag in range(10_000, 40_000)}
    return _tiff({**unknown, **tags}, more=bytes(512))


def bigtiff_of_tags() -> bytes:
    count = SIZE // 20
    head = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, count)
    return head + struct.pack("<HHQ8s", 40_000, 99, 1, bytes(8)) * count + bytes(8)


def tiff_of_strips() -> bytes:
    count = SIZE // 8
    return _tiff(_tiff_tags(SIDE, compression=1, rows=1, offsets=[8] * count, counts=[1] * count))


def tiff_of_shared_strips() -> bytes:
    # Each of 7,000 rows is "compressed" in the same 3.9 MB.
    blob = zlib.compress(bytes(SIDE)) + bytes(3_800_000)
    at = 8 + 2 + 12 * 9 + 4 + 2 * 4 * SIDE
    tags = _tiff_tags(SIDE, compression=8, rows=1, offsets=[at] * SIDE, counts=[len(blob)] * SIDE)
    return _tiff(tags, more=blob)


def tiff_of_directories() -> bytes:
    first = _tiff(_tiff_tags(16, compression=1, rows=16, offsets=[8], counts=[256]), more=bytes(512))
    at = len(first)
    count = (SIZE - at) // 6
    chain = b"".join(struct.pack("<HI", 0, at + 6 * (index + 1)) for index in range(count))
    place = 8 + 2 + 12 * 9
    return first[:place] + struct.pack("<I", at) + first[place + 4 :] + chain + bytes(6)


def tiff_of_a_large_dictionary() -> bytes:
    # XZ's header asks the decoder for a dictionary of 1.5 GB.
    block = b"\x02\x00\x21\x01\x25" + bytes(3)
    xz = b"\xfd7zXZ\0\0\0" + struct.pack("<I", zlib.crc32(b"\0\0")) + block + struct.pack("<I", zlib.crc32(block))
    xz += b"\x01\xff\xff" + bytes(65_536)
    tags = _tiff_tags(200, compression=34925, rows=200, offsets=[8 + 2 + 12 * 9 + 4], counts=[len(xz)])
    return _tiff(tags, more=xz)
