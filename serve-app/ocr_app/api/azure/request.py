"""A request to analyze a document. It decodes: call it in a thread."""

import re
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.images import check_size, read_file
from ocr_app.api.json_text import JsonText, too_many_values
from ocr_app.api.page_choice import ranges_of
from ocr_app.api.references import Reference
from ocr_app.api.validation_errors import as_api_error
from ocr_app.documents.kinds import kind_of
from ocr_app.documents.page_ranges import PageRanges
from ocr_app.engine.images import probe
from ocr_app.settings import LimitSettings

Unit = Literal["unicodeCodePoint", "utf16CodeUnit"]

_IGNORED = ("api-version", "locale")
_KNOWN = frozenset((*_IGNORED, "pages", "output", "outputContentFormat", "stringIndexType", "features", "_overload"))
_SOURCE = "base64Source"
_VERSION = re.compile(r"[0-9A-Za-z.-]{1,30}")


class AnalyzeBody(BaseModel):
    """The JSON of a request."""

    model_config = ConfigDict(extra="ignore", strict=True)

    base64Source: str | None = Field(default=None, description="The document.")
    urlSource: str | None = Field(default=None, description="Refused: the service fetches nothing.")


@dataclass(slots=True)
class Analyze:
    """What is asked.

    Attributes:
        data: The document.
        pages: Which are read; None for all.
        pdf: Whether a searchable PDF is wanted.
        markdown: Whether `content` is Markdown; plain text otherwise.
        unit: In which places in `content` count.
        version: Of the API, as the client names it.
    """

    data: bytes = field(repr=False)
    pages: PageRanges | None
    pdf: bool
    markdown: bool
    unit: Unit
    version: str


def read_analyze(body: bytes, content_type: str, query: QueryParams, limits: LimitSettings) -> Analyze:
    """Read a request.

    Args:
        body: JSON, or the document itself if the content type says so.
        content_type: The header.
        query: Of the URL.
        limits: Most bytes and values.

    Raises:
        ApiError: 400 for bad input, 413 for too much.
        RequestError: 400 for a document that is none.
    """
    options = _options(query)
    if content_type.partition(";")[0].strip().lower() in ("application/json", ""):
        data = _decoded(body, limits)
    else:
        data = check_size(body, limits, "body")
    param = _SOURCE if data is not body else "body"
    if kind_of(data) is None:
        # It raises, for the reason that it is not read.
        probe(data, max_pixels=limits.max_image_pixels, param=param)
    return Analyze(
        data,
        pages=ranges_of(query.get("pages") or None, first=1, param="pages"),
        pdf="pdf" in options["output"],
        markdown=options["outputContentFormat"] == ["markdown"],
        unit="utf16CodeUnit" if options["stringIndexType"] == ["utf16CodeUnit"] else "unicodeCodePoint",
        version=_version(query.get("api-version", "")),
    )


_CHOICES = {
    "output": ("pdf",),
    "outputContentFormat": ("text", "markdown"),
    "stringIndexType": ("textElements", "unicodeCodePoint", "utf16CodeUnit"),
    "features": (),
}


def _options(query: QueryParams) -> dict[str, list[str]]:
    for name in query:
        if name not in _KNOWN:
            message = f"The parameter {quote(name, 60)} is not known here."
            raise ApiError(400, message, param=name, code="unknown_parameter")
    found: dict[str, list[str]] = {}
    for name, choices in _CHOICES.items():
        found[name] = [value for given in query.getlist(name) for value in given.split(",") if value]
        for value in found[name]:
            if value not in choices:
                can = " or ".join(choices) or "left out"
                message = f"{name} is {quote(value, 60)}; it can be {can}."
                raise ApiError(400, message, param=name, code="unsupported_value")
    return found


def _version(given: str) -> str:
    return given if _VERSION.fullmatch(given) else "2024-11-30"


def _decoded(body: bytes, limits: LimitSettings) -> bytes:
    if too_many_values(body, limits.max_json_values):
        message = f"The body has more than {limits.max_json_values:,} JSON values, which is the limit."
        raise ApiError(413, message, code="request_too_large")
    try:
        found = AnalyzeBody.model_validate_json(body)
    except ValidationError as error:
        raise as_api_error(error) from None
    if found.base64Source is None:
        if found.urlSource is not None:
            message = f"urlSource is refused: the service fetches nothing. Send the document as {_SOURCE}."
            raise ApiError(400, message, param="urlSource", code="unsupported_url")
        message = f"{_SOURCE} is required: the document in Base64."
        raise ApiError(400, message, param=_SOURCE, code="missing_required_parameter")
    reference = Reference(_SOURCE, found.base64Source, "data")
    return read_file(reference, limits, JsonText(b"", b"", {}), _no_id)


def _no_id(_file_id: str, _param: str) -> bytes:
    raise AssertionError("a document in Base64 has no id")
