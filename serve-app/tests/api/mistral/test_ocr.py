"""`POST /v1/ocr` over the whole front: what clients send, what comes back, what is refused."""

import asyncio
import base64
import gzip
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from ocr_app.api.engine_state import EngineMonitor, EngineStatus
from ocr_app.api.mistral import answer as answer_module
from ocr_app.documents.opener import Opener
from ocr_app.ocr.layout_json import LayoutBlock
from ocr_app.settings import DocumentSettings, FileSettings, Settings
from tests.api.documents import PageEngine, reading
from tests.api.support import assert_error, data_uri, eventually, image_bytes
from tests.api.test_documents_streamed import receive_of, scope
from tests.api.test_pictures import tiff
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
OCR = "/v1/ocr"
THREE = pdfs.pages(3)
SECRET = "hunter2-hunter2"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    made = Opener(Settings(documents=DocumentSettings(page_cpu_s=2)))
    yield made
    await made.close()


def document(data: bytes = THREE, **fields: Any) -> dict[str, Any]:
    return {
        "model": "mistral-ocr-latest",
        "document": {"type": "document_url", "document_url": data_uri(data, "application/pdf")},
        **fields,
    }


async def ask(opener: Opener, body: Any, engine: PageEngine | None = None, **settings: Any) -> dict[str, Any]:
    async with reading(opener, engine, **settings) as client:
        response = await client.post(OCR, json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def texts(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(page["index"], page["markdown"]) for page in answer["pages"]]


READ = [(0, "text 1"), (1, "text 2"), (2, "text 3")]


async def test_open_webui_with_base64(opener: Opener) -> None:
    engine = PageEngine(lambda number: asyncio.sleep(0.02 * (3 - number)))
    answer = await ask(opener, document(include_image_base64=False), engine)
    assert texts(answer) == READ
    assert answer["pages"][1] == {
        "index": 1,
        "markdown": "text 2",
        "images": [],
        "dimensions": {"dpi": 145, "width": 10, "height": 20},
        "ocr": {"verdict": "ok"},
    }
    assert (answer["model"], answer["document_annotation"]) == ("deepseek-ocr", None)
    assert answer["usage_info"] == {"pages_processed": 3, "doc_size_bytes": len(THREE)}
    assert "ocr" not in answer


async def test_open_webui_with_an_upload(opener: Opener, tmp_path: Path) -> None:
    """As its loader does: upload, a signed URL, the pages, and the file is deleted."""
    key = {"authorization": "Bearer k"}
    async with reading(opener, files=FileSettings(directory=str(tmp_path)), api_key="k") as client:
        client.headers.update(key)
        upload = await client.post(
            "/v1/files", files={"file": ("a.pdf", THREE, "application/pdf")}, data={"purpose": "ocr"}
        )
        file_id = upload.json()["id"]
        url = (await client.get(f"/v1/files/{file_id}/url", params={"expiry": 1})).json()["url"]
        body = {
            "model": "mistral-ocr-latest",
            "document": {"type": "document_url", "document_url": url},
            "include_image_base64": False,
        }
        by_url = await client.post(OCR, json=body)
        by_id = await client.post(OCR, json={"model": None, "document": {"type": "file", "file_id": file_id}})
        assert (await client.delete(f"/v1/files/{file_id}")).status_code == 200
        gone = await client.post(OCR, json=body)
        elsewhere = await client.post(OCR, json={**body, "document": {"document_url": "https://example.com/a.pdf"}})
        service = client._transport.app.state.service  # type: ignore[attr-defined]
        assert (service.bodies.held, service.admission.in_flight) == (0, 0)
    assert texts(by_url.json()) == texts(by_id.json()) == READ
    assert_error(gone, 404, "file_not_found", "document.document_url")
    assert "fetches nothing" in assert_error(elsewhere, 400, "unsupported_url", "document.document_url")


async def test_ragflow(opener: Opener) -> None:
    """It reads blocks and dimensions alone."""
    body = document(include_blocks=True, table_format="html", include_image_base64=False, pages=[0, 2])
    answer = await ask(opener, body)
    assert texts(answer) == [(0, "text 1"), (2, "text 2")]
    place = {"top_left_x": 1, "top_left_y": 2, "bottom_right_x": 3, "bottom_right_y": 4}
    assert answer["pages"][1]["blocks"] == [{"type": "text", **place, "content": "text 2"}]
    assert answer["pages"][1]["tables"] == []


async def test_litellm(opener: Opener) -> None:
    """It passes the native body through, with fields of its own, and adds `object`."""
    body = {"model": "mistral-ocr-latest", "document": document()["document"], "id": "x", "req_timeout": 600}
    answer = await ask(opener, body)
    assert texts(answer) == READ
    assert answer["ocr"] == {"ignored": ["req_timeout"]}


async def test_a_form(opener: Opener) -> None:
    async with reading(opener) as client:
        response = await client.post(
            OCR,
            files={"file": ("a.pdf", THREE, "application/pdf")},
            data={"model": "deepseek-ocr", "pages": "[1]", "include_blocks": "true"},
        )
        both = await client.post(
            OCR, files={"file": ("a.pdf", THREE)}, data={"document": json.dumps(document()["document"])}
        )
        empty = await client.post(OCR, files={"file": ("a.pdf", b"")})
        none = await client.post(OCR, files={"other": (None, "x")})
    assert texts(response.json()) == [(1, "text 1")]
    assert "blocks" in response.json()["pages"][0]
    assert "not both" in assert_error(both, 400, "invalid_value", "document")
    assert_error(empty, 400, "empty_file", "file")
    assert_error(none, 400, "missing_required_parameter", "document")


async def test_images_and_tiffs(opener: Opener) -> None:
    image = {"model": None, "document": {"type": "image_url", "image_url": {"url": data_uri(image_bytes())}}}
    one = await ask(opener, image)
    assert texts(one) == [(0, "text 1")]
    assert one["pages"][0]["dimensions"] == {"dpi": 0, "width": 10, "height": 20}
    many = await ask(opener, {"document": {"image_url": data_uri(tiff(3))}, "pages": "1-"})
    assert texts(many) == [(1, "text 1"), (2, "text 2")]


def _two_halves() -> bytes:
    """An image of 100 x 200 whose right half is red."""
    page = Image.new("RGB", (100, 200), "white")
    page.paste((255, 0, 0), (50, 0, 100, 200))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def _cut(image: dict[str, Any]) -> Image.Image:
    kind, _, data = image["image_base64"].partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def _red(image: Image.Image) -> bool:
    red, green, blue = image.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    return bool(red > 240 and green < 20 and blue < 20)


async def test_pictures_are_cut_out(opener: Opener) -> None:
    boxes = ((5, 0, 10, 20), (0, 0, 5, 10), (0, 0, 1, 1))
    engine = PageEngine(blocks=[LayoutBlock("image", "", (box,)) for box in boxes])
    body = {"document": {"image_url": data_uri(_two_halves())}, "include_image_base64": True, "image_min_size": 2}
    (page,) = (await ask(opener, body, engine))["pages"]
    assert [image["id"] for image in page["images"]] == ["img-0.jpeg", "img-1.jpeg"]
    right, left = map(_cut, page["images"])
    assert (right.size, left.size) == ((50, 200), (50, 100))
    assert _red(right)
    assert not _red(left)
    assert page["markdown"] == "![img-0.jpeg](img-0.jpeg)\n\n![img-1.jpeg](img-1.jpeg)"
    limited = (await ask(opener, {**body, "image_limit": 1}, engine))["pages"][0]["images"]
    assert [image["id"] for image in limited] == ["img-0.jpeg"]
    without = (await ask(opener, {**body, "include_image_base64": False}, engine))["pages"][0]["images"]
    assert [image["image_base64"] for image in without] == [None, None]


async def test_pictures_of_a_page_that_the_engine_turned(opener: Opener) -> None:
    """Turned by 90 degrees anticlockwise, what was on the right is at the top."""
    engine = PageEngine(blocks=[LayoutBlock("image", "", ((0, 0, 10, 10),))], report={"turned_degrees": 90})
    body = {"document": {"image_url": data_uri(_two_halves())}, "include_image_base64": True}
    (page,) = (await ask(opener, body, engine))["pages"]
    assert _cut(page["images"][0]).size == (200, 50)
    assert _red(_cut(page["images"][0]))


async def test_pictures_of_a_pdf(opener: Opener) -> None:
    engine = PageEngine(blocks=[LayoutBlock("image", "", ((0, 0, 10, 10),))])
    answer = await ask(opener, document(include_image_base64=True), engine)
    assert [image["id"] for page in answer["pages"] for image in page["images"]] == [
        f"img-{number}.jpeg" for number in range(3)
    ]
    assert {_cut(page["images"][0]).size for page in answer["pages"]} == {(1_237, 800)}


async def test_pictures_of_a_long_document_end_somewhere_but_in_a_stream(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_module, "_MOST_PICTURES", 1)
    engine = PageEngine(blocks=[LayoutBlock("image", "", ((0, 0, 10, 10),))])
    settings: Any = {"documents": {"pages_at_once": 1}}
    answer = await ask(opener, document(include_image_base64=True), engine, **settings)
    assert [image["image_base64"] is None for page in answer["pages"] for image in page["images"]] == [
        False,
        True,
        True,
    ]
    async with reading(opener, engine, **settings) as client:
        response = await client.post(OCR, json=document(include_image_base64=True, stream=True))
    assert all(page["page"]["images"][0]["image_base64"] for page in events(response.text)[:-1])


async def test_confidence_comes_from_the_engine_that_has_it(opener: Opener) -> None:
    lines = [{"text": text, "box": [0, 0, 1, 1], "confidence": sure} for text, sure in (("a", 0.9), ("b", 0.5))]
    engine = PageEngine(report={"mean_confidence": 0.7, "lines": lines})
    body = document(confidence_scores_granularity="page")
    answer = await ask(opener, body, engine, kind="cpu")
    assert answer["pages"][0]["confidence_scores"] == {
        "average_page_confidence_score": 0.7,
        "minimum_page_confidence_score": 0.5,
    }
    assert all(request.options == {"ocr": {"lines": True}} for request in engine.requests)
    async with reading(opener, engine, kind="vllm") as client:
        refused = await client.post(OCR, json=body)
    assert_error(refused, 400, "unsupported_value", "confidence_scores_granularity")


async def test_a_page_that_fails_is_marked_as_in_a_chat(opener: Opener) -> None:
    answer = await ask(opener, document(include_blocks=True), PageEngine().refuse(2))
    marker = "<!-- Page 2: The image is too odd - - for us. -->"
    assert texts(answer) == [READ[0], (1, marker), READ[2]]
    failed = answer["pages"][1]
    assert failed["ocr"] == {"error": {"code": "invalid_image", "message": "Page 2: The image is too odd --> for us."}}
    assert failed["dimensions"] == {"dpi": 145, "width": 1_237, "height": 1_600}
    assert failed["blocks"][0]["content"] == marker
    assert answer["usage_info"]["pages_processed"] == 2


def events(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


async def test_a_stream_has_an_event_for_each_page(opener: Opener) -> None:
    async with reading(opener, PageEngine().refuse(2)) as client:
        response = await client.post(OCR, json=document(stream=True, made_up=1))
    assert response.headers["content-type"].startswith("text/event-stream")
    *pages, end = events(response.text)
    assert [(page["object"], page["page"]["index"]) for page in pages] == [("ocr.page", index) for index in range(3)]
    assert pages[2]["page"]["markdown"] == "text 3"
    assert end == {
        "object": "ocr.done",
        "model": "deepseek-ocr",
        "document_annotation": None,
        "usage_info": {"pages_processed": 2, "doc_size_bytes": len(THREE)},
        "ocr": {"ignored": ["made_up"]},
    }


async def test_a_stream_begins_before_the_document_ends_and_says_that_it_lives(opener: Opener) -> None:
    last = asyncio.Event()
    engine = PageEngine(lambda number: last.wait() if number == 3 else None)
    received: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        received.append(message.get("body", b""))

    async with reading(opener, engine, queue={"keep_alive_interval_s": 0.05}) as client:
        app = client._transport.app  # type: ignore[attr-defined]
        where = {**scope(), "path": OCR}
        answering = asyncio.create_task(app(where, receive_of(document(stream=True)), send))
        await eventually(lambda: b"text 2" in b"".join(received) and b": keep-alive" in received[-1], 20)
        last.set()
        await answering
    assert b"text 3" in b"".join(received)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_frees_everything(opener: Opener, stream: bool) -> None:
    engine = PageEngine(lambda number: asyncio.sleep(600 if number > 2 else 0))
    left = asyncio.Event()

    async def send(message: dict[str, Any]) -> None: ...

    async with reading(opener, engine) as client:
        app = client._transport.app  # type: ignore[attr-defined]
        body = document(pdfs.pages(60), stream=stream)
        answering = asyncio.create_task(app({**scope(), "path": OCR}, receive_of(body, left), send))
        await eventually(lambda: engine.running == 8, 20)
        left.set()
        await answering
        service = app.state.service
        assert (engine.running, service.admission.in_flight, service.bodies.held) == (0, 0, 0)


@pytest.mark.parametrize(
    ("body", "status", "code", "param", "words"),
    [
        (document(model="gpt-4"), 404, "model_not_found", "model", "does not exist"),
        (document(pages="3"), 400, "invalid_value", "pages", "names page 3, but the last page of the document is 2"),
        (document(pages="x"), 400, "invalid_value", "pages", "has the part 'x'"),
        (document(pages=[-1]), 400, "invalid_value", "pages", "the first page is 0"),
        (document(pdfs.pages(5)), 413, "too_many_pages", "document.document_url", "5 pages of the document"),
        (document(pdfs.pages(6), pages="1-"), 413, "too_many_pages", "pages", "5 pages of the document"),
        (document(pdfs.encrypted(SECRET)), 400, "encrypted_pdf", "ocr.password", "needs a password"),
        (document(b"PK\x03\x04 word/document.xml"), 400, "unsupported_image_format", "document.document_url", "DOCX"),
        (document(bbox_annotation_format={}), 400, "unsupported_parameter", "bbox_annotation_format", "not supported"),
        ({"document": {"type": {"a": 1}, "document_url": "x"}}, 400, "invalid_value", "document.type", ""),
        ({"model": "x"}, 400, "missing_required_parameter", "document", "is required"),
        ([], 400, "invalid_type", None, "must be a JSON object"),
        (document(ocr={"passwort": "x"}), 400, "invalid_value", "ocr.passwort", ""),
    ],
)
async def test_what_is_refused(
    opener: Opener, body: Any, status: int, code: str, param: str | None, words: str
) -> None:
    engine = PageEngine()
    async with reading(opener, engine, limits={"max_document_pages": 4, "max_pages": 1}) as client:
        response = await client.post(OCR, json=body)
    assert words in assert_error(response, status, code, param)
    assert engine.requests == []


async def test_bodies_that_are_no_request(opener: Opener) -> None:
    async with reading(opener) as client:
        broken = await client.post(OCR, content=b'{"document": ')
        unicode = await client.post(OCR, content=b'{"model": "\\ud800"}')
        zipped = await client.post(
            OCR, content=gzip.compress(json.dumps(document()).encode()), headers={"content-encoding": "gzip"}
        )
    assert_error(broken, 400, "invalid_json")
    assert_error(unicode, 400)
    assert texts(zipped.json()) == READ


async def test_more_pages_than_a_chat_may_have(opener: Opener) -> None:
    assert len((await ask(opener, document(pdfs.pages(5)), limits={"max_pages": 2}))["pages"]) == 5


async def test_the_key_and_the_password(opener: Opener, caplog: pytest.LogCaptureFixture) -> None:
    engine = PageEngine()
    body = document(pdfs.encrypted(SECRET), ocr={"password": SECRET})
    async with reading(opener, engine, api_key="k") as client:
        assert_error(await client.post(OCR, json=body), 401, "missing_api_key")
        answer = await client.post(OCR, json=body, headers={"authorization": "Bearer k", "x-request-id": "me"})
    assert answer.headers["x-request-id"] == "me"
    assert SECRET not in answer.text
    assert [SECRET in request.to_wire()[0].decode() for request in engine.requests] == [False]


async def test_all_is_lost(opener: Opener) -> None:
    monitor = EngineMonitor(EngineStatus("failed", reason="no GPU"))
    monitor.failed_at = float("inf")
    for stream in (False, True):
        async with reading(opener, monitor=monitor) as client:
            response = await client.post(OCR, json=document(stream=stream))
        assert "no GPU" in assert_error(response, 503, "engine_failed")
        async with reading(opener, PageEngine().refuse(1, 2, 3)) as client:
            response = await client.post(OCR, json=document(stream=stream))
        assert assert_error(response, 400, "invalid_image").startswith("Page 1: ")


async def test_requests_are_counted(opener: Opener) -> None:
    async with reading(opener) as client:
        await client.post(OCR, json=document())
        await client.post(OCR, json={})
        metrics: httpx.Response = await client.get("/metrics")
    assert 'ocr_requests_total{outcome="ok"} 1.0' in metrics.text
    assert 'ocr_requests_total{outcome="client_error"} 1.0' in metrics.text
    assert "ocr_pages_total 3.0" in metrics.text
