"""TIFF and BigTIFF: https://www.awaresystems.be/imaging/tiff.html.

A file is a chain of directories, each of them a page, unless its tags say that it is a smaller copy or a mask of one.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from ocr_app.engine.headers.errors import Damaged, Excess

MAX_TAGS = 4_096
"""Most tags of a directory; libtiff refuses more too. Files of cameras and maps have about a hundred."""

MAX_STRIPS = 100_000
"""Most strips or tiles. Pillow makes a list of them in Python; with one for each row, a page has some thousands."""

MAX_DIRECTORIES = 10_000
MAX_ALL_TAGS = 50_000
"""Most tags of all directories together, which may lie over each other; a scanned page has about twenty."""

_KIND, _OLD_KIND, _WIDTH, _HEIGHT, _STRIPS, _TILES = 254, 255, 256, 257, 273, 324
_NUMBERS = {3: "H", 4: "I", 16: "Q"}
_SMALLER_COPY, _MASK = 1, 4
"""Bits of the tag NewSubfileType; the older SubfileType says 2 for the first."""


class _Layout(NamedTuple):
    """Where things are in the file: in a BigTIFF counts and offsets have 8 bytes."""

    order: str
    first: int
    offset: str
    number: str
    tag: str


class _Page(NamedTuple):
    at: int
    width: int
    height: int


def sizes(data: bytes) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of each page, in order, one at least."""
    return tuple((page.width, page.height) for page in _pages(data))


def alone(data: bytes, page: int) -> bytes:
    """Return a file whose first directory is that of a page, from 0: decoders need not go through those before it."""
    layout = _layout(data)
    start = layout.first + struct.calcsize(layout.offset)
    return data[: layout.first] + struct.pack(layout.offset, _pages(data)[page].at) + data[start:]


def _layout(data: bytes) -> _Layout:
    order = "<" if data[:2] == b"II" else ">"
    if data[2:4] in (b"+\0", b"\0+"):
        return _Layout(order, 8, order + "Q", order + "Q", order + "HHQ8s")
    return _Layout(order, 4, order + "I", order + "H", order + "HHI4s")


def _pages(data: bytes) -> list[_Page]:
    copies: list[_Page] = []
    pages: list[_Page] = []
    try:
        for at, tags in _directories(data, _layout(data)):
            if not {_WIDTH, _HEIGHT} & tags.keys():
                continue  # No picture.
            page = _Page(at, tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0))
            copy = tags.get(_KIND, 0) & (_SMALLER_COPY | _MASK) or tags.get(_OLD_KIND) == 2
            (copies if copy else pages).append(page)
    # OverflowError: BigTIFF has offsets that no file reaches.
    except (struct.error, OverflowError) as error:
        raise Damaged(f"page {len(pages) + 1} has no header" if pages else "it has no header") from error
    if not pages and not copies:
        raise Damaged("it has no header")
    # Some programs mark the only picture as a copy.
    return pages or copies[:1]


def _directories(data: bytes, layout: _Layout) -> Iterator[tuple[int, dict[int, int]]]:
    """Yield the place and the tags of each directory; raise struct.error or OverflowError for one that is not there."""
    seen: set[int] = set()
    all_tags = 0
    (at,) = struct.unpack_from(layout.offset, data, layout.first)
    # A chain that leads back to where it has been ends there, as in Pillow.
    while at not in seen and (at or not seen):
        if len(seen) == MAX_DIRECTORIES:
            raise Excess(f"{MAX_DIRECTORIES:,} directories")
        seen.add(at)
        (count,) = struct.unpack_from(layout.number, data, at)
        if count > MAX_TAGS:
            raise Excess(f"{MAX_TAGS:,} tags")
        all_tags += count
        if all_tags > MAX_ALL_TAGS:
            raise Excess(f"{MAX_ALL_TAGS:,} tags")
        start = at + struct.calcsize(layout.number)
        end = start + count * struct.calcsize(layout.tag)
        (following,) = struct.unpack_from(layout.offset, data, end)
        yield at, _tags(data[start:end], layout)
        at = following


def _tags(directory: bytes, layout: _Layout) -> dict[int, int]:
    values: dict[int, int] = {}
    for tag, kind, number, value in struct.iter_unpack(layout.tag, directory):
        if tag > _TILES:
            continue
        if tag in (_STRIPS, _TILES) and number > MAX_STRIPS:
            raise Excess(f"{MAX_STRIPS:,} strips")
        if tag in (_KIND, _OLD_KIND, _WIDTH, _HEIGHT) and kind in _NUMBERS and number == 1:
            # As Pillow does, the first of two equal tags counts.
            values.setdefault(tag, struct.unpack_from(layout.order + _NUMBERS[kind], value)[0])
    return values
