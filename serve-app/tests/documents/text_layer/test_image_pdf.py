import io
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Name, PdfImage
from PIL import Image, ImageCms, ImageOps

from ocr_app.documents.text_layer.image_pdf import image_pdf
from ocr_app.documents.text_layer.types import PageText
from ocr_app.engine.types import RequestError
from tests.documents.text_layer.support import found_box, layered, line, text_of


def made(data: bytes) -> bytes:
    file = io.BytesIO()
    image_pdf(data, file.write, max_pixels=10_000_000)
    return file.getvalue()


def encoded(image: Image.Image, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Each corner another colour, so that one can tell which way it is turned."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, 40, 30))
    image.paste("blue", (size[0] - 30, 0, size[0], 20))
    image.paste("black", (0, size[1] - 25, 25, size[1]))
    return image.convert(mode)


def sizes(data: bytes) -> list[tuple[float, float]]:
    document = pdfium.PdfDocument(data)
    return [tuple(round(side, 2) for side in page.get_size()) for page in document]


def shown(data: bytes, width: int, index: int = 0) -> Image.Image:
    page = pdfium.PdfDocument(data)[index]
    image: Image.Image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    return image


def assert_alike(first: Image.Image, second: Image.Image, tolerance: float = 4) -> None:
    assert first.size == second.size
    difference = np.abs(np.asarray(first, dtype=int) - np.asarray(second.convert("RGB"), dtype=int))
    assert difference.mean() < tolerance


def only_image(data: bytes) -> Any:
    pdf = pikepdf.open(io.BytesIO(data))
    return pdf, pdf.pages[0].obj.Resources.XObject.Image


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_goes_in_as_it_is(mode: str, progressive: bool) -> None:
    jpeg = encoded(picture(mode), "JPEG", quality=95, progressive=progressive, dpi=(144, 144))
    result = made(jpeg)
    pdf, image = only_image(result)
    assert image.Filter == Name.DCTDecode
    assert image.read_raw_bytes() == jpeg
    assert sizes(result) == [(60, 40)]
    # PDFium's black is not Pillow's, in CMYK.
    assert_alike(shown(result, 120), picture(mode).convert("RGB"), 15)
    pdf.close()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_shown_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    jpeg = encoded(picture(), "JPEG", quality=95, exif=exif, dpi=(72, 72))
    with Image.open(io.BytesIO(jpeg)) as image:
        upright = ImageOps.exif_transpose(image)
    result = made(jpeg)
    assert sizes(result) == [upright.size]
    assert_alike(shown(result, upright.width), upright)


def test_a_jpeg_that_readers_may_not_know_is_decoded() -> None:
    jpeg = encoded(picture(), "JPEG", quality=95)
    start = jpeg.index(b"\xff\xc0")
    # As if it were coded arithmetically: its pixels cannot be had this way, but it does not go in as it is.
    arithmetic = jpeg[: start + 1] + b"\xc9" + jpeg[start + 2 :]
    try:
        pdf, image = only_image(made(arithmetic))
    except RequestError:
        return
    assert image.Filter == Name.FlateDecode
    pdf.close()


def test_the_colours_of_a_profile_are_kept() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pdf, image = only_image(made(encoded(picture(), "JPEG", icc_profile=profile)))
    assert image.ColorSpace[0] == Name.ICCBased
    assert image.ColorSpace[1].read_bytes() == profile
    pdf.close()
    pdf, image = only_image(made(encoded(picture("L"), "JPEG", icc_profile=profile)))
    assert image.ColorSpace == Name.DeviceGray
    pdf.close()


@pytest.mark.parametrize(
    ("mode", "kind", "colours", "bits"),
    [
        ("RGB", "PNG", 3, 8),
        ("L", "PNG", 1, 8),
        ("1", "PNG", 1, 1),
        ("P", "PNG", 3, 8),
        ("RGBA", "PNG", 3, 8),
        ("1", "TIFF", 1, 1),
        ("CMYK", "TIFF", 3, 8),
        ("RGB", "WEBP", 3, 8),
    ],
)
def test_other_images_keep_their_pixels(mode: str, kind: str, colours: int, bits: int) -> None:
    source = picture(mode)
    how: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {"dpi": (72, 72)}
    result = made(encoded(source, kind, **how))
    pdf, image = only_image(result)
    inside = PdfImage(image)
    assert (inside.bits_per_component, len(inside.as_pil_image().getbands())) == (bits, colours)
    assert_alike(inside.as_pil_image().convert("RGB"), source.convert("RGB"), 0.01)
    if kind != "WEBP":  # it has no resolution, and that of a PNG is not exactly 72
        assert_alike(shown(result, 120), source.convert("RGB"), 8)
    pdf.close()


def test_images_of_many_rows() -> None:
    ramp = np.add.outer(np.arange(1_600), np.arange(1_000)).astype(np.uint8)
    pdf, image = only_image(made(encoded(Image.fromarray(ramp), "PNG")))
    assert (np.asarray(PdfImage(image).as_pil_image()) == ramp).all()
    pdf.close()


def test_grey_pixels_that_come_as_colours_are_stored_as_grey() -> None:
    pdf, image = only_image(made(encoded(picture("L").convert("RGB"), "PNG")))
    assert image.ColorSpace == Name.DeviceGray
    assert_alike(PdfImage(image).as_pil_image().convert("RGB"), picture("L").convert("RGB"), 0.01)
    pdf.close()


def test_a_tiff_of_several_pages() -> None:
    pages = [picture("1", (204, 98)), picture("RGB", (100, 50))]
    file = io.BytesIO()
    # A fax has fewer lines than columns to the inch.
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], dpi=(204, 98))
    result = made(file.getvalue())
    assert sizes(result)[0] == (72, 72)
    assert len(sizes(result)) == 2
    assert_alike(shown(result, 100, 1).resize((100, 50)), pages[1], 6)


@pytest.mark.parametrize("dpi", [None, (1, 1), (0, 0), (100_000, 100_000)])
def test_without_a_resolution_the_page_is_as_long_as_a4(dpi: tuple[int, int] | None) -> None:
    how = {"dpi": dpi} if dpi else {}
    assert sizes(made(encoded(picture(size=(1000, 500)), "PNG", **how))) == [(841.89, 420.94)]


def test_no_page_is_longer_than_readers_show() -> None:
    assert sizes(made(encoded(Image.new("1", (20_000, 10)), "PNG", dpi=(72, 72)))) == [(14_400, 7.2)]


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        made(b"no image")
    assert caught.value.code == "invalid_image"
    with pytest.raises(RequestError) as caught:
        made(encoded(Image.new("1", (5_000, 5_000)), "PNG"))
    assert caught.value.code == "image_too_large"


def test_its_text_is_found_where_it_is_in_the_image() -> None:
    data = made(encoded(Image.new("L", (800, 600), "white"), "JPEG"))
    result, _ = layered(data, PageText(0, 800, 600, [line("some words", (100, 200, 250, 230))]))
    assert text_of(result) == "some words"
    assert found_box(result, "some words", 800) == pytest.approx((100, 200, 250, 230), abs=1)
