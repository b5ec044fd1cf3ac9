"""What is read and refused without a decoder."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from ocr_app.engine.formats import sniff
from ocr_app.engine.headers import READERS, sizes
from ocr_app.engine.headers.errors import Damaged, Excess
from ocr_app.engine.headers.jpeg import MAX_SCANS
from ocr_app.engine.headers.png import MAX_CHUNKS, MAX_OTHER_CHUNKS
from ocr_app.engine.images import MAX_SIDE, decode, probe
from ocr_app.engine.types import RequestError
from tests.engine import heics
from tests.engine.hostile_images import HOSTILE_IMAGES

MOST = 50_000_000
PICTURE = Image.effect_noise((300, 200), 90)


def file(form: str, image: Image.Image = PICTURE, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def written(form: str, image: Image.Image = PICTURE) -> bytes:
    return heics.picture("gradient") if form == "HEIC" else file(form.replace(" ", ""), image)


FORMS = ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "HEIC", "AVIF", "JPEG 2000"]


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bottom_up_and_older_bmp() -> list[bytes]:
    whole = file("BMP", PICTURE.convert("RGB"))
    from_the_top = whole[:22] + struct.pack("<i", -200) + whole[26:]
    core = b"BM" + struct.pack("<IHHIIHHHH", 26, 0, 0, 26, 12, 300, 200, 1, 24) + bytes(300 * 3 * 200)
    return [whole, from_the_top, core]


@pytest.mark.parametrize(
    "data",
    [
        *(file(form) for form in ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "AVIF", "JPEG2000")),
        file("JPEG2000", no_jp2=True),
        file("JPEG2000", tile_size=(64, 64)),
        file("AVIF", save_all=True, append_images=[PICTURE.rotate(180)]),
        file("AVIF", PICTURE.convert("RGBA")),
        *bottom_up_and_older_bmp(),
        file("JPEG", progressive=True),
        file("JPEG", PICTURE.convert("CMYK"), progressive=True),
        file("JPEG", restart_marker_blocks=1),
        file("JPEG", exif=b"Exif\0\0" + bytes(60_000), comment=b"\xff\xd9 \xff\xda" * 500),
        file("MPO", save_all=True, append_images=[PICTURE] * 3),
        # A phone's "motion photo": a film follows the picture, with anything in it.
        file("JPEG") + b"\xff\xda\x00\x04" * 5_000,
        file("WEBP", lossless=True),
        file("WEBP", save_all=True, append_images=[PICTURE.rotate(180)], duration=9),
        file("WEBP", PICTURE.convert("RGBA")),
        file("TIFF", compression="tiff_lzw"),
        file("TIFF", big_tiff=True),
        file("TIFF", PICTURE.convert("I;16B")),
        file("GIF", save_all=True, append_images=[PICTURE.rotate(180)], comment=b"scan" * 2_000),
        file("PNG", PICTURE.convert("P")),
        file("PNG", save_all=True, append_images=[PICTURE.rotate(180)]),
        file("PNG", icc_profile=bytes(9_000), exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    ],
)
def test_honest_files_pass_with_the_size_that_the_decoder_finds(data: bytes) -> None:
    info = probe(data, max_pixels=MOST)
    with Image.open(io.BytesIO(data)) as image:
        assert info.sizes == (image.size,) == ((300, 200),)
    assert decode(data, max_pixels=MOST).size == (300, 200)


def test_a_first_frame_larger_than_its_gif_counts() -> None:
    data = bytearray(file("GIF"))
    data[6:10] = struct.pack("<HH", 3, 2)
    assert probe(bytes(data), max_pixels=MOST).sizes == ((300, 200),)


def with_scans(count: int) -> bytes:
    data = file("JPEG", progressive=True)
    more = count - data.count(b"\xff\xda")
    return data[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" * more + data[-2:]


def test_as_many_scans_as_any_encoder_writes_pass_and_more_do_not() -> None:
    assert decode(with_scans(MAX_SCANS), max_pixels=MOST).size == (300, 200)
    with pytest.raises(RequestError, match=r"JPEG image has more than 100 scans: save it again as a plain") as error:
        probe(with_scans(MAX_SCANS + 1), max_pixels=MOST, param="x")
    assert (error.value.status, error.value.code, error.value.param) == (400, "invalid_image", "x")


def test_scans_behind_what_looks_like_an_end_are_counted() -> None:
    data = file("JPEG", progressive=True)
    hidden = b"\xff\xfe\x00\x06\xff\xd9\xff\xd9"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00"
    with pytest.raises(Excess, match="scans"):
        READERS["jpeg"](data[:-2] + hidden + scan * 200 + data[-2:])


def test_as_many_chunks_as_any_encoder_writes_pass_and_more_do_not() -> None:
    data = file("PNG")
    at = data.index(b"IDAT") - 4
    for kind, most in ((b"IDAT", MAX_CHUNKS), (b"tEXt", MAX_OTHER_CHUNKS)):
        with pytest.raises(Excess, match="chunks"):
            READERS["png"](data[:at] + chunk(kind) * most + data[at:])
        assert READERS["png"](data[:at] + chunk(kind) * (most - 10) + data[at:]) == (300, 200)


@pytest.mark.parametrize(
    "name",
    [
        "jpeg_5000_empty_scans", "jpeg_scans_up_to_4_mb", "jpeg_a_million_segments", "jpeg_exif_in_tiny_pieces",
        "jpeg_icc_in_tiny_pieces", "jpeg_padding_between_segments", "jpeg_stuffing_between_segments",
        "png_empty_idats", "png_empty_chunks", "png_empty_chunks_at_the_end", "png_texts", "png_zlib_texts",
        "png_zlib_texts_of_xmp", "png_icc_profiles", "png_icc_profiles_at_the_end", "png_idats_of_one_byte",
        "apng_frames", "gif_comment_in_single_bytes", "gif_extensions", "gif_junk_before_the_frame", "tiff_tags",
        "tiff_tags_for_libtiff", "bigtiff_tags", "tiff_strips", "tiff_directories", "bmp_end_of_one_long_row",
        "bmp_runs_of_4_bits", "heic_properties", "heic_items", "jp2_tiles", "jp2_two_sizes",
        "jp2_colours",
    ],
)  # fmt: skip
def test_files_made_to_be_slow_are_refused_without_a_decoder(name: str) -> None:
    with pytest.raises(RequestError, match=r"save it again|between its segments|cut it into pages|two sizes"):
        probe(HOSTILE_IMAGES[name](), max_pixels=MOST)


def test_long_rows_are_no_page() -> None:
    with pytest.raises(RequestError, match="65,535 a side") as error:
        probe(file("PNG", Image.new("1", (MAX_SIDE + 1, 1))), max_pixels=MOST)
    assert (error.value.status, error.value.code) == (413, "image_too_large")


@pytest.mark.parametrize("form", FORMS)
def test_a_header_cut_anywhere_is_damaged_and_nothing_else(form: str) -> None:
    data = written(form, Image.new("RGB", (4, 4)))
    name = form.lower()
    for length in range(len(data)):
        if sniff(data[:length]) == name:
            try:
                sizes(name, data[:length])
            except Damaged:
                continue


def test_no_decoder_is_loaded_to_look_at_a_file() -> None:
    code = (
        "import sys; from ocr_app.engine.images import probe; probe(sys.stdin.buffer.read(), max_pixels=10**6); "
        "print([name for name in ('PIL', 'numpy') if name in sys.modules])"
    )
    for form in FORMS:
        done = subprocess.run([sys.executable, "-c", code], input=written(form), capture_output=True, check=True)  # noqa: S603 - our own code
        assert done.stdout.strip() == b"[]"
