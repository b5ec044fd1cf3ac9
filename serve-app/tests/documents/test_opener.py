"""Real PDFs through real child processes: what comes out, and what is refused."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import pytest_asyncio
from PIL import Image

from ocr_app.documents import opener as opener_module
from ocr_app.documents.document import Document, PageImage
from ocr_app.documents.opener import Opener
from ocr_app.engine.types import RequestError
from ocr_app.settings import DocumentSettings, LimitSettings, Settings
from tests.api.support import image_bytes
from tests.api.test_pictures import tiff
from tests.documents import pdfs
from tests.until import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSWORD = "pässword"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    made = Opener(Settings(documents=DocumentSettings(page_cpu_s=1, page_memory_bytes=2**30)))
    yield made
    await made.close()


async def opened(opener: Opener, data: bytes, password: str = "") -> Document:
    return await opener.open(data, param="file", password=password, password_param="ocr.password")


async def drawn(opener: Opener, data: bytes, page: int = 0) -> PageImage:
    document = await opened(opener, data)
    try:
        return await document.page(page)
    finally:
        document.close()


def pixels(image: PageImage) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    return np.asarray(Image.open(io.BytesIO(image.data)).convert("L"))


def dark_box(image: PageImage) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is dark, as shares of the page."""
    rows, columns = np.nonzero(pixels(image) < 128)
    height, width = pixels(image).shape
    return (columns.min() / width, rows.min() / height, columns.max() / width, rows.max() / height)


async def refused(opener: Opener, data: bytes, page: int | None = None, password: str = "") -> RequestError:
    """The error of opening it, or of a page."""
    if page is None:
        with pytest.raises(RequestError) as caught:
            await opened(opener, data, password)
        return caught.value
    document = await opened(opener, data, password)
    try:
        with pytest.raises(RequestError) as caught:
            await document.page(page)
    finally:
        document.close()
    return caught.value


async def test_a_page_is_drawn_by_the_rule(opener: Opener) -> None:
    image = await drawn(opener, pdfs.one())
    assert image.size is not None
    assert (image.size.width, image.size.height, image.size.dpi) == (1_237, 1_600, 145.45)
    assert pixels(image).shape == (1_600, 1_237)
    assert dark_box(image)[0] == pytest.approx(72 / 612, abs=0.01)


async def test_filled_in_fields_are_drawn(opener: Opener) -> None:
    left, top, right, _ = dark_box(await drawn(opener, pdfs.form()))
    assert left == pytest.approx(75 / 612, abs=0.02)
    assert top == pytest.approx((792 - 632) / 792, abs=0.02)
    assert right > 0.4


@pytest.mark.parametrize("angle", [90, 180, 270])
async def test_rotated_pages_come_upright(opener: Opener, angle: int) -> None:
    image = await drawn(opener, pdfs.one(Rotate=angle))
    assert image.size is not None
    assert (image.size.width > image.size.height) == (angle != 180)
    plain = pixels(await drawn(opener, pdfs.one()))
    turned = np.rot90(pixels(image), angle // 90)
    assert turned.shape == plain.shape
    assert abs((turned < 128).sum() - (plain < 128).sum()) < 200
    assert np.argwhere(turned < 128).mean(0) == pytest.approx(np.argwhere(plain < 128).mean(0), abs=3)


async def test_a_page_whose_corner_is_elsewhere(opener: Opener) -> None:
    plain = await drawn(opener, pdfs.one())
    shifted = await drawn(opener, pdfs.one(pdfs.text("Hello", (1_072, -1_300)), (1_000, -2_000, 1_612, -1_208)))
    assert shifted.data == plain.data


async def test_user_units_change_no_image(opener: Opener) -> None:
    assert (await drawn(opener, pdfs.one(UserUnit=4))).data == (await drawn(opener, pdfs.one())).data


async def test_tiny_pages(opener: Opener) -> None:
    image = await drawn(opener, pdfs.one(b"", (0, 0, 0.5, 0.5)))
    assert (image.size and (image.size.width, image.size.height)) == (5, 5)


@pytest.mark.parametrize("letters", ["שלום", "مرحبا", "漢字", "ไทย"])
async def test_any_script_is_drawn_and_known_as_text(opener: Opener, letters: str) -> None:
    document = await opened(opener, pdfs.in_letters(letters))
    left, _, right, _ = dark_box(await document.page(0))
    assert left == pytest.approx(72 / 612, abs=0.01)
    assert right == pytest.approx((72 + 60 * 7.2) / 612, abs=0.01)
    assert await document.kind_of_page(0) == "digital"
    document.close()


async def test_the_text_of_an_earlier_ocr(opener: Opener) -> None:
    document = await opened(opener, pdfs.one(pdfs.text("words of an earlier OCR", mode=3)))
    assert await document.kind_of_page(0) == "old_ocr"
    document.close()


async def test_text_that_cannot_be_drawn_is_no_blank_page(opener: Opener) -> None:
    """Chinese in a font that the PDF only names: PDFium leaves it out where the machine has no such font."""
    document = await opened(opener, pdfs.chinese())
    assert await document.kind_of_page(0) == "digital"
    (page,) = await asyncio.gather(document.page(0), return_exceptions=True)
    document.close()
    if isinstance(page, PageImage):
        assert dark_box(page)[2] > 0.3
    else:
        assert isinstance(page, RequestError)
        assert page.code == "invalid_page"
        assert "save the PDF with its fonts embedded" in page.message
    blank = await drawn(opener, pdfs.one(b""))
    assert pixels(blank).min() == 255


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
async def test_encrypted(opener: Opener, revision: int) -> None:
    data = pdfs.encrypted(PASSWORD, revision=revision)
    missing = await refused(opener, data)
    wrong = await refused(opener, data, password="something else")
    assert (missing.code, missing.param, missing.status) == ("encrypted_pdf", "ocr.password", 400)
    assert (wrong.code, wrong.param, wrong.status) == ("wrong_pdf_password", "ocr.password", 400)
    assert "something" not in wrong.message
    document = await opened(opener, data, PASSWORD)
    assert dark_box(await document.page(0))[0] < 0.2
    document.close()


async def test_only_the_owner_has_a_password(opener: Opener) -> None:
    assert dark_box(await drawn(opener, pdfs.encrypted("")))[0] < 0.2


async def test_a_password_that_nobody_asked_for(opener: Opener) -> None:
    document = await opened(opener, pdfs.one(), "unneeded")
    assert document.pages == 1
    document.close()


async def test_cut_off_files(opener: Opener) -> None:
    """What is left is read, and what is lost is no blank page."""
    read: list[int] = []
    for data in pdfs.truncated(pdfs.pages(10)):
        document = await opened(opener, data)
        assert document.repaired
        pages = await asyncio.gather(*map(document.page, range(document.pages)), return_exceptions=True)
        for number, page in enumerate(pages, start=1):
            if isinstance(page, PageImage):
                assert dark_box(page)[0] < 0.2
            else:
                assert str(page).startswith(f"Page {number}: nothing is left of it")
        read.append(sum(isinstance(page, PageImage) for page in pages))
        document.close()
    assert read == sorted(read)
    assert read[0] == 0
    assert read[-1] >= 9


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4\n", "damaged or cut off"),
        (b"%PDF-1.4\n" + b"\0" * 10_000, "damaged or cut off"),
        (pdfs.no_pages(), "no pages"),
    ],
)
async def test_nothing_to_read(opener: Opener, data: bytes, words: str) -> None:
    error = await refused(opener, data)
    assert (error.code, error.param, error.status) == ("invalid_pdf", "file", 400)
    assert words in error.message


@pytest.mark.parametrize("count", [10**9, -5, 0])
async def test_what_a_file_claims_is_not_believed(opener: Opener, count: int) -> None:
    document = await opened(opener, pdfs.claims_pages(count))
    assert document.pages == 1
    document.close()


async def test_pages_that_are_too_large(opener: Opener) -> None:
    error = await refused(opener, pdfs.one(box=(0, 0, 200_000, 200_000)), 0)
    assert (error.code, error.status) == ("page_too_large", 413)
    assert error.message.startswith("Page 1: it measures 200,000 x 200,000 points")


async def test_bombs_take_one_page_and_no_memory(opener: Opener) -> None:
    before = psutil.Process().memory_info().rss
    document = await opened(opener, pdfs.drawing_bomb())
    with pytest.raises(RequestError, match=r"Page 1: it cannot be drawn: it takes over 1 s\.") as caught:
        await document.page(0)
    assert caught.value.code == "invalid_page"
    assert dark_box(await document.page(1))[0] < 0.2
    document.close()
    # A picture of 225 million pixels: drawn or refused, it stays within the child's memory.
    bomb = await opened(opener, pdfs.image_bomb())
    await asyncio.gather(bomb.page(0), return_exceptions=True)
    bomb.close()
    assert psutil.Process().memory_info().rss < before + 2**26


async def test_a_document_of_bombs_is_given_up(opener: Opener) -> None:
    document = await opened(opener, pdfs.drawing_bomb())
    for _ in range(3):
        with pytest.raises(RequestError, match="takes over"):
            await document.page(0)
    with pytest.raises(RequestError, match="Page 2: it is not drawn, because 3 pages"):
        await document.page(1)
    document.close()


async def test_a_child_that_is_killed_costs_nothing(opener: Opener) -> None:
    document = await opened(opener, pdfs.pages(40))

    async def page(number: int) -> bool:
        return dark_box(await document.page(number))[0] < 0.2

    pages = [asyncio.create_task(page(number)) for number in range(40)]
    await pages[5]
    os.kill(next(pid for pid in opener.process_ids if holds_document(pid)), signal.SIGKILL)
    assert all(await asyncio.gather(*pages))
    document.close()


async def test_many_pages(opener: Opener) -> None:
    document = await opened(opener, pdfs.pages(1_000, (0, 0, 40, 20)))
    assert document.pages == 1_000
    first, last = await document.page(0), await document.page(999)
    assert first.data != last.data
    document.close()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes in /proc")
async def test_what_is_closed_is_gone(opener: Opener) -> None:
    document = await opened(opener, pdfs.pages(2))
    await document.page(1)
    assert any(holds_document(pid) for pid in opener.process_ids)
    document.close()
    await until(lambda: not any(holds_document(pid) for pid in [os.getpid(), *opener.process_ids]))
    with pytest.raises(ValueError, match="closed"):
        await document.page(0)


def holds_document(pid: int) -> bool:
    """Whether a process has a client's file in its memory."""
    try:
        return "memfd:untrusted" in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False


async def test_cancelling_frees_the_place(opener: Opener) -> None:
    document = await opened(opener, pdfs.drawing_bomb())
    pages = [asyncio.create_task(document.page(0)) for _ in range(6)]
    await asyncio.sleep(0.1)
    for page in pages:
        page.cancel()
    await asyncio.wait(pages)
    assert dark_box(await document.page(1))[0] < 0.2
    document.close()


async def test_pages_of_a_tiff(opener: Opener) -> None:
    document = await opened(opener, tiff(3))
    assert (document.kind, document.pages) == ("tiff", 3)
    assert [pixels(await document.page(page)).mean() for page in range(3)] == [250, 249, 248]
    assert await document.kind_of_page(0) == "scanned"
    document.close()


async def test_a_tiff_whose_second_page_is_too_large(opener: Opener) -> None:
    buffer = io.BytesIO()
    Image.new("1", (50, 50)).save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=[Image.new("1", (8_000, 8_000))],
        compression="group4",
        dpi=(300, 300),
    )
    document = await opened(opener, buffer.getvalue())
    page = await document.page(0)
    assert page.size is not None
    assert page.size.dpi == 300
    error = await refused(opener, buffer.getvalue(), 1)
    assert (error.code, error.status) == ("image_too_large", 413)
    assert error.message.startswith("Page 2: The image has 8000 x 8000")
    document.close()


async def test_images_go_as_they_are(opener: Opener) -> None:
    document = await opened(opener, image_bytes())
    assert (document.kind, document.pages) == ("image", 1)
    page = await document.page(0)
    assert (page.data, page.size) == (image_bytes(), None)
    document.close()


@pytest.mark.parametrize(
    ("data", "code"), [(b"hello", "invalid_image"), (b"PK\x03\x04 word/document.xml", "unsupported_image_format")]
)
async def test_other_files(opener: Opener, data: bytes, code: str) -> None:
    assert (await refused(opener, data)).code == code


async def test_documents_over_the_limit() -> None:
    small = Opener(Settings(limits=LimitSettings(max_document_bytes=1_024)))
    for data in (pdfs.pages(50), tiff(50)):
        error = await refused(small, data)
        assert (error.code, error.status) == ("document_too_large", 413)
    await small.close()


async def test_without_pypdfium2(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opener_module, "find_spec", lambda name: None if name == "pypdfium2" else object())
    error = await refused(opener, pdfs.one())
    assert (error.code, error.status) == ("pdf_not_available", 501)
    assert "the Python package pypdfium2 is not installed" in error.message
    assert (await opened(opener, image_bytes())).pages == 1


async def test_a_pypdfium2_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('libc is too old')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Opener(Settings())
    error = await refused(made, pdfs.one())
    assert (error.code, error.status, error.param) == ("pdf_not_available", 501, "file")
    assert "pypdfium2 cannot be loaded (libc is too old)" in error.message
    assert pixels(await drawn(made, tiff(3), 2)).mean() == 248
    await made.close()


async def test_children_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    error = await refused(Opener(Settings()), pdfs.one())
    assert (error.code, error.status) == ("pdf_not_available", 501)
    assert "exit code 1" in error.message
