"""Small image files that cost a naive reader seconds or gigabytes, for tests of limits and of the running service.

Each builder returns a file below 4 MB within a fraction of a second. Some are refused from their bytes, some decode
within the limits, some end at the limits of time or memory of the process that decodes them.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterable

from PIL import Image

from tests.engine import heics, hostile_tiffs
from tests.engine.hostile_tiffs import SIDE, SIZE


def _jpeg(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "JPEG", **options)
    return buffer.getvalue()


def _with_jpeg_size(data: bytes, side: int) -> bytes:
    at = data.index(b"\xff\xc2") + 5
    return data[:at] + struct.pack(">HH", side, side) + data[at + 4 :]


def _scans(count: int) -> bytes:
    data = _with_jpeg_size(_jpeg(progressive=True), SIDE)
    # One more scan of the luma's high frequencies, with no data: every block of the page is visited for nothing.
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00"
    return data[:-2] + scan * count + data[-2:]


def _arithmetic_scans(count: int) -> bytes:
    """Make a progressive file in arithmetic code, whose decoder never runs out of data: it goes on with zeros."""
    frame = struct.pack(">BHHB", 8, SIDE, SIDE, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
    first = _segment(0xDA, b"\3\1\0\2\0\3\0\0\0\1") + _segment(0xDA, b"\1\1\0\1\x3f\1") + bytes(range(255)) * 100
    refining = _segment(0xDA, b"\1\1\0\1\x3f\x10") * (count - 2)
    return b"\xff\xd8" + _segment(0xDB, b"\0" + b"\1" * 64) + _segment(0xCA, frame) + first + refining + b"\xff\xd9"


def _with_segments(segments: bytes) -> bytes:
    return b"\xff\xd8" + segments + _jpeg()[2:]


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _exif_of_many_tags() -> bytes:
    # A directory of 65,535 tags, cut into segments, which Pillow joins to one block.
    tags = b"".join(struct.pack("<HHI4s", tag, 3, 1, b"\1\0\0\0") for tag in range(1, 65_536))
    exif = b"II*\0\x08\0\0\0" + struct.pack("<H", 65_535) + tags + b"\0\0\0\0"
    return _with_segments(
        b"".join(_segment(0xE1, b"Exif\0\0" + exif[i : i + 60_000]) for i in range(0, len(exif), 60_000))
    )


def _photoshop_blocks() -> bytes:
    block = b"".join(b"8BIM" + struct.pack(">HBBI", number, 0, 0, 0) for number in range(5_000))
    return _with_segments(_segment(0xED, b"Photoshop 3.0\0" + block) * 65)


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(chunks: bytes, *, side: int = 16, depth: int = 8, colour: int = 2, interlaced: bool = False) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + chunks + _chunk(b"IEND")


def _idat(side: int = 16, channels: int = 3, bits: int = 8) -> bytes:
    """Return a chunk with the rows of a black picture."""
    # One block of zeros again and again, a little more than the rows: an interlaced file has some rows more.
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    blocks = side * (1 + side * channels * bits // 8) // 2**20 + 2
    return _chunk(b"IDAT", b"\x78\xda" + block * blocks)


def _fill(pieces: Iterable[bytes], size: int = SIZE) -> bytes:
    parts: list[bytes] = []
    for piece in pieces:
        size -= len(piece)
        if size < 0:
            break
        parts.append(piece)
    return b"".join(parts)


def _idats_of_one_byte() -> bytes:
    packed = zlib.compress(bytes((1 + 700 * 3) * 700), 0)
    return _png(_fill(_chunk(b"IDAT", packed[i : i + 1]) for i in range(len(packed))), side=700)


def _apng_frames() -> bytes:
    frame = zlib.compress(bytes((1 + 16 * 3) * 16))

    def frames() -> Iterable[bytes]:
        number = 1
        while True:
            control = _chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 16, 16, 0, 0, 1, 10, 0, 0))
            yield control + _chunk(b"fdAT", struct.pack(">I", number + 1) + frame)
            number += 2

    first = _chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 16, 16, 0, 0, 1, 10, 0, 0)) + _idat()
    return _png(_chunk(b"acTL", struct.pack(">II", 30_000, 0)) + first + _fill(frames()))


def _gif(before: bytes = b"", after: bytes = b"", side: int = 16) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0, 0, 0)
    image = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + before + image + after + b";"


def _gif_of_clears() -> bytes:
    # Codes of two bits, all of them "clear": the decoder turns 16 million codes into no pixel.
    data = b"\xff" + b"\x92\x24\x49" * 85
    head = b"GIF89a" + struct.pack("<HHBBB", SIDE, SIDE, 0, 0, 0)
    return head + b"," + struct.pack("<HHHHB", 0, 0, SIDE, SIDE, 0) + b"\x02" + data * (SIZE // 256) + b"\0;"


def _webp(side: int = 16) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()


def _riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_canvas(side: int, flags: int) -> bytes:
    return b"VP8X" + struct.pack("<IBxxx", 10, flags) + struct.pack("<I", side - 1)[:3] * 2


def _webp_frames(side: int) -> bytes:
    picture = _webp()[12:]
    body = bytes(6) + struct.pack("<I", 15)[:3] * 2 + bytes(3) + b"\0" + picture
    frame = b"ANMF" + struct.pack("<I", len(body)) + body
    return _riff(_webp_canvas(side, 2), b"ANIM" + struct.pack("<IIH", 6, 0, 0), frame * (SIZE // len(frame)))


def _bmp(pixels: bytes, *, width: int, height: int, compression: int) -> bytes:
    bits = 4 if compression == 2 else 8
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, 2, 0)
    palette = b"\0\0\0\0\xff\0\0\0"
    at = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(pixels), 0, 0, at) + head + palette + pixels


def _avif(side: int = 64) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(buffer, "AVIF", speed=10)
    return buffer.getvalue()


def _heic_of_properties() -> bytes:
    data = heics.picture("tile")
    at = data.index(b"ipco")
    boxes = heics.box(b"free", b"") * (SIZE // 8 - 100)
    for kind in (b"meta", b"iprp", b"ipco"):
        start = data.index(kind) - 4
        data = (
            data[:start]
            + struct.pack(">I", int.from_bytes(data[start : start + 4], "big") + len(boxes))
            + data[start + 4 :]
        )
    return data[: at + 4] + boxes + data[at + 4 :]


def _heic_of_items() -> bytes:
    data = heics.picture("tile")
    at = data.index(b"ipma") + 8
    return data[:at] + b"\0\1\0\0" + data[at + 4 :]


def _jp2(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "JPEG2000", **options)
    return buffer.getvalue()


def _with_siz(data: bytes, offset: int, layout: str, *values: int) -> bytes:
    at = data.index(b"\xff\x4f\xff\x51") + offset
    return data[:at] + struct.pack(layout, *values) + data[at + struct.calcsize(layout) :]


def _jp2_of_size(side: int) -> bytes:
    data = _with_siz(_jp2(no_jp2=True), 8, ">II", side, side)
    return _with_siz(data, 24, ">II", side, side)


HOSTILE_IMAGES: dict[str, Callable[[], bytes]] = {
    "jpeg_5000_empty_scans": lambda: _scans(5_000),
    "jpeg_scans_up_to_4_mb": lambda: _scans(SIZE // 10 - 100),
    "jpeg_60_scans": lambda: _scans(60),
    "jpeg_100_scans_of_arithmetic_code": lambda: _arithmetic_scans(100),
    "jpeg_a_million_segments": lambda: _with_segments(_segment(0xE3, b"") * (SIZE // 4 - 500)),
    "jpeg_exif_in_tiny_pieces": lambda: _with_segments(_segment(0xE1, b"Exif\0\0x") * (SIZE // 11 - 500)),
    "jpeg_exif_of_65535_tags": _exif_of_many_tags,
    "jpeg_icc_in_tiny_pieces": lambda: _with_segments(_segment(0xE2, b"ICC_PROFILE\0\1\xff") * (SIZE // 18 - 500)),
    "jpeg_photoshop_blocks": _photoshop_blocks,
    "jpeg_junk_between_segments": lambda: _with_segments(_segment(0xE3, b"") + bytes(SIZE - 1_000)),
    "jpeg_padding_between_segments": lambda: _with_segments(b"\xff" * (SIZE - 1_000)),
    "jpeg_stuffing_between_segments": lambda: _with_segments(b"\xff\x00" * (SIZE // 2 - 1_000)),
    "png_empty_idats": lambda: _png(_chunk(b"IDAT") * (SIZE // 12 - 50) + _idat()),
    "png_empty_chunks": lambda: _png(_chunk(b"zzZz") * (SIZE // 12 - 50) + _idat()),
    "png_empty_chunks_at_the_end": lambda: _png(_idat() + _chunk(b"zzZz") * (SIZE // 12 - 50)),
    "png_texts": lambda: _png(_fill(_chunk(b"tEXt", b"%d\0x" % i) for i in range(SIZE)) + _idat()),
    "png_zlib_texts": lambda: _png(
        _fill([_chunk(b"zTXt", b"key\0\0" + zlib.compress(bytes(1_000_000), 9))] * 3_600) + _idat()
    ),
    "png_zlib_texts_of_xmp": lambda: _png(
        _fill([_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b" " * 1_000_000, 9))] * 3_600) + _idat()
    ),
    "png_icc_profiles": lambda: _png(
        _fill([_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1_000_000), 9))] * 3_600) + _idat()
    ),
    "png_icc_profiles_at_the_end": lambda: _png(
        _idat() + _fill([_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1_000_000), 9))] * 3_600)
    ),
    "png_exif_of_65535_tags": lambda: _png(
        _chunk(
            b"eXIf",
            b"II*\0\x08\0\0\0\xff\xff"
            + b"".join(struct.pack("<HHII", t, 3, 1, 1) for t in range(1, 65_536))
            + bytes(4),
        )
        + _idat()
    ),
    "png_idats_of_one_byte": _idats_of_one_byte,
    "png_49_megapixels_rgba_of_16_bits": lambda: _png(
        _idat(SIDE, 4, 16), side=SIDE, depth=16, colour=6, interlaced=True
    ),
    "png_49_megapixels_grey_of_16_bits": lambda: _png(_idat(SIDE, 1, 16), side=SIDE, depth=16, colour=0),
    "apng_frames": _apng_frames,
    "gif_comment_in_single_bytes": lambda: _gif(b"!\xfe" + b"\1x" * (SIZE // 2 - 50) + b"\0"),
    "gif_extensions": lambda: _gif(b"!\xf9\4\0\0\0\0\0" * (SIZE // 8 - 50)),
    "gif_frames": lambda: _gif(
        after=(b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0") * (SIZE // 15 - 50)
    ),
    "gif_junk_before_the_frame": lambda: _gif(b"x" * (SIZE - 100)),
    "gif_codes_without_pixels": _gif_of_clears,
    "webp_frames": lambda: _webp_frames(16),
    "webp_frames_on_49_megapixels": lambda: _webp_frames(SIDE),
    "webp_chunks": lambda: _riff(
        _webp_canvas(16, 0), b"zzzz" + bytes(4), b"zzzz\0\0\0\0" * (SIZE // 8 - 100), _webp()[12:]
    ),
    "tiff_tags": lambda: hostile_tiffs.tiff_of_tags(compression=1),
    "tiff_tags_for_libtiff": lambda: hostile_tiffs.tiff_of_tags(compression=5),
    "bigtiff_tags": hostile_tiffs.bigtiff_of_tags,
    "tiff_strips": hostile_tiffs.tiff_of_strips,
    "tiff_strips_that_share_their_data": hostile_tiffs.tiff_of_shared_strips,
    "tiff_directories": hostile_tiffs.tiff_of_directories,
    "tiff_large_dictionary": hostile_tiffs.tiff_of_a_large_dictionary,
    "heic_properties": _heic_of_properties,
    "heic_items": _heic_of_items,
    "heic_tile_again_and_again": lambda: heics.of_tiles("white_4096", 4096, 25, 39, (SIDE, SIDE)),
    "heic_tiles_larger_than_they_say": lambda: heics.of_tiles("white_4096", 4096, 25, 39, (1_600, 2_496), side=64),
    "heic_larger_than_it_says": lambda: heics.with_size(heics.picture("white_4096"), 64),
    "heic_smaller_than_it_says": lambda: heics.with_size(heics.picture("tile"), SIDE),
    "heic_49_megapixels": lambda: heics.of_tiles("white_4096", 4096, 2, 2, (SIDE, SIDE)),
    "avif_larger_than_it_says": lambda: heics.with_size(_avif(4_000), 64),
    "avif_smaller_than_it_says": lambda: heics.with_size(_avif(), SIDE),
    "jp2_tiles": lambda: _with_siz(_jp2_of_size(SIDE), 24, ">II", 1, 1),
    "jp2_many_tiles": lambda: _with_siz(_jp2_of_size(SIDE), 24, ">II", 71, 71),
    "jp2_colours": lambda: _with_siz(_jp2(no_jp2=True), 40, ">H", 16_384),
    "jp2_two_sizes": lambda: _with_siz(_jp2(), 8, ">II", SIDE, SIDE),
    "jp2_49_megapixels": lambda: _jp2_of_size(SIDE),
    "bmp_end_of_one_long_row": lambda: _bmp(b"\1\1\0\0", width=49_000_000, height=1, compression=1),
    "bmp_ends_of_rows": lambda: _bmp(b"\1\1\0\0" * 740, width=65_500, height=740, compression=1),
    "bmp_runs_of_4_bits": lambda: _bmp(b"\xff\x12" * (49_000_000 // 255), width=49_000_000, height=1, compression=2),
    "bmp_steps_that_go_nowhere": lambda: _bmp(b"\0\2\0\0" * (SIZE // 4 - 50), width=SIDE, height=SIDE, compression=1),
    "bmp_runs_past_the_row": lambda: _bmp(b"\1\1" * (SIZE // 2 - 50), width=1, height=2_000_000, compression=1),
}
"""Name to builder; a test sends what it returns as an image, under any name."""
