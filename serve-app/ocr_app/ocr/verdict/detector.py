"""Watches an output while it grows, cheaply: 256 of them at once cost a few hundredths of one CPU."""

from dataclasses import replace

from ocr_app.ocr.verdict.counting import find_counting
from ocr_app.ocr.verdict.loop import Loop
from ocr_app.ocr.verdict.noise import find_noise
from ocr_app.ocr.verdict.repeats import find_repeats, period_of
from ocr_app.ocr.verdict.text import blank_boxes, length_before_blanking
from ocr_app.settings import LoopSettings

# Checks between two of those that cost more.
_NOISE, _COUNTING = 2, 8
_OPEN = "<|det|>"
_CLOSED = "<|/det|>"
_MOST_OPEN = 8_000


class LoopDetector:
    """Watches one growing output.

    Args:
        settings: What counts as a loop.
    """

    def __init__(self, settings: LoopSettings) -> None:
        self._settings = settings
        self._length = 0
        self._tail = ""
        self._blanked = ""  # The tail with its boxes blanked, but for:
        self._unsettled = ""  # its end, where a box may not be whole.
        self._unchecked = 0
        self._checks = 0

    def feed(self, text: str) -> Loop | None:
        """Add what the model wrote next; return the loop that it is in, if any. Do not call this again after a loop."""
        self._length += len(text)
        self._tail += text
        self._unsettled += text
        self._unchecked += len(text)
        if self._unchecked < self._settings.check_every:
            return None
        self._unchecked = 0
        self._checks += 1
        self._settle()
        blanked = self._blanked + blank_boxes(self._unsettled)
        noise, counting = self._checks % _NOISE == 0, self._checks % _COUNTING == 0
        loop = _search(self._tail, blanked, self._settings, 1.0, noise=noise, counting=counting)
        return loop and replace(loop, start=loop.start + self._length - len(self._tail))

    def _settle(self) -> None:
        """Blank the boxes that are whole, and forget what is far behind."""
        text, end = self._unsettled, len(self._unsettled)
        mark = text.rfind(_OPEN)
        if mark != -1 and _CLOSED not in text[mark:] and end - mark <= _MOST_OPEN:
            end = mark
        else:
            end = end - next((size for size in range(len(_OPEN) - 1, 0, -1) if text.endswith(_OPEN[:size])), 0)
        window = self._settings.window_chars
        self._blanked += blank_boxes(text[:end])
        self._unsettled = text[end:]
        if len(self._blanked) > 2 * window:
            self._blanked = self._blanked[-window:]
            self._tail = self._tail[-length_before_blanking(self._tail, window + len(blank_boxes(self._unsettled))) :]


def find_loop(text: str, settings: LoopSettings) -> Loop | None:
    """Return the loop at the end of a whole output, if any.

    Ask this only of an output that was cut off by max_tokens or the context. That it did not end is a sign in itself,
    so `settings.end_share` of the lengths of a growing output suffices.
    """
    return _search(text, blank_boxes(text), settings, settings.end_share, noise=True, counting=True)


def _search(
    text: str, blanked: str, settings: LoopSettings, share: float, *, noise: bool, counting: bool
) -> Loop | None:
    """Search an output, whose boxes `blanked` has as zeros, for a loop at its end."""
    row = _endless_row(text, settings, share)
    if row is not None:
        return row
    loop = find_repeats(blanked, _same_boxes(text), settings, share)
    if loop is None and noise:
        loop = find_noise(blanked, settings, share)
    if loop is None and counting:
        loop = find_counting(blanked, settings, share)
    if loop is None or blanked is text:
        return loop
    span = length_before_blanking(text, len(blanked) - loop.start)
    return replace(loop, start=len(text) - span, period=max(1, span * loop.period // (len(blanked) - loop.start)))


def _same_boxes(text: str) -> bool:
    if _OPEN not in text:
        return False
    found = period_of(text)
    return found is not None and _OPEN in text[-found[0] :]


def _endless_row(text: str, settings: LoopSettings, share: float) -> Loop | None:
    start = text.rfind("<tr")
    if start == -1 or text.find("</tr", start) != -1:
        return None
    cells = text.count("<td", start)
    if cells < settings.row_cells * share:
        return None
    return Loop("row", start, max(1, (len(text) - start) // cells), cells)
