"""Azure's three routes, as Paperless-ngx calls them."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from ocr_app.api.azure.paths import ANALYZE, RESULTS
from ocr_app.documents.opener import Opener
from ocr_app.settings import FileSettings, Settings
from tests.api.documents import PageEngine, reading
from tests.api.support import assert_error, data_uri, eventually, image_bytes
from tests.api.test_searchable_pdf import scans, words
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEY = {"ocp-apim-subscription-key": "k"}
QUERY = {
    "api-version": "2024-11-30",
    "outputContentFormat": "text",
    "output": "pdf",
    "stringIndexType": "unicodeCodePoint",
}
LINES = [
    {"text": "grüße", "box": [1, 2, 9, 4], "confidence": 0.9},
    {"text": "𝕏 two", "box": [1, 6, 9, 8], "confidence": 0.9},
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    made = Opener(Settings())
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def client(opener: Opener, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    engine = PageEngine(report={"lines": LINES, "mean_confidence": 0.9})
    settings = FileSettings(directory=str(tmp_path))
    async with reading(opener, engine, kind="cpu", files=settings, api_key="k") as found:
        found.headers.update(KEY)
        found.engine = engine  # type: ignore[attr-defined]
        yield found


def service(client: httpx.AsyncClient) -> Any:
    return client._transport.app.state.service  # type: ignore[attr-defined]


def body(data: bytes) -> dict[str, str]:
    return {"base64Source": base64.b64encode(data).decode()}


async def begin(client: httpx.AsyncClient, data: bytes, **query: str) -> str:
    """Begin an analysis; return the URL of its result."""
    response = await client.post(ANALYZE, params={**QUERY, **query}, json=body(data))
    assert response.status_code == 202, response.text
    assert response.content == b""
    return response.headers["operation-location"]


async def ended(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """Poll as the SDK does."""
    while True:
        response = await client.get(url)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        if answer["status"] != "running":
            return answer
        assert response.headers["retry-after"] == "1"
        await asyncio.sleep(0.02)


async def test_paperless(client: httpx.AsyncClient) -> None:
    url = await begin(client, scans(2))
    parts = urlsplit(url)
    assert parts.path.startswith(RESULTS + "/file-")
    assert parts.query == "api-version=2024-11-30"
    answer = await ended(client, url)
    assert answer["status"] == "succeeded"
    result = answer["analyzeResult"]
    assert {name: result[name] for name in ("apiVersion", "modelId", "stringIndexType", "contentFormat")} == {
        "apiVersion": "2024-11-30",
        "modelId": "prebuilt-read",
        "stringIndexType": "unicodeCodePoint",
        "contentFormat": "text",
    }
    assert result["content"] == "grüße\n𝕏 two\ngrüße\n𝕏 two"
    first, second = result["pages"]
    assert [page["pageNumber"] for page in (first, second)] == [1, 2]
    assert (first["unit"], first["width"], first["height"]) == ("inch", 0.0688, 0.1375)
    assert second["spans"] == [{"offset": 12, "length": 11}]
    line = second["lines"][1]
    assert line == {
        "content": "𝕏 two",
        "polygon": [0.0069, 0.0413, 0.0619, 0.0413, 0.0619, 0.055, 0.0069, 0.055],
        "spans": [{"offset": 18, "length": 5}],
    }
    assert result["content"][18 : 18 + 5] == "𝕏 two"
    pdf = await client.get(f"{parts.path}/pdf", params={"api-version": "2024-11-30"})
    assert pdf.headers["content-type"] == "application/pdf"
    assert "grüße" in words(pdf.content, 1)
    held = service(client)
    assert (held.admission.in_flight, held.bodies.held, held.files.sending.held) == (0, 0, 0)


async def test_places_in_units_of_utf_16(client: httpx.AsyncClient) -> None:
    result = (await ended(client, await begin(client, scans(2), stringIndexType="utf16CodeUnit")))["analyzeResult"]
    assert result["pages"][1]["spans"] == [{"offset": 13, "length": 12}]


async def test_an_image_as_the_body_and_markdown(client: httpx.AsyncClient) -> None:
    response = await client.post(
        ANALYZE,
        params={"outputContentFormat": "markdown"},
        content=image_bytes(),
        headers={"content-type": "application/octet-stream"},
    )
    url = response.headers["operation-location"]
    result = (await ended(client, url))["analyzeResult"]
    assert result["content"] == "text 1"
    assert result["pages"][0]["unit"] == "pixel"
    assert "There is no PDF" in assert_error(await client.get(urlsplit(url).path + "/pdf"), 404, "NotFound")


async def test_pages_are_chosen_from_1(client: httpx.AsyncClient) -> None:
    result = (await ended(client, await begin(client, scans(3), pages="2-3")))["analyzeResult"]
    assert [page["pageNumber"] for page in result["pages"]] == [2, 3]


async def test_a_page_that_fails_is_marked(client: httpx.AsyncClient) -> None:
    client.engine.refuse(2)  # type: ignore[attr-defined]
    url = await begin(client, scans(3))
    result = (await ended(client, url))["analyzeResult"]
    assert "<!-- Page 2: The image is too odd - - for us. -->" in result["content"].split("\n")
    assert result["warnings"] == [{"code": "invalid_image", "message": "Page 2: The image is too odd --> for us."}]
    pdf = (await client.get(urlsplit(url).path + "/pdf")).content
    assert [bool(words(pdf, page)) for page in range(3)] == [True, False, True]


@pytest.mark.parametrize(
    ("data", "query", "code"),
    [
        (pdfs.encrypted("x"), {}, "encrypted_pdf"),
        (b"%PDF-1.4\n", {}, "invalid_pdf"),
        (scans(1), {"pages": "7"}, "invalid_value"),
    ],
)
async def test_what_fails_says_why(client: httpx.AsyncClient, data: bytes, query: dict[str, str], code: str) -> None:
    url = await begin(client, data, **query)
    answer = await ended(client, url)
    assert (answer["status"], answer["error"]["code"]) == ("failed", code)
    assert answer["error"]["message"]
    assert_error(await client.get(urlsplit(url).path + "/pdf"), 404, "NotFound")
    held = service(client)
    await eventually(lambda: (held.admission.in_flight, held.bodies.held) == (0, 0))
    assert (await client.get("/v1/files", headers={"authorization": "Bearer k"})).json()["data"] == []


@pytest.mark.parametrize(
    ("query", "given", "status", "code", "param"),
    [
        ({}, {"base64Source": "a"}, 400, "invalid_base64", "base64Source"),
        ({}, {"urlSource": "https://example.com"}, 400, "unsupported_url", "urlSource"),
        ({}, {}, 400, "missing_required_parameter", "base64Source"),
        ({}, {"base64Source": 5}, 400, "invalid_type", "base64Source"),
        ({}, body(b"plain text"), 400, "invalid_image", "base64Source"),
        ({"output": "pdf,figures"}, body(b""), 400, "unsupported_value", "output"),
        ({"features": "barcodes"}, body(b""), 400, "unsupported_value", "features"),
        ({"pages": "0"}, body(image_bytes()), 400, "invalid_value", "pages"),
        ({"page": "1"}, body(b""), 400, "unknown_parameter", "page"),
    ],
)
async def test_what_is_refused(
    client: httpx.AsyncClient, query: dict[str, str], given: Any, status: int, code: str, param: str
) -> None:
    assert_error(await client.post(ANALYZE, params=query, json=given), status, code, param)
    held = service(client)
    assert (held.admission.in_flight, held.bodies.held) == (0, 0)


async def test_the_key(client: httpx.AsyncClient) -> None:
    for wrong in ({}, {"ocp-apim-subscription-key": "wrong"}):
        client.headers.pop("ocp-apim-subscription-key", None)
        refused = await client.post(ANALYZE, json=body(scans(1)), headers=wrong)
        assert_error(refused, 401)
    assert_error(await client.get("/v1/models", headers=KEY), 401, "missing_api_key")
    bearer = await client.post(ANALYZE, json=body(scans(1)), headers={"authorization": "Bearer k"})
    assert bearer.status_code == 202


async def test_the_work_goes_on_without_its_client_and_holds_a_place(client: httpx.AsyncClient) -> None:
    go = asyncio.Event()
    client.engine.act = lambda number: go.wait()  # type: ignore[attr-defined]
    url = await begin(client, scans(2))
    held = service(client)
    assert (await client.get(url)).json()["status"] == "running"
    assert held.admission.in_flight == 1
    assert held.bodies.held == len(scans(2))
    go.set()
    assert (await ended(client, url))["status"] == "succeeded"


async def test_a_result_outlives_the_process_and_what_runs_does_not(
    opener: Opener, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    done = await begin(client, scans(1))
    await ended(client, done)
    client.engine.act = lambda number: asyncio.Event().wait()  # type: ignore[attr-defined]
    lost = await begin(client, scans(1))
    async with reading(opener, kind="cpu", files=FileSettings(directory=str(tmp_path))) as again:
        assert (await again.get(done)).json()["status"] == "succeeded"
        assert (await again.get(urlsplit(done).path + "/pdf")).content.startswith(b"%PDF-")
        assert_error(await again.get(lost), 404, "NotFound")
    held = service(client)
    await held.operations.close()
    assert (held.admission.in_flight, held.bodies.held) == (0, 0)


async def test_ids_of_other_files_and_services_without_files(opener: Opener, client: httpx.AsyncClient) -> None:
    upload = await client.post("/v1/files", files={"file": ("a.pdf", scans(1))}, headers={"authorization": "Bearer k"})
    assert_error(await client.get(f"{RESULTS}/{upload.json()['id']}"), 404, "NotFound")
    assert_error(await client.get(f"{RESULTS}/..%2f..%2fetc"), 404)
    async with reading(opener) as without:
        refused = await without.post(ANALYZE, json={"base64Source": data_uri(image_bytes())})
        assert_error(refused, 501, "files_unavailable")
        assert service(without).admission.in_flight == 0
