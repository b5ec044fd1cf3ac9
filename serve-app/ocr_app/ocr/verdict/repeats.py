"""Exact repetition: what stands at the end also stands one period before. Two fast searches, whatever the length."""

from ocr_app.ocr.verdict.loop import Loop
from ocr_app.ocr.verdict.text import count_lines, is_markup, is_prose, runs_on, tokens
from ocr_app.settings import LoopSettings

_PROBE = 32
_PAGE_REPEATS = 4


def find_repeats(text: str, same_boxes: bool, settings: LoopSettings, share: float) -> Loop | None:
    """Find an exact repetition that is long enough.

    Args:
        text: The output, its boxes blanked.
        same_boxes: Whether the output repeats with its boxes: no page has the same block at the same place again.
        settings: What is long enough.
        share: Of those lengths that suffice.
    """
    found = period_of(text)
    if found is None:
        return None
    period, span = found
    repeats = span // period
    unit, stretch = text[-period:], text[-span:]
    loop = Loop("table" if is_markup(unit) else "repeat", len(text) - span, period, repeats)
    size = tokens(stretch)
    if same_boxes or runs_on(stretch):
        prose = span >= settings.prose_chars * share and repeats >= settings.prose_repeats * share
        if prose and (same_boxes or is_prose(unit)):
            return loop
        if size >= settings.line_tokens * share and repeats >= settings.prose_repeats:
            return loop
    same_line = count_lines(unit) == 1 and count_lines(stretch) >= settings.page_lines * share
    if same_line and size >= settings.line_tokens * share:
        return loop
    return loop if size >= settings.page_tokens * share and repeats >= _PAGE_REPEATS else None


def period_of(text: str) -> tuple[int, int] | None:
    """Return the period of the text's end and the length of the periodic stretch, both in characters.

    Two copies at least; None if the end does not repeat.
    """
    probe = text[-_PROBE:]
    if len(probe) < _PROBE:
        return None
    before = text.rfind(probe, 0, len(text) - 1)
    if before == -1:
        return None
    return _extend(text, len(text) - _PROBE - before)


def _extend(text: str, period: int) -> tuple[int, int] | None:
    """Measure how far back `text` repeats with a period: doubling, then halving, each step one comparison in C."""
    end = len(text)
    good, bad = 0, end - period + 1  # characters that equal the one a period before, counted from the end

    def same(count: int) -> bool:
        return text[end - count :] == text[end - count - period : end - period]

    step = period
    while good < bad - 1:
        count = min(good + step, bad - 1)
        if same(count):
            good, step = count, step * 2
        else:
            bad, step = count, max(1, (count - good) // 2)
    return (period, good + period) if good >= period else None
