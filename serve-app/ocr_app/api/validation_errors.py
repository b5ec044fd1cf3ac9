"""What pydantic finds wrong with a body, in words for the client."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ocr_app.api.echo import clip, quote
from ocr_app.api.errors import ApiError
from ocr_app.api.field_path import field_path

_MAX_ERRORS = 5
_VALUE = 60
"""Longest value shown, in characters."""

_VALUES = 120
"""Longest that all values shown are together, in characters."""


def as_api_error(error: ValidationError) -> ApiError:
    """Return the first few errors as one answer with status 400."""
    details = error.errors(include_url=False)
    if details[0]["type"] == "json_invalid":
        reason = str(details[0].get("ctx", {}).get("error", "it cannot be read"))
        return ApiError(400, f"The body is not valid JSON: {clip(reason, _VALUE)}.", code="invalid_json")
    shown = details[:_MAX_ERRORS]
    room = min(_VALUE, _VALUES // len(shown))
    described = [_describe(detail, room) for detail in shown]
    more = f" (and {len(details) - _MAX_ERRORS} more)" if len(details) > _MAX_ERRORS else ""
    message = "; ".join(f"{path}: {text}" if path else text for path, text in described) + more
    return ApiError(400, message + ".", param=described[0][0] or None, code=_code(details[0]))


def _code(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "missing_required_parameter"
    return "invalid_type" if detail["type"].endswith("_type") else "invalid_value"


def _describe(detail: ErrorDetails, room: int) -> tuple[str, str]:
    path = field_path(step for step in detail["loc"] if isinstance(step, int) or not step.startswith(":"))
    if detail["type"] == "missing":
        return path, "is required"
    text = detail["msg"][0].lower() + detail["msg"][1:]
    return path, f"{text}, but is {_seen(detail['input'], room)}"


def _seen(value: Any, room: int) -> str:
    if isinstance(value, str):
        return quote(value, room)
    if isinstance(value, int | float | bool | None):
        return clip(repr(value), room)
    return "a list" if isinstance(value, list) else "an object"
