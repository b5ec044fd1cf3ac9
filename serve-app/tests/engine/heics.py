"""Files that no encoder at hand writes: HEIC as of a phone, in tiles and turned; HEIC and AVIF with false headers.

The pictures in `pictures/` were made with pillow-heif, which needs no part in the tests: it carries x265.
"""

import struct
from pathlib import Path

from ocr_app.engine.headers.boxes import boxes

PICTURES = Path(__file__).with_name("pictures")


def picture(name: str) -> bytes:
    """Return a file of `pictures/`."""
    return (PICTURES / f"{name}.heic").read_bytes()


def box(kind: bytes, content: bytes) -> bytes:
    """Return a box."""
    return struct.pack(">I", len(content) + 8) + kind + content


def full_box(kind: bytes, content: bytes, version: int = 0) -> bytes:
    """Return a box with version and flags."""
    return box(kind, struct.pack(">I", version << 24) + content)


def of_tiles(
    name: str,
    tile_side: int,
    columns: int,
    rows: int,
    size: tuple[int, int],
    *,
    turns: int = 0,
    side: int | None = None,
) -> bytes:
    """Return a HEIC of one picture of `pictures/`, again and again.

    Args:
        name: Of the tile, whose file holds nothing else.
        tile_side: Of the tile, in pixels.
        columns: Of tiles.
        rows: Of tiles.
        size: Width and height that the grid names.
        turns: Quarter turns anticlockwise that a reader has to make.
        side: Width and height of a tile that the file names, if not the true one.
    """
    tile = picture(name)
    tops = {kind: (start, stop) for kind, start, stop in boxes(tile, 0, len(tile))}
    meta = {kind: (start, stop) for kind, start, stop in boxes(tile, tops[b"meta"][0] + 4, tops[b"meta"][1])}
    properties = {kind: (start, stop) for kind, start, stop in boxes(tile, *meta[b"iprp"])}[b"ipco"]
    hvcc = next(tile[start:stop] for kind, start, stop in boxes(tile, *properties) if kind == b"hvcC")
    pixels = tile[slice(*tops[b"mdat"])]
    count = columns * rows
    main = count + 1
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)

    items = b"".join(
        full_box(b"infe", struct.pack(">HH4sx", number, 0, b"hvc1" if number <= count else b"grid"), 2)
        for number in range(1, main + 1)
    )
    ipco = (
        box(b"hvcC", hvcc)
        + full_box(b"ispe", struct.pack(">II", *(side or tile_side,) * 2))
        + full_box(b"ispe", struct.pack(">II", *size))
        + box(b"irot", bytes([turns]))
    )
    ipma = struct.pack(">I", main)
    ipma += b"".join(struct.pack(">HBBB", number, 2, 0x81, 2) for number in range(1, main))
    ipma += struct.pack(">HBBB", main, 2, 3, 0x84)

    def whole(start: int) -> bytes:
        places = [*[(start, len(pixels))] * count, (start + len(pixels), len(grid))]
        iloc = struct.pack(">HH", 0x4400, main) + b"".join(
            struct.pack(">HHHII", number, 0, 1, *place) for number, place in enumerate(places, 1)
        )
        content = (
            full_box(b"hdlr", struct.pack(">I4s12xx", 0, b"pict"))
            + full_box(b"pitm", struct.pack(">H", main))
            + full_box(b"iloc", iloc)
            + full_box(b"iinf", struct.pack(">H", main) + items)
            + box(b"iprp", box(b"ipco", ipco) + full_box(b"ipma", ipma))
            + full_box(b"iref", box(b"dimg", struct.pack(f">HH{count}H", main, count, *range(1, main))))
        )
        return box(b"ftyp", b"heic\0\0\0\0mif1heic") + full_box(b"meta", content) + box(b"mdat", pixels + grid)

    return whole(len(whole(0)) - len(pixels) - len(grid))


def with_size(data: bytes, side: int) -> bytes:
    """Return a HEIC or AVIF whose header names another size for each picture."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", side, side) + data[at + 8 :]
