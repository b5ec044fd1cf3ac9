"""Errors about values of a request body, all in the same words."""

import json
from typing import Any, TypeGuard

from ocr_app.engine.types import RequestError


def invalid(param: str, wanted: str, value: Any) -> RequestError:
    """Return a 400 that names the field, what it must be, and the beginning of what it is."""
    return RequestError(f"'{param}' must be {wanted}, not {show(value)}.", param=param, code="invalid_value")


def show(value: Any) -> str:
    """Return the beginning of a value, as JSON."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


def is_token_id(value: Any) -> TypeGuard[int]:
    """Tell whether a value can be a token's id; only the model knows its largest."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
