"""Every way in which a document is read, on Ray Serve with the CPU engine, as its clients send it."""

import base64
import json
from urllib.parse import urlsplit

import httpx
import pypdfium2

from tests.e2e.scan import WORDS
from tests.e2e.service import AppUnderTest, wait_for


def found(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_pages_with_their_places_and_as_events(reading: AppUnderTest, scan: bytes) -> None:
    uri = "data:application/pdf;base64," + base64.b64encode(scan).decode()
    body = {"model": "mistral-ocr-latest", "document": {"document_url": uri}, "include_blocks": True}
    answer = httpx.post(f"{reading.url}/v1/ocr", json=body, timeout=120).json()
    assert [WORDS in page["markdown"] for page in answer["pages"]] == [True, True]
    (block,) = answer["pages"][1]["blocks"]
    left, right = block["top_left_x"], block["bottom_right_x"]
    assert 0 < left < right < answer["pages"][1]["dimensions"]["width"]
    with httpx.stream("POST", f"{reading.url}/v1/ocr", json={**body, "stream": True}, timeout=120) as response:
        lines = [line for line in response.iter_lines() if line.startswith("data: {")]
    assert [json.loads(line[6:])["object"] for line in lines] == ["ocr.page", "ocr.page", "ocr.done"]


def test_a_searchable_pdf(reading: AppUnderTest, scan: bytes) -> None:
    response = httpx.post(
        f"{reading.url}/v1/ocr",
        files={"file": ("a.pdf", scan, "application/pdf")},
        headers={"accept": "application/pdf"},
        timeout=120,
    )
    assert response.headers["x-ocr-pages"] == "added 0-1"
    assert all(WORDS in text for text in found(response.content))


def test_open_webuis_loader(reading: AppUnderTest, scan: bytes) -> None:
    headers = {"content-type": "application/pdf", "x-filename": "a%20b.pdf"}
    pages = httpx.put(f"{reading.url}/process", content=scan, headers=headers, timeout=120).json()
    assert [WORDS in page["page_content"] for page in pages] == [True, True]
    assert [page["metadata"]["file_name"] for page in pages] == ["a b.pdf"] * 2


def test_azures_routes(reading: AppUnderTest, scan: bytes) -> None:
    begun = httpx.post(
        f"{reading.url}/documentintelligence/documentModels/prebuilt-read:analyze",
        params={"api-version": "2024-11-30", "output": "pdf"},
        json={"base64Source": base64.b64encode(scan).decode()},
        timeout=120,
    )
    where = begun.headers["operation-location"]
    assert where.startswith(reading.url)
    wait_for(lambda: httpx.get(where, timeout=30).json()["status"] == "succeeded", 60, "the result")
    assert httpx.get(where).json()["analyzeResult"]["content"].split("\n") == [WORDS, WORDS]
    pdf = httpx.get(where.replace("?", "/pdf?"), timeout=30)
    assert urlsplit(where).query == "api-version=2024-11-30"
    assert all(WORDS in text for text in found(pdf.content))
