"""Requests of POST /v1/ocr as clients send them, and what is refused."""

import json
from typing import Any

import pytest

from ocr_app.api.errors import ApiError
from ocr_app.api.mistral.model_names import check_model
from ocr_app.api.mistral.page import Wanted
from ocr_app.api.mistral.request import OcrRequest, read_form, read_json
from ocr_app.api.mistral.response import wanted_of
from ocr_app.api.mistral.source import DataUri, FileId, locate

PDF = "data:application/pdf;base64,JVBERi0="
DOCUMENT = {"type": "document_url", "document_url": PDF}
SIGNED = "http://front/v1/files/file-1/content?expires=1&signature=x"


def source(request: OcrRequest) -> DataUri | FileId:
    assert request.document is not None
    return locate(request.document, lambda url, _param: "file-1" if url == SIGNED else None)


def refusal(body: Any, **options: Any) -> tuple[str | None, str | None, str]:
    with pytest.raises(ApiError) as caught:
        read_json(body, **{"has_confidence": False, **options})
    assert caught.value.status == 400
    return caught.value.param, caught.value.code, caught.value.message


def test_open_webui() -> None:
    body = {
        "model": "mistral-ocr-latest",
        "document": {"type": "document_url", "document_url": SIGNED},
        "include_image_base64": False,
    }
    request = read_json(body, has_confidence=False)
    check_model(request.model, "deepseek-ocr")
    assert source(request) == FileId("file-1", "document.document_url")
    assert wanted_of(request) == Wanted()
    assert (request.pages, request.ignored) == (None, [])
    base64_mode = read_json({**body, "document": DOCUMENT}, has_confidence=False)
    assert source(base64_mode) == DataUri(PDF, "document.document_url")


def test_ragflow() -> None:
    body = {
        "model": "mistral-ocr-latest",
        "document": {"type": "document_url", "document_url": PDF, "document_name": "a.pdf"},
        "include_blocks": True,
        "table_format": "html",
        "include_image_base64": False,
        "pages": [0, 1, 2],
    }
    request = read_json(body, has_confidence=False)
    assert source(request) == DataUri(PDF, "document.document_url", "a.pdf")
    assert wanted_of(request) == Wanted(blocks=True, table_format="html")
    assert request.pages == [0, 1, 2]


def test_litellm() -> None:
    body = {
        "model": "mistral-ocr-2505",
        "document": {"type": "image_url", "image_url": "data:image/png;base64,AA=="},
        "id": "abc",
        "extract_header": True,
        "image_min_size": 20,
        "image_limit": 3,
        "made_up": 1,
    }
    request = read_json(body, has_confidence=False)
    assert source(request) == DataUri("data:image/png;base64,AA==", "document.image_url")
    assert wanted_of(request) == Wanted(header=True, image_min_size=20, image_limit=3)
    assert request.ignored == ["made_up"]


def test_litellms_form() -> None:
    fields = {
        "model": "mistral-ocr-latest",
        "pages": "[0, 2]",
        "include_blocks": "true",
        "include_image_base64": "False",
        "image_limit": "3",
        "table_format": "markdown",
        "extract_footer": "",
        "ocr": '{"password": "x"}',
        "made_up": "1",
    }
    request = read_form(fields, has_file=True, has_confidence=False)
    assert request.document is None
    assert request.pages == [0, 2]
    assert wanted_of(request) == Wanted(blocks=True, table_format="markdown", image_limit=3)
    assert request.include_image_base64 is False
    assert request.ocr is not None
    assert request.ocr.password == "x"
    assert "'x'" not in repr(request)
    assert request.ignored == ["made_up"]
    assert read_form({"pages": "0,2-4"}, has_file=True, has_confidence=False).pages == "0,2-4"
    named = read_form({"document": json.dumps({"file_id": "file-1"})}, has_file=False, has_confidence=False)
    assert source(named) == FileId("file-1", "document.file_id")


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"type": "file", "file_id": "file-1"}, FileId("file-1", "document.file_id")),
        ({"file_id": "file-1"}, FileId("file-1", "document.file_id")),
        ({"image_url": {"url": PDF, "detail": "high"}}, DataUri(PDF, "document.image_url.url")),
        ({"image_url": SIGNED}, FileId("file-1", "document.image_url")),
        (
            {"document_url": PDF.replace("data:", "DATA:")},
            DataUri(PDF.replace("data:", "DATA:"), "document.document_url"),
        ),
    ],
)
def test_documents(document: dict[str, Any], found: DataUri | FileId) -> None:
    assert source(read_json({"model": None, "document": document}, has_confidence=False)) == found


@pytest.mark.parametrize("url", ["https://example.com/a.pdf", "file:///etc/passwd", "", "x" * 5_000, SIGNED + "x"])
def test_no_other_url_is_fetched(url: str) -> None:
    request = read_json({"document": {"document_url": url}}, has_confidence=False)
    with pytest.raises(
        ApiError, match="The service fetches nothing: send the document as a data URI, or upload"
    ) as caught:
        source(request)
    assert (caught.value.status, caught.value.code, caught.value.param) == (
        400,
        "unsupported_url",
        "document.document_url",
    )
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("body", "param", "code", "message"),
    [
        ([], None, "invalid_type", "must be a JSON object"),
        ({}, "document", "missing_required_parameter", "document is required"),
        ({"document": {"type": "document_url"}}, "document.document_url", "missing_required_parameter", "is required"),
        ({"document": {"type": "zip", "document_url": PDF}}, "document.type", "invalid_value", "'zip'"),
        ({"document": "x"}, "document", "invalid_type", "'x'"),
        ({"document": {"image_url": {}}}, "document.image_url.url", "missing_required_parameter", "is required"),
        ({"document": DOCUMENT, "pages": 3}, None, None, "pages"),
        ({"document": DOCUMENT, "table_format": "csv"}, "table_format", "invalid_value", "'csv'"),
        ({"document": DOCUMENT, "include_blocks": "yes"}, "include_blocks", "invalid_type", "'yes'"),
        ({"document": DOCUMENT, "image_limit": -1}, "image_limit", "invalid_value", "-1"),
        ({"document": DOCUMENT, "ocr": {"pasword": "x"}}, "ocr.pasword", "invalid_value", "ocr.pasword"),
        (
            {"document": DOCUMENT, "document_annotation_format": {"type": "json_schema"}},
            "document_annotation_format",
            "unsupported_parameter",
            "annotates",
        ),
        (
            {"document": DOCUMENT, "bbox_annotation_format": {}},
            "bbox_annotation_format",
            "unsupported_parameter",
            "annotates",
        ),
        (
            {"document": DOCUMENT, "document_annotation_prompt": "sum up"},
            "document_annotation_prompt",
            "unsupported_parameter",
            "annotates",
        ),
        (
            {"document": DOCUMENT, "confidence_scores_granularity": "page"},
            "confidence_scores_granularity",
            "unsupported_value",
            "does not know how sure it is",
        ),
    ],
)
def test_refused(body: Any, param: str | None, code: str | None, message: str) -> None:
    seen_param, seen_code, seen_message = refusal(body)
    assert message in seen_message
    if code:
        assert (seen_param, seen_code) == (param, code)


def test_confidence_only_of_an_engine_that_knows() -> None:
    body = {"document": DOCUMENT, "confidence_scores_granularity": "page"}
    assert wanted_of(read_json(body, has_confidence=True)).confidence
    body["confidence_scores_granularity"] = "word"
    assert "it can be 'page'" in refusal(body, has_confidence=True)[2]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"pages": "[0"}, "pages"),
        ({"document": "{"}, "document"),
        ({"include_blocks": "perhaps"}, "include_blocks"),
        ({"image_limit": "many"}, "image_limit"),
        ({"document": json.dumps(DOCUMENT)}, "document"),
    ],
)
def test_refused_fields_of_a_form(fields: dict[str, str], param: str) -> None:
    with pytest.raises(ApiError) as caught:
        read_form(fields, has_file=True, has_confidence=False)
    assert (caught.value.status, caught.value.param) == (400, param)


@pytest.mark.parametrize(
    "name", [None, "deepseek-ocr", "mistral-ocr-latest", "mistral-ocr-2505-completion", "mistral-ocr"]
)
def test_models(name: str | None) -> None:
    check_model(name, "deepseek-ocr")


@pytest.mark.parametrize("name", ["", "gpt-4", "mistral-large-latest", "mistral-ocrx"])
def test_other_models(name: str) -> None:
    with pytest.raises(ApiError, match="use 'deepseek-ocr' or 'mistral-ocr-latest'") as caught:
        check_model(name, "deepseek-ocr")
    assert (caught.value.status, caught.value.code) == (404, "model_not_found")
