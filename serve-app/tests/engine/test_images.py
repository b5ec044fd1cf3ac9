import contextlib
import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_app.engine.formats import ACCEPTED, sniff
from ocr_app.engine.images import decode, probe
from ocr_app.engine.types import RequestError
from tests.engine.heics import picture as heic

MOST = 10_000
WRITTEN = tuple(name for name in ACCEPTED if name != "heic")
"""What Pillow can write."""


def file(image: Image.Image, form: str = "png", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form.upper().replace(" ", ""), **options)
    return buffer.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (30, 20)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


@pytest.mark.parametrize("form", WRITTEN)
def test_every_format_is_probed_and_decoded(form: str) -> None:
    data = file(picture(), form)
    info = probe(data, max_pixels=MOST)
    assert (info.format, info.sizes) == (form, ((30, 20),))
    image = decode(data, max_pixels=MOST)
    assert (image.mode, image.size) == ("RGB", (30, 20))
    assert np.abs(np.asarray(image, dtype=int) - np.asarray(picture(), dtype=int)).mean() < 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "LAB"])
def test_every_kind_of_colour_becomes_rgb(mode: str) -> None:
    source = Image.new("RGB", (4, 4), "white")
    source = Image.new("LAB", (4, 4), (255, 128, 128)) if mode == "LAB" else source.convert(mode)
    data = file(source, "tiff" if mode in ("CMYK", "YCbCr", "LAB") else "png")
    assert np.asarray(decode(data, max_pixels=MOST)).min() >= 254


def test_transparent_parts_become_white() -> None:
    for form in ("png", "webp", "gif", "avif", "jpeg 2000"):
        assert (
            decode(file(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), form), max_pixels=MOST).getpixel((1, 1)) == (255,) * 3
        )
    half = decode(file(Image.new("RGBA", (8, 8), (0, 0, 0, 128))), max_pixels=MOST).getpixel((1, 1))
    assert half == (127, 127, 127)


def letters(fill: tuple[int, ...], ground: tuple[int, ...] = (0, 0, 0, 0)) -> Image.Image:
    image = Image.new("RGBA", (80, 60), ground)
    for x in range(10, 70, 10):
        image.paste(fill, (x, 20, x + 4, 40))
    return image


@pytest.mark.parametrize(
    ("fill", "ground"),
    [
        ((0, 0, 0, 255), 255),
        ((200, 0, 0, 255), 255),
        ((150, 150, 150, 255), 255),
        ((255, 255, 255, 255), 0),
        ((255, 230, 120, 255), 0),
        ((255, 255, 255, 120), 0),
    ],
)
@pytest.mark.parametrize("form", ["png", "webp", "palette", "grey"])
def test_text_on_nothing_stands_out(fill: tuple[int, ...], ground: int, form: str) -> None:
    image = letters(fill)
    if form in ("palette", "grey"):
        image = image.convert("LA") if form == "grey" else image.quantize(8)
    data = file(image, "webp", lossless=True) if form == "webp" else file(image)
    assert decode(data, max_pixels=MOST).getpixel((5, 5)) == (ground,) * 3


def test_black_and_white_text_on_nothing_stand_out_both() -> None:
    image = letters((0, 0, 0, 255))
    image.paste(letters((255, 255, 255, 255)).crop((0, 20, 35, 40)), (0, 20))
    assert decode(file(image), max_pixels=MOST).getpixel((5, 5)) == (128,) * 3


def test_a_shadow_or_a_ground_of_its_own_does_not_tell_the_ground() -> None:
    shadow = letters((0, 0, 0, 40))
    white = letters((255, 255, 255, 255))
    shadow.alpha_composite(white, (1, 1))
    assert decode(file(shadow), max_pixels=MOST).getpixel((5, 5)) == (0,) * 3
    sheet = letters((255, 255, 255, 255), (30, 60, 120, 255))
    sheet.putpixel((0, 0), (0, 0, 0, 0))
    assert decode(file(sheet), max_pixels=MOST).getpixel((0, 0)) == (255,) * 3


def test_sixteen_bits_with_a_transparent_value_are_decoded() -> None:
    values = Image.fromarray(np.array([[0, 128 * 257, 65535]], dtype=np.uint16))
    assert np.asarray(decode(file(values, transparency=0), max_pixels=MOST))[0, :, 0].tolist() == [0, 128, 255]


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    values = np.array([[0, 128 * 257, 65535]], dtype=np.uint16)
    assert np.asarray(decode(file(Image.fromarray(values)), max_pixels=MOST))[0, :, 0].tolist() == [0, 128, 255]


def test_exif_orientation_is_applied_and_probe_gives_what_is_stored() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = file(picture(), "jpeg", exif=exif)
    assert decode(data, max_pixels=MOST).size == (20, 30)
    assert probe(data, max_pixels=MOST).sizes == ((30, 20),)


def test_each_page_of_a_tiff_is_decoded_and_a_bad_one_named() -> None:
    pages = [Image.new("RGB", (9 + index, 5), colour) for index, colour in enumerate(("red", "lime", "blue"))]
    data = file(pages[0], "tiff", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    assert probe(data, max_pixels=MOST).sizes == ((9, 5), (10, 5), (11, 5))
    for index, page in enumerate(pages):
        assert decode(data, max_pixels=MOST, page=index).tobytes() == page.tobytes()
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        (strip,) = image.tag_v2[273]
    bad = data[:strip] + b"\xff" * 8 + data[strip + 8 :]
    assert decode(bad, max_pixels=MOST, page=2).tobytes() == pages[2].tobytes()
    with pytest.raises(RequestError, match="Page 2 of the file: The TIFF image is damaged") as error:
        decode(bad, max_pixels=MOST, page=1, param="x")
    assert (error.value.param, error.value.code) == ("x", "invalid_image")


def test_an_animation_gives_its_first_frame() -> None:
    data = file(Image.new("RGB", (9, 9), "red"), "gif", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")])
    assert decode(data, max_pixels=MOST).getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "invalid_image", "empty"),
        (b"hello", "invalid_image", "not an image"),
        (b"%PDF-1.7\n", "unsupported_image_format", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_image_format", "SVG"),
        (b"\x00\x00\x00\x1cftypavif", "invalid_image", "AVIF image is damaged"),
        (b"\x89PNG\r\n\x1a\n", "invalid_image", "PNG image is damaged"),
        (file(picture())[:24], "invalid_image", "PNG image is damaged"),
    ],
)
def test_what_probe_refuses(data: bytes, code: str, words: str) -> None:
    for function in (probe, decode):
        with pytest.raises(RequestError, match=words) as error:
            function(data, max_pixels=MOST, param="messages[0].content[1].image_url.url")
        assert (error.value.code, error.value.status) == (code, 400)
        assert error.value.param == "messages[0].content[1].image_url.url"


@pytest.mark.parametrize("form", WRITTEN)
def test_a_file_cut_in_the_middle_is_refused_at_the_latest_when_decoded(form: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8))
    data = file(noise, form)
    with pytest.raises(RequestError, match="damaged or cut off") as error:
        decode(data[: len(data) // 2], max_pixels=MOST, param="x")
    assert (error.value.param, error.value.code) == ("x", "invalid_image")


@pytest.mark.parametrize("form", WRITTEN)
def test_too_many_pixels_are_refused_by_the_header(form: str) -> None:
    data = file(Image.new("L", (101, 100)), form)
    for function in (probe, decode):
        with pytest.raises(RequestError, match="101 x 100 = 10,100 pixels; at most 10,000") as error:
            function(data, max_pixels=MOST)
        assert (error.value.status, error.value.code) == (413, "image_too_large")


def test_decompression_bombs_are_refused_by_the_header() -> None:
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = header + struct.pack(">I", __import__("zlib").crc32(header[12:])) + file(picture())[33:]
    canvas = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xfe\x3f\x00" * 2
    for data in (bomb, canvas):
        with pytest.raises(RequestError, match="pixels") as error:
            probe(data, max_pixels=50_000_000)
        assert error.value.status == 413


@given(st.sampled_from(WRITTEN), st.data())
def test_damaged_files_never_crash(form: str, draw: st.DataObject) -> None:
    data = bytearray(file(picture(), form))
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    damaged = bytes(data[: draw.draw(st.integers(0, len(data)))])
    with contextlib.suppress(RequestError):
        assert decode(damaged, max_pixels=MOST).mode == "RGB"


def test_sniff() -> None:
    assert {sniff(file(picture(), form)) for form in WRITTEN} == set(WRITTEN)
    assert sniff(heic("gradient")) == "heic"
    assert sniff(b"plain text") is None
