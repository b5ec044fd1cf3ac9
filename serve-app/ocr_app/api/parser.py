"""Request body to `EngineRequest`: everything that can be refused without an engine is refused here."""

import math
import uuid
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ocr_app.api.errors import ApiError
from ocr_app.api.images import read_image
from ocr_app.api.protocol import ChatMessage, ChatRequest, ImageContent, TextContent
from ocr_app.engine.types import EngineRequest, ImagePart, Message, TextPart
from ocr_app.ocr.options import parse_guard, parse_ocr_options
from ocr_app.settings import Settings

_MAX_ERRORS = 5

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
class ParsedRequest:
    """What the client asked for.

    Attributes:
        engine: The part that the engine sees.
        include_usage: Whether a stream ends with a chunk of usage.
    """

    engine: EngineRequest
    include_usage: bool


def parse(body: bytes, settings: Settings) -> ParsedRequest:
    """Check a request body and decode its images' Base64.

    Args:
        body: JSON of an OpenAI chat completion request.
        settings: Limits and the model's id.

    Raises:
        ApiError: 400 for bad input, 404 for another model, 413 for too much.
        RequestError: 400 or 413 for a bad or too large image; 400 for options that the engine would refuse.
    """
    try:
        chat = ChatRequest.model_validate_json(body)
    except ValidationError as error:
        raise _as_api_error(error) from None
    if chat.model != settings.model_id:
        raise ApiError(
            404,
            f"The model {chat.model[:100]!r} does not exist; use {settings.model_id!r}.",
            param="model",
            code="model_not_found",
        )
    options = {name: value for name, value in _given(chat).items() if name not in _CONSUMED}
    if (path := _bad_number(options)) is not None:
        raise ApiError(400, f"{path}: the number is not finite or is too large.", param=path, code="invalid_value")
    if settings.engine == "vllm":
        parse_ocr_options(options)
        parse_guard(options, settings.vllm.guard)
    messages, images = _messages(chat.messages, settings)
    wanted = chat.max_completion_tokens or chat.max_tokens
    stop = (chat.stop,) if isinstance(chat.stop, str) else tuple(chat.stop or ())
    engine = EngineRequest(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        messages=messages,
        images=images,
        max_tokens=None if wanted is None else min(wanted, settings.limits.max_tokens),
        temperature=chat.temperature,
        stop=stop,
        seed=chat.seed,
        stream=bool(chat.stream),
        options=options,
    )
    return ParsedRequest(engine, bool(chat.stream_options and chat.stream_options.include_usage))


def _given(chat: ChatRequest) -> dict[str, Any]:
    fields = {name: getattr(chat, name) for name in ChatRequest.model_fields if name in chat.model_fields_set}
    return {**fields, **(chat.model_extra or {})}


def _messages(messages: list[ChatMessage], settings: Settings) -> tuple[tuple[Message, ...], tuple[bytes, ...]]:
    limits = settings.limits
    urls: list[tuple[str, str]] = []
    converted = tuple(Message(m.role, _parts(m, f"messages[{i}].content", urls)) for i, m in enumerate(messages))
    if not urls:
        raise ApiError(
            400,
            'No image: add a part {"type": "image_url", "image_url": {"url": "data:image/png;base64,..."}} '
            "to a message's content.",
            param="messages",
            code="missing_image",
        )
    if len(urls) > limits.max_images:
        raise ApiError(
            413,
            f"The request has {len(urls)} images; at most {limits.max_images} are accepted.",
            param=urls[limits.max_images][0],
            code="too_many_images",
        )
    return converted, tuple(read_image(url, param, limits) for param, url in urls)


def _parts(message: ChatMessage, path: str, urls: list[tuple[str, str]]) -> tuple[TextPart | ImagePart, ...]:
    """Convert the content of a message, and add the path and the URL of each of its images to `urls`."""
    if isinstance(message.content, str):
        return (TextPart(message.content),)
    parts: list[TextPart | ImagePart] = []
    for index, part in enumerate(message.content):
        if isinstance(part, TextContent):
            parts.append(TextPart(part.text))
        elif isinstance(part, ImageContent):
            param = f"{path}[{index}].image_url.url"
            parts.append(ImagePart(len(urls), param))
            urls.append((param, part.image_url.url))
    return tuple(parts)


def _bad_number(value: Any, path: str = "") -> str | None:
    """Return the path of the first number that JSON has no form for, such as NaN, which pydantic accepts."""
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    if isinstance(value, int):
        return path if value.bit_length() > 64 else None
    items: Any = ()
    if isinstance(value, dict):
        items = ((f"{path}.{key}" if path else key, item) for key, item in value.items())
    elif isinstance(value, list):
        items = ((f"{path}[{i}]", item) for i, item in enumerate(value))
    return next((bad for inner, item in items if (bad := _bad_number(item, inner)) is not None), None)


def _as_api_error(error: ValidationError) -> ApiError:
    details = error.errors(include_url=False, include_context=True)
    if details[0]["type"] == "json_invalid":
        reason = str(details[0].get("ctx", {}).get("error", "it cannot be read"))
        return ApiError(400, f"The body is not valid JSON: {reason}.", code="invalid_json")
    described = [_describe(detail) for detail in details[:_MAX_ERRORS]]
    more = f" (and {len(details) - _MAX_ERRORS} more)" if len(details) > _MAX_ERRORS else ""
    message = "; ".join(f"{path}: {text}" if path else text for path, text in described) + more
    return ApiError(400, message + ".", param=described[0][0] or None, code=_code(details[0]))


def _code(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "missing_required_parameter"
    return "invalid_type" if detail["type"].endswith("_type") else "invalid_value"


def _describe(detail: ErrorDetails) -> tuple[str, str]:
    path = ""
    for step in detail["loc"]:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith(":"):
            path += f".{step}" if path else step
    if detail["type"] == "missing":
        return path, "is required"
    text = detail["msg"][0].lower() + detail["msg"][1:]
    value = detail["input"]
    seen = repr(value) if isinstance(value, str | int | float | bool | None) else f"a {_json_type(value)}"
    return path, f"{text}, but is {seen if len(seen) <= 60 else seen[:56] + '...'}"


def _json_type(value: Any) -> str:
    return "list" if isinstance(value, list) else "object"
