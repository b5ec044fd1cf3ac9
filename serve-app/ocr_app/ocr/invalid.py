"""Errors about values of a request body, all in the same words."""

import json
from collections.abc import Sequence
from typing import Any, TypeGuard

from ocr_app.engine.types import RequestError


def invalid(param: str, wanted: str, value: Any) -> RequestError:
    """Return a 400 that names the field, what it must be, and the beginning of what it is."""
    return RequestError(f"'{param}' must be {wanted}, not {show(value)}.", param=param, code="invalid_value")


def show(value: Any) -> str:
    """Return the beginning of a value, as JSON."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


def is_number(value: Any) -> TypeGuard[float]:
    """Tell whether a value is a number; Python counts true and false among them, JSON does not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value: Any, low: int, high: int) -> TypeGuard[int]:
    """Tell whether a value is a whole number within bounds."""
    return is_number(value) and isinstance(value, int) and low <= value <= high


def is_token_id(value: Any) -> TypeGuard[int]:
    """Tell whether a value can be a token's id; only the model knows its largest."""
    return is_whole(value, 0, 2**31 - 1)


def check_token_ids(param: str, values: Sequence[Any]) -> None:
    """Raise the 400 of the first value that cannot be a token's id."""
    for index, token in enumerate(values):
        if not is_token_id(token):
            raise invalid(f"{param}[{index}]", "a token id (an integer, 0 or more)", token)
