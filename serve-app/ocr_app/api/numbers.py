"""Numbers that JSON has no form for."""

import math
from typing import Any

from ocr_app.api.field_path import field_path

_Path = tuple["_Path", str | int] | None
"""The steps to a value, the last of them first, so that one more step costs nothing."""


def bad_number(value: dict[str, Any]) -> str | None:
    """Return the path of the first number that is not finite or has more than 64 bits; None if there is none."""
    waiting: list[tuple[Any, _Path]] = [(value, None)]
    while waiting:
        item, path = waiting.pop()
        if isinstance(item, float):
            if not math.isfinite(item):
                return _written(path)
        elif isinstance(item, int):
            if item.bit_length() > 64:
                return _written(path)
        elif isinstance(item, dict):
            waiting += [(inner, (path, key)) for key, inner in reversed(item.items())]
        elif isinstance(item, list):
            waiting += [(inner, (path, index)) for index, inner in reversed(list(enumerate(item)))]
    return None


def _written(path: _Path) -> str:
    steps: list[str | int] = []
    while path is not None:
        path, step = path
        steps.append(step)
    return field_path(reversed(steps))
