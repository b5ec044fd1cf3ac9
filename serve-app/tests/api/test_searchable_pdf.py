"""`Accept: application/pdf` on /v1/ocr: the document comes back with its text."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pikepdf
import pypdfium2
import pytest
import pytest_asyncio

from ocr_app.api import searchable_pdf
from ocr_app.api.pdf_answer import prefers_pdf
from ocr_app.api.searchable_pdf import summary
from ocr_app.documents.opener import Opener
from ocr_app.documents.text_layer.types import PageDone
from ocr_app.engine.types import Delta, Done, Usage
from ocr_app.settings import DocumentSettings, Settings
from tests.api.documents import PageEngine, reading
from tests.api.mistral.test_ocr import OCR, SECRET, document
from tests.api.support import assert_error, data_uri, image_bytes
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
PDF = {"accept": "application/pdf"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    made = Opener(Settings(documents=DocumentSettings(page_cpu_s=5)))
    yield made
    await made.close()


def scans(count: int) -> bytes:
    """Pages without any text."""
    pdf = pikepdf.Pdf.new()
    for _ in range(count):
        pdfs.add_page(pdf, b"0.5 g 72 600 300 20 re f")
    return pdfs.saved(pdf)


def with_lines() -> PageEngine:
    line = {"text": "grüße from the engine", "box": [1, 2, 9, 4], "confidence": 0.9}
    return PageEngine(report={"lines": [line], "mean_confidence": 0.9})


async def ask(opener: Opener, body: Any, engine: PageEngine | None = None, kind: Any = "cpu") -> httpx.Response:
    async with reading(opener, engine or with_lines(), kind=kind) as client:
        return await client.post(OCR, json=body, headers=PDF)


def words(pdf: bytes, page: int = 0, password: str | None = None) -> str:
    opened = pypdfium2.PdfDocument(pdf, password=password)
    try:
        text: str = opened[page].get_textpage().get_text_bounded()
        return text
    finally:
        opened.close()


async def test_a_pdf_comes_back_with_its_text(opener: Opener) -> None:
    engine = with_lines().refuse(2)
    response = await ask(opener, document(scans(3)), engine)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["x-ocr-pages"] == "added 0,2; failed 1 (Page 2: The image is too odd --> for us.)"
    assert [words(response.content, page) for page in range(3)] == [
        "grüße from the engine",
        "",
        "grüße from the engine",
    ]
    assert all(request.options == {"ocr": {"lines": True}} for request in engine.requests)


async def test_blocks_are_enough(opener: Opener) -> None:
    engine = PageEngine()
    response = await ask(opener, document(scans(1)), engine, kind="vllm")
    assert response.headers["x-ocr-pages"] == "added 0"
    assert "text 1" in words(response.content)
    assert [request.options for request in engine.requests] == [{}]


async def test_an_image_becomes_a_pdf(opener: Opener) -> None:
    response = await ask(opener, {"document": {"image_url": data_uri(image_bytes())}})
    assert words(response.content) == "grüße from the engine"


async def test_some_pages_alone(opener: Opener) -> None:
    response = await ask(opener, document(scans(3), pages=[1]))
    assert [bool(words(response.content, page)) for page in range(3)] == [False, True, False]


async def test_pages_with_text_stay_as_they_are(opener: Opener) -> None:
    written = pdfs.one(pdfs.text("A page that a program wrote, with words enough to be searched by.", size=12))
    response = await ask(opener, document(written))
    assert response.headers["x-ocr-pages"] == "skipped 0 (it has visible text that can be searched)"


async def test_an_encrypted_pdf_stays_encrypted(opener: Opener) -> None:
    pdf = pikepdf.Pdf.open(io.BytesIO(scans(1)))
    locked = pdfs.saved(pdf, encryption=pikepdf.Encryption(user=SECRET, owner="owner"))
    response = await ask(opener, document(locked, ocr={"password": SECRET}))
    assert words(response.content, password=SECRET) == "grüße from the engine"
    with pytest.raises(pypdfium2.PdfiumError):
        words(response.content)
    refused = await ask(opener, document(locked))
    assert_error(refused, 400, "encrypted_pdf")


async def test_a_signed_pdf_is_refused_before_it_is_read(opener: Opener) -> None:
    pdf = pikepdf.Pdf.open(io.BytesIO(scans(1)))
    pdf.Root.Perms = pikepdf.Dictionary(DocMDP=pikepdf.Dictionary())
    engine = with_lines()
    refused = await ask(opener, document(pdfs.saved(pdf)), engine)
    assert_error(refused, 400, "signed_pdf", "document.document_url")
    assert engine.requests == []
    forced = await ask(opener, document(pdfs.saved(pdf), ocr={"force": True}))
    assert words(forced.content) == "grüße from the engine"


async def test_what_is_refused(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_error(await ask(opener, document(stream=True)), 400, "unsupported_value", "stream")
    assert_error(await ask(opener, document(scans(1)), PageEngine().refuse(1)), 400, "invalid_image")
    monkeypatch.setattr(searchable_pdf, "find_spec", lambda name: None)
    assert "pikepdf" in assert_error(await ask(opener, document()), 501, "pdf_not_available")


async def test_an_engine_without_places(opener: Opener) -> None:
    class Blind(PageEngine):
        async def generate(self, request: Any) -> AsyncIterator[Any]:
            yield Delta("text")
            yield Done("stop", Usage(1, 1))

    response = await ask(opener, document(scans(1)), Blind(), kind="null")
    assert response.headers["x-ocr-pages"] == "skipped 0 (the engine does not say where its text stands)"
    assert words(response.content) == ""


@pytest.mark.parametrize(
    ("accept", "pdf"),
    [
        ("application/pdf", True),
        ("Application/PDF; q=0.9, */*", True),
        ("application/pdf;q=0.5, application/json", False),
        ("application/json, application/pdf", False),
        ("application/pdf;q=0", False),
        ("*/*", False),
        ("", False),
    ],
)
async def test_which_answers_are_pdfs(accept: str, pdf: bool) -> None:
    assert prefers_pdf(accept) is pdf


async def test_the_summary_is_short_and_plain() -> None:
    done = [PageDone(2, "added"), PageDone(0, "added"), PageDone(1, "failed", "schön\r\nx: y"), PageDone(3, "added")]
    assert summary(done) == "added 0,2-3; failed 1 (sch?n  x: y)"
    assert len(summary([PageDone(number, "failed", f"Page {number}: " + "x" * 300) for number in range(1_000)])) < 5_000
