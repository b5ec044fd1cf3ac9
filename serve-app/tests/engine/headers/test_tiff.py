"""How many pages a TIFF has, by its directories alone."""

import io
import struct

import pytest
from PIL import Image, TiffImagePlugin

from ocr_app.engine.headers import tiff
from ocr_app.engine.headers.errors import Damaged, Excess

SIZES = ((30, 20), (20, 40), (50, 10))


def file(*sizes: tuple[int, int], big: bool = False, kinds: dict[int, int] | None = None) -> bytes:
    """A TIFF of grey pages, each darker than the one before; `kinds` are NewSubfileTypes by page."""
    pages = [Image.new("L", size, 200 - 50 * index) for index, size in enumerate(sizes)]
    for index, page in enumerate(pages):
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        if kinds and index in kinds:
            tags[254] = kinds[index]
        page.encoderinfo = {"tiffinfo": tags}
    buffer = io.BytesIO()
    options = pages[0].encoderinfo
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], big_tiff=big, **options)
    return buffer.getvalue()


def directories(data: bytes) -> list[int]:
    """Where the directories of a small little-endian TIFF begin."""
    (at,) = struct.unpack_from("<I", data, 4)
    found: list[int] = []
    while at:
        found.append(at)
        (at,) = struct.unpack_from("<I", data, next_directory(data, at))
    return found


def next_directory(data: bytes, at: int) -> int:
    (tags,) = struct.unpack_from("<H", data, at)
    return at + 2 + 12 * int(tags)


@pytest.mark.parametrize("big", [False, True])
def test_each_directory_is_a_page_and_can_stand_alone(big: bool) -> None:
    data = file(*SIZES, big=big)
    assert tiff.sizes(data) == SIZES
    for page, size in enumerate(SIZES):
        with Image.open(io.BytesIO(tiff.alone(data, page))) as image:
            assert (image.size, image.getpixel((0, 0))) == (size, 200 - 50 * page)


def test_smaller_copies_and_masks_are_no_pages() -> None:
    data = file((3, 2), *SIZES, (9, 9), kinds={0: 1, 2: 2, 4: 4})
    assert tiff.sizes(data) == SIZES
    with Image.open(io.BytesIO(tiff.alone(data, 0))) as image:
        assert image.size == SIZES[0]


def test_one_that_is_all_there_is_counts_whatever_it_says() -> None:
    assert tiff.sizes(file((30, 20), kinds={0: 1})) == ((30, 20),)


def test_a_chain_that_leads_back_ends() -> None:
    data = bytearray(file(*SIZES))
    first, *_, last = directories(bytes(data))
    struct.pack_into("<I", data, next_directory(bytes(data), last), first)
    assert tiff.sizes(bytes(data)) == SIZES


def test_a_page_that_is_cut_off_is_named() -> None:
    data = bytearray(file(*SIZES))
    *_, second, _ = directories(bytes(data))
    struct.pack_into("<I", data, next_directory(bytes(data), second), len(data) + 1)
    with pytest.raises(Damaged, match="page 3 has no header"):
        tiff.sizes(bytes(data))


def test_what_no_scanner_writes_is_refused() -> None:
    empty = b"".join(struct.pack("<HI", 0, 8 + 6 * (index + 1)) for index in range(tiff.MAX_DIRECTORIES + 1))
    with pytest.raises(Excess, match="10,000 directories"):
        tiff.sizes(b"II*\0\x08\0\0\0" + empty)
    # Directories of 4,096 tags that begin two bytes after each other: little data, many tags.
    overlapping = b"II*\0\x08\0\0\0" + b"\0\x10" * 60_000
    with pytest.raises((Excess, Damaged)):
        tiff.sizes(overlapping)
