"""HEIC as phones write it."""

import io

import numpy as np
import pytest
from PIL import Image

from ocr_app.engine import decoders
from ocr_app.engine.images import decode, probe
from ocr_app.engine.types import RequestError
from tests.engine.heics import of_tiles, picture, with_size

MOST = 50_000_000


def test_pixels() -> None:
    info = probe(picture("gradient"), max_pixels=MOST)
    image = decode(picture("gradient"), max_pixels=MOST)
    right = Image.linear_gradient("L").resize((30, 20)).convert("RGB")
    # The encoder fills up to 64 pixels, and the file says what to cut off.
    assert (info.format, info.sizes, image.size) == ("heic", ((64, 64),), (30, 20))
    assert np.abs(np.asarray(image, dtype=int) - np.asarray(right, dtype=int)).mean() < 3


def test_ten_bits_are_scaled_and_transparent_parts_are_white() -> None:
    row = np.asarray(decode(picture("ten_bits"), max_pixels=MOST))[32, :, 0].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert np.abs(np.diff(row) - 255 / 63).max() < 2
    clear = decode(picture("transparent"), max_pixels=MOST)
    assert [clear.getpixel((x, 8)) for x in (8, 56)] == [(255, 255, 255), (127, 127, 127)]


def test_tiles_make_one_picture() -> None:
    data = of_tiles("tile", 64, 3, 2, (180, 100))
    assert probe(data, max_pixels=MOST).sizes == ((180, 100),)
    image = decode(data, max_pixels=MOST)
    assert image.size == (180, 100)
    assert np.abs(np.asarray(image, dtype=int) - (200, 30, 30)).max() < 5


def test_a_picture_is_turned_once() -> None:
    assert decode(of_tiles("tile", 64, 2, 1, (128, 40), turns=1), max_pixels=MOST).size == (40, 128)
    assert decode(of_tiles("tile", 64, 2, 1, (128, 40), turns=2), max_pixels=MOST).size == (128, 40)
    # In HEIC the file itself says how to turn it; what EXIF says of the camera has been dealt with by then.
    assert decode(picture("exif_turned"), max_pixels=MOST).size == (30, 20)


def test_avif_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20)).save(buffer, "AVIF", exif=exif)
    assert decode(buffer.getvalue(), max_pixels=MOST).size == (20, 30)


def test_too_many_pixels_are_refused_by_the_header() -> None:
    with pytest.raises(RequestError, match="9000 x 9000 = 81,000,000 pixels") as error:
        probe(with_size(picture("tile"), 9_000), max_pixels=MOST)
    assert (error.value.status, error.value.code) == (413, "image_too_large")


@pytest.mark.parametrize("side", [32, 4_000])
def test_a_false_size_is_damage(side: int) -> None:
    with pytest.raises(RequestError, match="HEIC image is damaged") as error:
        decode(with_size(picture("tile"), side), max_pixels=MOST)
    assert error.value.code == "invalid_image"


def test_a_cut_file_is_damaged() -> None:
    data = picture("ten_bits")
    for length in (40, 300, len(data) - 200):
        with pytest.raises(RequestError, match="damaged or cut off"):
            decode(data[:length], max_pixels=MOST)


def test_jpeg_2000_that_needs_more_memory_than_there_is_is_refused() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (6_000, 6_000)).save(buffer, "JPEG2000", tile_size=(1_000, 1_000))
    with pytest.raises(RequestError, match="at most 35,416,666 are read in 4 colours: save it as PNG or JPEG") as error:
        decode(buffer.getvalue(), max_pixels=MOST)
    assert error.value.status == 413


def test_without_a_decoder_the_answer_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoders, "_ready", lambda name: name != "heic")
    with pytest.raises(
        RequestError, match="HEIC, for which this engine has no decoder: save it as PNG or JPEG"
    ) as error:
        decode(picture("tile"), max_pixels=MOST, param="x")
    assert (error.value.code, error.value.param) == ("unsupported_image_format", "x")
