"""Paths of fields, for errors."""

from collections.abc import Iterable

from ocr_app.api.echo import clip

_MOST = 60
"""Longest path, in characters. Our own are shorter; those with a client's keys are cut."""


def field_path(steps: Iterable[str | int]) -> str:
    """Return the steps to a value as a path, such as `messages[0].content`, at most 60 characters."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{clip(step, _MOST)}" for step in steps)
    return clip(text.removeprefix("."), _MOST)
