"""From what is known of a page's attempts to its verdict and its text."""

from typing import Literal

from ocr_app.ocr.verdict.loop import Loop
from ocr_app.ocr.verdict.noise import compressed
from ocr_app.ocr.verdict.text import blank_boxes, rest_of_line

Verdict = Literal["ok", "repaired", "looped", "truncated"]
"""Of one page: whole; whole after another attempt; stopped because it repeated itself; cut off by max_tokens or the
context."""

_END = 1_500


def verdict(*, loop: Loop | None, finished: bool, attempts: int) -> Verdict:
    """Judge a page by the attempt that was kept.

    Args:
        loop: In that attempt, if any.
        finished: Whether the model ended the page itself; then no repetition is a loop.
        attempts: Attempts made, the first included.
    """
    if finished:
        return "repaired" if attempts > 1 else "ok"
    return "truncated" if loop is None else "looped"


def trim(text: str, loop: Loop) -> str:
    """Return an output up to and including the first copy of what repeats; after `noise` to the end of its line."""
    end = loop.start + loop.period
    return text[:end] + (rest_of_line(text[end:]) if loop.kind == "noise" else "")


def end_alike(one: str, other: str) -> bool:
    """Tell whether two outputs end in the same words, as two views of a page do that says so itself."""
    known, more = (blank_boxes(text)[-_END:] for text in (one, other))
    return 2 * (compressed(known + more) - compressed(known)) <= compressed(more)
