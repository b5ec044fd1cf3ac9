"""`PUT /process` as Open WebUI's external loader calls it."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from ocr_app.documents.opener import Opener
from ocr_app.settings import Settings
from tests.api.documents import PageEngine, reading
from tests.api.support import assert_error, image_bytes
from tests.api.test_pictures import tiff
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    made = Opener(Settings())
    yield made
    await made.close()


async def put(
    opener: Opener, data: bytes, media_type: str = "", name: str = "a", engine: PageEngine | None = None
) -> httpx.Response:
    headers = {"content-type": media_type, "x-filename": quote(name), "authorization": "Bearer k"}
    async with reading(opener, engine, api_key="k") as client:
        return await client.put("/process", content=data, headers=headers)


def entry(text: str, page: int, total: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "page_content": text,
        "metadata": {"page": page, "page_label": str(page + 1), "total_pages": total, "file_name": name, **more},
    }


async def test_a_pdf(opener: Opener) -> None:
    response = await put(opener, pdfs.pages(3), "application/pdf", "Bericht für März.pdf", PageEngine().refuse(2))
    assert response.status_code == 200, response.text
    name, message = "Bericht für März.pdf", "Page 2: The image is too odd --> for us."
    assert response.json() == [
        entry("text 1", 0, 3, name, verdict="ok"),
        entry(
            "<!-- Page 2: The image is too odd - - for us. -->",
            1,
            3,
            name,
            error={"code": "invalid_image", "message": message},
        ),
        entry("text 3", 2, 3, name, verdict="ok"),
    ]


async def test_images_and_tiffs(opener: Opener) -> None:
    assert (await put(opener, image_bytes(), "image/png", "a.png")).json() == [
        entry("text 1", 0, 1, "a.png", verdict="ok")
    ]
    assert [page["page_content"] for page in (await put(opener, tiff(2))).json()] == ["text 1", "text 2"]


@pytest.mark.parametrize(
    ("data", "media_type", "text"),
    [
        (b"# Notes\n\n- one\n", "text/markdown", "# Notes\n\n- one\n"),
        ("grüße\tund\r\n漢字\f".encode(), "", "grüße\tund\r\n漢字\f"),
        (b"\xef\xbb\xbfa,b", "text/csv", "a,b"),
        ("grüße".encode("utf-16"), "text/plain", "grüße"),
        ("grüße".encode("cp1252"), "text/plain; charset=windows-1252", "grüße"),
        (b"BM is how a bitmap begins", "text/plain", "BM is how a bitmap begins"),
        (b"P1 is a road", "text/plain", "P1 is a road"),
        (b"<!doctype html><p>x", "text/html", "<!doctype html><p>x"),
        (b'{"a": 1}', "application/json", '{"a": 1}'),
    ],
)
async def test_text_passes_through(opener: Opener, data: bytes, media_type: str, text: str) -> None:
    engine = PageEngine()
    response = await put(opener, data, media_type, "notes", engine)
    assert response.json() == [entry(text, 0, 1, "notes")]
    assert engine.requests == []


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (b"PK\x03\x04 word/document.xml\0", "application/vnd.openxmlformats", "is DOCX that is not read here"),
        (b"PK\x03\x04 word/document.xml\0", "", "Save it as PDF."),
        (b"{\\rtf1 text}", "application/rtf", "RTF"),
        (b"<svg xmlns='x'/>", "image/svg+xml", "SVG"),
        (b"\0\1\2", "application/octet-stream", "sent as 'application/octet-stream'"),
        ("grüße".encode("cp1252"), "application/octet-stream", "is of a kind that is not read"),
    ],
)
async def test_others_are_refused_with_the_reason(opener: Opener, data: bytes, media_type: str, words: str) -> None:
    assert words in assert_error(await put(opener, data, media_type), 415, "unsupported_media_type", "body")


async def test_errors(opener: Opener) -> None:
    assert_error(await put(opener, b""), 400, "empty_file")
    assert_error(await put(opener, b"%PDF-1.4\n"), 400, "invalid_pdf", "body")
    assert_error(await put(opener, pdfs.encrypted("x")), 400, "encrypted_pdf", "body")
    async with reading(opener, api_key="k") as client:
        assert_error(await client.put("/process", content=b"x"), 401, "missing_api_key")
