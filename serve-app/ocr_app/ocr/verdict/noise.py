"""Repetition with small differences: in a loop the guard forbids every thirtieth token or so, and another one comes.

Such a text compresses to almost nothing. Measured with zlib on the last 1,500 characters: guarded loops 0.03 to 0.16,
pages of prose 0.35 and more, honest tables and forms 0.02 to 0.25. So this says little of a short text. A long one says
more: its first copy and the compressor's tables weigh less, and a page that goes on has new words or numbers in its
lines, while a loop has none.
"""

import zlib
from statistics import median

from ocr_app.ocr.verdict.loop import Loop
from ocr_app.ocr.verdict.text import chars_of_token, count_lines, last_lines, runs_on, says_nothing_new
from ocr_app.settings import LoopSettings

_SAMPLE = 1_500
_SAMPLE_RATIO = 0.16
# Bytes that a loop compresses to: its first copy and the compressor's tables, then a little for what the guard changes.
_FIRST_COPY, _CHANGES = 200, 0.04
_CONTEXT, _STEP, _STEP_BYTES = 3_000, 200, 18
_PROBE, _PROBES = 16, 40


def find_noise(text: str, settings: LoopSettings, share: float) -> Loop | None:
    """Find a repetition with small differences that is long enough.

    Args:
        text: The output, its boxes blanked.
        settings: What is long enough.
        share: Of those lengths that suffice.
    """
    sample = text[-_SAMPLE:]
    if len(sample) < _SAMPLE or compressed(sample) > _SAMPLE_RATIO * len(sample.encode()):
        return None
    chars = chars_of_token(text)
    line_chars, page_chars = round(settings.line_tokens * share * chars), round(settings.page_tokens * share * chars)
    if len(text) < line_chars:
        return None
    line = text[-line_chars:]
    if runs_on(line) and _repeats(line):
        return _loop(text, line_chars)
    lines = last_lines(text, round(settings.page_lines * share))
    if lines is not None:
        lines = max(line, lines, key=len)
        if count_lines(lines[-_distance(lines) :]) == 1 and _repeats(lines):
            return _loop(text, len(lines))
    return _loop(text, page_chars) if len(text) >= page_chars and _repeats(text[-page_chars:]) else None


def compressed(text: str) -> int:
    """Return the length of a text compressed by zlib, in bytes."""
    return len(zlib.compress(text.encode(), 6))


def _repeats(text: str) -> bool:
    return compressed(text) <= _FIRST_COPY + _CHANGES * len(text.encode()) and says_nothing_new(text)


def _loop(text: str, length: int) -> Loop:
    """Describe a loop that was seen in the last `length` characters; find out where it begins."""
    start = len(text) - min(length, _CONTEXT)
    context = text[start:]
    alone = compressed(context)
    while start > 0:
        before = max(0, start - _STEP)
        if compressed(text[before:start] + context) - alone > _STEP_BYTES:
            break
        start = before
    period = _distance(text[start:])
    return Loop("noise", start, period, max(1, (len(text) - start) // period))


def _distance(text: str) -> int:
    """Return the most common distance between two copies of a short piece, in characters."""
    edges = range(len(text), _PROBE, -max(_PROBE, len(text) // _PROBES))
    ends = [(end, text.rfind(text[end - _PROBE : end], 0, end - 1)) for end in edges]
    distances = [end - _PROBE - before for end, before in ends if before != -1]
    return max(1, round(median(distances))) if distances else max(1, len(text))
