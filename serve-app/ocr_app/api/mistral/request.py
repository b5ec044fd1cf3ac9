"""A request of `POST /v1/ocr`, as JSON or as the fields of a form."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from ocr_app.api.echo import clip, quote
from ocr_app.api.errors import ApiError
from ocr_app.api.validation_errors import as_api_error


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class DocumentUrl(_Wire):
    """A document by its URL: a data URI, or a signed URL of this service."""

    type: Literal["document_url"] = "document_url"
    document_url: str
    document_name: str | None = None


class ImageUrl(_Wire):
    """An image's URL with details."""

    url: str
    detail: str | None = Field(default=None, description="Accepted for compatibility; without effect.")


class ImageUrlDocument(_Wire):
    """A page as an image, by its URL as above."""

    type: Literal["image_url"] = "image_url"
    image_url: Annotated[
        Annotated[str, Tag(":string")] | Annotated[ImageUrl, Tag(":object")], Discriminator(lambda v: _url_tag(v))
    ]


class FileDocument(_Wire):
    """A file that was uploaded to `/v1/files`."""

    type: Literal["file"] = "file"
    file_id: str


def _url_tag(url: Any) -> str:
    return ":string" if isinstance(url, str) else ":object"


def _document_tag(document: Any) -> str:
    """Tell documents apart by their type, or, since it may be left out, by the field that they have."""
    if not isinstance(document, dict):
        return ":document_url"
    kind = document.get("type")
    if kind is None:
        kind = next((name for name in ("image_url", "file_id") if name in document), "document_url")
    tags = {"image_url": ":image_url", "file": ":file", "file_id": ":file"}
    return tags.get(kind, ":document_url") if isinstance(kind, str) else ":document_url"


Document = Annotated[
    Annotated[DocumentUrl, Tag(":document_url")]
    | Annotated[ImageUrlDocument, Tag(":image_url")]
    | Annotated[FileDocument, Tag(":file")],
    Discriminator(_document_tag),
]


class OwnOptions(BaseModel):
    """This service's own options, the field `ocr`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    password: str | None = Field(default=None, repr=False, description="Of an encrypted PDF.")
    redo: bool = Field(default=False, description="Of a searchable PDF: replace invisible text that pages have.")
    force: bool = Field(
        default=False, description="Of a searchable PDF: change a signed one, which makes its signatures invalid."
    )


class OcrRequest(BaseModel):
    """What is asked of a document. Fields that are not named here are allowed, and `ignored`."""

    model_config = ConfigDict(extra="allow", strict=True)

    model: str | None = None
    document: Document | None = Field(default=None, description="Required, but for a form with a `file`.")
    pages: list[int] | str | None = Field(default=None, description='Numbers from 0, as a list or as "0,2-4".')
    include_image_base64: bool | None = None
    image_limit: int | None = Field(default=None, ge=0)
    image_min_size: int | None = Field(default=None, ge=0)
    table_format: Literal["markdown", "html"] | None = None
    extract_header: bool | None = None
    extract_footer: bool | None = None
    include_blocks: bool | None = None
    confidence_scores_granularity: str | None = None
    bbox_annotation_format: Any = None
    document_annotation_format: Any = None
    document_annotation_prompt: Any = None
    id: str | None = Field(default=None, description="Accepted for compatibility; without effect.")
    stream: bool | None = Field(default=None, description="Our own: pages as server-sent events.")
    ocr: OwnOptions | None = None

    @property
    def ignored(self) -> list[str]:
        """Names of fields that have no effect, for the answer."""
        return sorted(clip(name, 60) for name, value in (self.model_extra or {}).items() if value is not None)


_ANNOTATIONS = ("bbox_annotation_format", "document_annotation_format", "document_annotation_prompt")
_FLAGS = ("include_image_base64", "extract_header", "extract_footer", "include_blocks", "stream")
_NUMBERS = ("image_limit", "image_min_size")
_JSON = ("document", "ocr", "bbox_annotation_format", "document_annotation_format")
_WORDS = {"true": True, "1": True, "false": False, "0": False}


def read_json(body: Any, *, has_confidence: bool) -> OcrRequest:
    """Return the request in a JSON body.

    Args:
        body: The parsed JSON.
        has_confidence: Whether the engine knows how sure it is.

    Raises:
        ApiError: 400, with `param` as the path of the field.
    """
    return _checked(body, has_confidence=has_confidence, has_file=False)


def read_form(fields: Mapping[str, str], *, has_file: bool, has_confidence: bool) -> OcrRequest:
    """Return the request in the fields of a form, as LiteLLM's proxy takes them; an empty field counts as left out.

    Args:
        fields: By name, but for the file.
        has_file: Whether the form has the document itself, as `file`.
        has_confidence: Whether the engine knows how sure it is.

    Raises:
        ApiError: 400, with `param` as the name of the field.
    """
    body = {name: _field(name, text) for name, text in fields.items() if text}
    return _checked(body, has_confidence=has_confidence, has_file=has_file)


def _checked(body: Any, *, has_confidence: bool, has_file: bool) -> OcrRequest:
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.", code="invalid_type")
    try:
        request = OcrRequest.model_validate(body)
    except ValidationError as error:
        raise as_api_error(error) from None
    for name in _ANNOTATIONS:
        if getattr(request, name) is not None:
            message = f"{name} is not supported: no model of this service annotates documents. Leave it out."
            raise ApiError(400, message, param=name, code="unsupported_parameter")
    _check_confidence(request.confidence_scores_granularity, has_confidence=has_confidence)
    if request.document is None and not has_file:
        message = "document is required: a document_url, an image_url or a file_id."
        raise ApiError(400, message, param="document", code="missing_required_parameter")
    if request.document is not None and has_file:
        raise ApiError(400, "Send a file or a document, not both.", param="document", code="invalid_value")
    return request


def _check_confidence(granularity: str | None, *, has_confidence: bool) -> None:
    """Refuse confidence that nobody knows, rather than make it up."""
    if granularity is None or (granularity == "page" and has_confidence):
        return
    known = "it can be 'page'" if has_confidence else "this engine does not know how sure it is, so leave it out"
    name = "confidence_scores_granularity"
    raise ApiError(400, f"{name} is {quote(granularity, 40)}; {known}.", param=name, code="unsupported_value")


def _field(name: str, text: str) -> Any:
    if name in _FLAGS:
        return _WORDS.get(text.lower(), text)
    if name in _NUMBERS:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    if name in _JSON or (name == "pages" and text.lstrip().startswith("[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ApiError(400, f"The field {name} is not JSON.", param=name, code="invalid_json") from None
    return text
