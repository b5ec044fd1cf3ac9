"""What a job leaves for the next one in the same child, such as an open document: one thing at a time."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_key: Hashable = None
_value: Any = None
_close: Callable[[Any], None] | None = None


def keep(key: Hashable, make: Callable[[], T], close: Callable[[T], None]) -> T:
    """Return what was kept under this key, or else make it and keep it in place of what was kept before.

    Args:
        key: Tells it from all others.
        make: Returns it; if this raises, nothing is kept.
        close: Frees it.
    """
    global _key, _value, _close
    if _close is None or _key != key:
        forget()
        _value = make()
        _key, _close = key, close
    value: T = _value
    return value


def forget() -> None:
    """Free what is kept."""
    global _key, _value, _close
    close, value = _close, _value
    _key = _value = _close = None
    if close is not None:
        close(value)
