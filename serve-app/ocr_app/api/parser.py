"""Request body to `EngineRequest`: everything that can be refused without an engine is refused here."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ocr_app.api.conversation import newest_turn
from ocr_app.api.document_options import DocumentOptions, take_document_options
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.json_text import JsonText, cut_images, too_many_values
from ocr_app.api.numbers import bad_number
from ocr_app.api.parts import FILE_PARTS
from ocr_app.api.pictures import read_files
from ocr_app.api.protocol import ChatRequest
from ocr_app.api.references import FileResolver, no_files
from ocr_app.api.validation_errors import as_api_error
from ocr_app.engine.types import EngineRequest
from ocr_app.ocr.request_options import check_options
from ocr_app.settings import LimitSettings, Settings

# Everything else goes to the engine as it came.
_CONSUMED = frozenset(
    [
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "stop",
        "n",
        "seed",
        "user",
    ]
)


@dataclass(frozen=True, slots=True)
class AskedDocuments:
    """Documents that are read page by page.

    Attributes:
        files: The files, in order; whoever opens one takes it out, so that it is held once.
        options: Which pages, and the password.
    """

    files: list[bytes] = field(repr=False)
    options: DocumentOptions


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """What the client asked for.

    Attributes:
        engine: The part that the engine sees. With documents it has no image: it is the pattern of the request for each
            page, and its ImageParts count the documents.
        include_usage: Whether a stream ends with a chunk of usage.
        ignored: Paths of what had no part in the answer, such as unknown fields and the images of other turns.
        documents: What is read page by page; None if there are pictures alone.
    """

    engine: EngineRequest
    include_usage: bool
    ignored: tuple[str, ...]
    documents: AskedDocuments | None = None


def parse(body: bytes, settings: Settings, resolve: FileResolver = no_files) -> ParsedRequest:
    """Check a request body and decode its images' Base64.

    Args:
        body: JSON of an OpenAI chat completion request.
        settings: Limits and the model's id.
        resolve: Finds the files that the service keeps.

    Raises:
        ApiError: 400 for bad input, 404 for another model, 413 for too much.
        RequestError: 400 or 413 for a bad or too large image; 400 for options that the engine cannot honour.
    """
    return parse_cut(cut_images(body), settings, resolve)


def parse_cut(source: JsonText, settings: Settings, resolve: FileResolver = no_files) -> ParsedRequest:
    """Do what `parse` does with a body whose long Base64 is cut out."""
    chat = _validated(source, settings.limits)
    used = {mark for value in _files(chat) if (mark := source.mark_in(value)) is not None}
    if len(used) < len(source.cuts):
        # Some Base64 is not that of an image: it is text like any other.
        source = source.keeping(used)
        chat = _validated(source, settings.limits)
    if chat.model != settings.model_id:
        raise ApiError(
            404,
            f"The model {quote(chat.model, 100)} does not exist; use {settings.model_id!r}.",
            param="model",
            code="model_not_found",
        )
    options = {name: value for name, value in _given(chat).items() if name not in _CONSUMED}
    if (path := bad_number(options)) is not None:
        raise ApiError(400, f"{path}: the number is not finite or is too large.", param=path, code="invalid_value")
    options, about_documents = take_document_options(options)
    ignored = check_options(options, settings)
    turn = newest_turn(chat.messages)
    wanted = chat.max_completion_tokens or chat.max_tokens
    chosen = about_documents.pages is not None
    files = read_files(turn, settings.limits, source, resolve, chosen=chosen)
    stop = (chat.stop,) if isinstance(chat.stop, str) else tuple(chat.stop or ())
    engine = EngineRequest(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        messages=files.messages,
        images=() if files.documents else files.data,
        max_tokens=None if wanted is None else min(wanted, settings.limits.max_tokens),
        temperature=chat.temperature,
        stop=stop,
        seed=chat.seed,
        stream=bool(chat.stream),
        options=options,
    )
    return ParsedRequest(
        engine,
        include_usage=bool(chat.stream_options and chat.stream_options.include_usage),
        ignored=(*ignored, *turn.passed_over),
        documents=AskedDocuments(list(files.data), about_documents) if files.documents else None,
    )


def _check_utf8(body: bytes) -> None:
    # JSON begins with two ASCII characters, so a zero among the first two bytes is UTF-16 or UTF-32.
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in body[:2]:
        raise ApiError(
            400,
            "The body is UTF-16 or UTF-32; JSON is sent as UTF-8. Save the file as UTF-8, in PowerShell with "
            "`Out-File -Encoding utf8`.",
            code="invalid_json",
        )


def check_text(source: JsonText, limits: LimitSettings) -> None:
    """Refuse JSON that is in another encoding, or too much besides its Base64.

    Raises:
        ApiError: 400 or 413.
    """
    _check_utf8(source.body)
    if len(source.text) > limits.max_text_bytes:
        raise ApiError(
            413,
            f"The request has {len(source.text):,} bytes besides its images; at most {limits.max_text_bytes:,} are "
            "accepted. Images are data URIs in messages: data:image/png;base64,...",
            code="request_too_large",
        )
    if too_many_values(source.text, limits.max_json_values):
        raise ApiError(
            413,
            f"The body has more than {limits.max_json_values:,} JSON values, which is the limit.",
            code="request_too_large",
        )


def _validated(source: JsonText, limits: LimitSettings) -> ChatRequest:
    check_text(source, limits)
    try:
        return ChatRequest.model_validate_json(source.text)
    except ValidationError as error:
        raise as_api_error(error) from None


def _files(chat: ChatRequest) -> Iterator[str]:
    for message in chat.messages:
        if isinstance(message.content, list):
            yield from (part.file.value for part in message.content if isinstance(part, FILE_PARTS))


def _given(chat: ChatRequest) -> dict[str, Any]:
    fields = {name: getattr(chat, name) for name in ChatRequest.model_fields if name in chat.model_fields_set}
    return {**fields, **(chat.model_extra or {})}
