"""Documents that are refused, with what to do."""

import logging
from typing import Any

import pytest

from ocr_app.api.engine_state import EngineMonitor, EngineStatus
from ocr_app.documents import opener as opener_module
from ocr_app.documents.opener import Opener
from tests.api.documents import CHAT, PageEngine, file_part, reading
from tests.api.support import assert_error, chat, front, image_bytes
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
DATA = "messages[0].content[0].file.file_data"
THREE = pdfs.pages(3)
SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("parts", "ocr", "status", "code", "param", "words"),
    [
        ([THREE], {"pages": "4"}, 400, "invalid_value", "ocr.pages", "page 4, but the last page of the document is 3"),
        ([THREE], {"pages": "0"}, 400, "invalid_value", "ocr.pages", "the first page is 1"),
        ([THREE], {"pages": 2}, 400, "invalid_value", "ocr.pages", "must be a string such as"),
        ([THREE, THREE], {"pages": "1"}, 400, "invalid_value", "ocr.pages", "send one at a time"),
        ([pdfs.pages(101)], {}, 413, "too_many_pages", DATA, "has 101 pages; at most 100 are read"),
        ([pdfs.pages(102)], {"pages": "2-"}, 413, "too_many_pages", "ocr.pages", "101 pages of the document"),
        ([THREE, pdfs.pages(98)], {}, 413, "too_many_pages", "messages[0].content[1].file.file_data", "beside 3 of"),
        ([b"%PDF-1.4\n"], {}, 400, "invalid_pdf", DATA, "damaged or cut off"),
        ([pdfs.no_pages()], {}, 400, "invalid_pdf", DATA, "no pages"),
        ([b"PK\x03\x04 word/document.xml"], {}, 400, "unsupported_image_format", DATA, "DOCX"),
        ([b"PK\x03\x04 word/document.xml"], {}, 400, "unsupported_image_format", DATA, "Save it as PDF."),
        ([b"plain text"], {}, 400, "invalid_image", DATA, "not an image"),
        ([pdfs.encrypted(SECRET)], {}, 400, "encrypted_pdf", "ocr.password", "needs a password"),
        ([pdfs.encrypted("x")], {"password": SECRET}, 400, "wrong_pdf_password", "ocr.password", "does not open"),
        ([THREE], {"password": 5_551_234}, 400, "invalid_value", "ocr.password", "must be a string"),
        ([THREE], {"password": [SECRET]}, 400, "invalid_value", "ocr.password", "must be a string"),
        ([THREE], {"page": 1}, 400, "unknown_field", "ocr.page", "'pages', 'password'"),
    ],
)  # fmt: skip
async def test_what_is_refused(
    opener: Opener, parts: list[bytes], ocr: Any, status: int, code: str, param: str, words: str
) -> None:
    for stream in (False, True):
        engine = PageEngine()
        async with reading(opener, engine) as client:
            response = await client.post(CHAT, json=chat(*map(file_part, parts), ocr=ocr, stream=stream))
        message = assert_error(response, status, code, param)
        assert words in message
        assert SECRET not in response.text
        assert "5551234" not in response.text
        assert engine.requests == []


@pytest.mark.parametrize(
    ("file", "code", "param"),
    [
        ({}, "missing_required_parameter", DATA),
        ({"file_data": None}, "missing_required_parameter", DATA),
        ({"file_data": 5}, "invalid_type", DATA),
        ({"file_data": "https://example.com/a.pdf"}, "invalid_base64", DATA),
        ({"file_data": "data:application/pdf,abc"}, "invalid_image_url", DATA),
        ("a.pdf", None, "messages[0].content[0].file"),
        (None, None, "messages[0].content[0].file"),
    ],
)
async def test_parts_without_a_file(file: Any, code: str | None, param: str) -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat({"type": "file", "file": file}))
    assert_error(response, 400, code, param)


async def test_nothing_is_fetched() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat({"type": "input_file", "file_url": "https://example.com/a.pdf"}))
    assert "fetches nothing" in assert_error(response, 400, "invalid_image_url", "messages[0].content[0].file_url")


async def test_the_password_goes_nowhere(opener: Opener, caplog: pytest.LogCaptureFixture) -> None:
    engine = PageEngine()
    locked = pdfs.encrypted(SECRET)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("ocr_app").propagate = True
    async with reading(opener, engine) as client:
        logging.getLogger("ocr_app").propagate = True
        options = {"password": SECRET, "mode": "base"}
        answer = await client.post(CHAT, json=chat(file_part(locked), ocr=options))
        wrong = await client.post(CHAT, json=chat(file_part(pdfs.encrypted("x")), ocr=options))
    assert answer.status_code == 200, answer.text
    assert wrong.status_code == 400
    (request,) = engine.requests
    assert request.options == {"ocr": {"mode": "base"}}
    header, _ = request.to_wire()
    for where in (answer.text, wrong.text, header.decode(), caplog.text, *(str(vars(each)) for each in caplog.records)):
        assert SECRET not in where
    assert any(getattr(each, "fields", {}).get("pages") == 1 for each in caplog.records)


async def test_without_pypdfium2(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    async with reading(opener) as client:
        assert "pdf" in (await client.get("/health")).json()["accepts"]
        monkeypatch.setattr(opener_module, "find_spec", lambda name: None)
        health = (await client.get("/health")).json()
        refused = await client.post(CHAT, json=chat(file_part(THREE)))
    async with front() as client:
        image = await client.post(CHAT, json=chat(file_part(image_bytes())))
    assert "pdf" not in health["accepts"]
    assert {"png", "tiff", "jpeg"} <= set(health["accepts"])
    assert "pypdfium2 is not installed" in assert_error(refused, 501, "pdf_not_available", DATA)
    assert image.status_code == 200, image.text


async def test_an_engine_that_cannot_start(opener: Opener) -> None:
    monitor = EngineMonitor(EngineStatus("failed", reason="no GPU"))
    monitor.failed_at = float("inf")
    for stream in (False, True):
        async with reading(opener, monitor=monitor) as client:
            response = await client.post(CHAT, json=chat(file_part(THREE), stream=stream))
        assert "no GPU" in assert_error(response, 503, "engine_failed")
        assert response.headers["retry-after"] == "10"


async def test_if_every_page_fails_so_does_the_request(opener: Opener) -> None:
    for stream in (False, True):
        async with reading(opener, PageEngine().refuse(1, 2, 3)) as client:
            response = await client.post(CHAT, json=chat(file_part(THREE), stream=stream))
        message = assert_error(response, 400, "invalid_image")
        assert message.startswith("Page 1: The image is too odd")
