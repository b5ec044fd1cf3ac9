"""The body of `POST /v1/ocr` to what is asked and the document. It decodes and may read a disk: call it in a thread."""

from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from ocr_app.api.echo import clip
from ocr_app.api.errors import ApiError
from ocr_app.api.files.door import Files
from ocr_app.api.images import check_size, read_file
from ocr_app.api.json_text import JsonText, cut_images
from ocr_app.api.mistral.form import read_form_body
from ocr_app.api.mistral.model_names import check_model
from ocr_app.api.mistral.request import OcrRequest, read_form, read_json
from ocr_app.api.mistral.source import DataUri, locate
from ocr_app.api.parser import check_text
from ocr_app.api.references import Reference
from ocr_app.ocr.abilities import ABILITIES
from ocr_app.settings import Settings


@dataclass(slots=True)
class Received:
    """A request.

    Attributes:
        request: What is asked.
        data: The document.
        param: Path of the field that carried it.
    """

    request: OcrRequest
    data: bytes = field(repr=False)
    param: str


def receive(body: bytes, content_type: str, settings: Settings, files: Files) -> Received:
    """Read a body.

    Args:
        body: JSON, or a form with a `file` or a `document`.
        content_type: The header.
        settings: Limits, the model and the engine.
        files: Those that were uploaded.

    Raises:
        ApiError: 400 for bad input, 404 for another model or no such file, 413 for too much, 501 where no files are
            kept.
    """
    knows = ABILITIES[settings.engine].lines
    if content_type.lower().startswith("multipart/"):
        form = read_form_body(body, content_type, most_text=settings.limits.max_text_bytes)
        request = read_form(form.fields, has_file=form.file is not None, has_confidence=knows)
        source = JsonText(b"", b"", {})
        data = form.file
    else:
        source = cut_images(body)
        request, source = _request(source, settings, has_confidence=knows)
        data = None
    check_model(request.model, settings.model_id)
    if data is not None:
        if not data:
            raise ApiError(400, "The file is empty.", param="file", code="empty_file")
        return Received(request, check_size(data, settings.limits, "file"), "file")
    assert request.document is not None  # noqa: S101 - `read_json` and `read_form` have checked it
    found = locate(request.document, files.resolve_url)
    if isinstance(found, DataUri):
        reference = Reference(found.param, found.uri, "uri")
    else:
        reference = Reference(found.param, found.id, "id")
    return Received(request, read_file(reference, settings.limits, source, files.content), found.param)


def _request(source: JsonText, settings: Settings, *, has_confidence: bool) -> tuple[OcrRequest, JsonText]:
    request = read_json(_parsed(source, settings), has_confidence=has_confidence)
    used = {mark for url in _urls(request) if (mark := source.mark_in(url)) is not None}
    if len(used) < len(source.cuts):
        # Some Base64 is not that of the document: it is text like any other.
        source = source.keeping(used)
        request = read_json(_parsed(source, settings), has_confidence=has_confidence)
    return request, source


def _urls(request: OcrRequest) -> list[str]:
    found = None if request.document is None else locate(request.document, lambda _url, _param: "")
    return [found.uri] if isinstance(found, DataUri) else []


def _parsed(source: JsonText, settings: Settings) -> Any:
    check_text(source, settings.limits)
    try:
        return from_json(source.text)
    except ValueError as error:
        raise ApiError(400, f"The body is not valid JSON: {clip(str(error), 60)}.", code="invalid_json") from None
