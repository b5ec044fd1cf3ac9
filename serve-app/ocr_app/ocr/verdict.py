"""Judges whether a page came out whole, and detects outputs that repeat themselves while they grow.

The n-gram guard inside vLLM forbids short repetitions; what gets past it are repetitions longer than its window and
table cells, which it must allow. They are found here by exact comparison of the output's end with what stands one
period before it: two fast searches every few hundred characters, so that 256 streams cost next to nothing.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Literal

from ocr_app.settings import LoopSettings

Verdict = Literal["ok", "repaired", "looped", "truncated"]
"""Of one page: whole; whole after another attempt; stopped because it repeated itself; cut off by max_tokens or the
context."""

_PROBE = 32
_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_DIGITS = re.compile(r"\d+")
_COUNT_REPEATS = 150
_COUNT_EVERY = 8


@dataclass(frozen=True, slots=True)
class Loop:
    """A repetition at the end of an output.

    Attributes:
        kind: `repeat` (prose or blocks), `table` (cells, markup or figures), `row` (a row that never ends) or `count`
            (a list that only counts on).
        start: Where the repeating stretch begins, in characters of the output.
        period: Length of the piece that repeats, in characters.
        repeats: How often it was seen in a row, rounded down.
    """

    kind: Literal["repeat", "table", "row", "count"]
    start: int
    period: int
    repeats: int


class LoopDetector:
    """Watches one growing output.

    Args:
        settings: What counts as a loop.
    """

    def __init__(self, settings: LoopSettings) -> None:
        self._settings = settings
        self._tail = ""
        self._dropped = 0
        self._unchecked = 0
        self._checks = 0

    def feed(self, text: str) -> Loop | None:
        """Add what the model wrote next; return the loop that it is in, if any. Do not call this again after a loop."""
        self._tail += text
        self._unchecked += len(text)
        if self._unchecked < self._settings.check_every:
            return None
        self._unchecked = 0
        excess = len(self._tail) - 2 * self._settings.window_chars
        if excess > 0:
            cut = len(self._tail) - self._settings.window_chars
            self._dropped += cut
            self._tail = self._tail[cut:]
        self._checks += 1
        return self._check(self._tail, count=self._checks % _COUNT_EVERY == 0)

    def _check(self, tail: str, *, count: bool) -> Loop | None:
        found = self._periodic(tail) or self._endless_row(tail) or (self._counting(tail) if count else None)
        return found and Loop(found.kind, found.start + self._dropped, found.period, found.repeats)

    def _periodic(self, tail: str) -> Loop | None:
        settings = self._settings
        found = _period(tail)
        if found is None:
            return None
        period, span = found
        unit = tail[-period:]
        repeats = span // period
        if "<td" in unit or "</t" in unit or not _LETTER.search(_TAG.sub("", unit)):
            if span < settings.table_chars or repeats < settings.min_repeats:
                return None
            return Loop("table", len(tail) - span, period, repeats)
        if span >= settings.min_chars and repeats >= (3 if period >= settings.block_chars else settings.min_repeats):
            return Loop("repeat", len(tail) - span, period, repeats)
        return None

    def _endless_row(self, tail: str) -> Loop | None:
        start = tail.rfind("<tr")
        if start == -1 or tail.find("</tr", start) != -1:
            return None
        cells = tail.count("<td", start)
        if cells < self._settings.row_cells:
            return None
        return Loop("row", start, max(1, (len(tail) - start) // cells), cells)

    def _counting(self, tail: str) -> Loop | None:
        """Find lists such as `1. 2. 3. …`: the same piece again and again, whose numbers only grow by a constant."""
        found = _period(_DIGITS.sub("0", tail))
        if found is None:
            return None
        period, span = found
        repeats = span // period
        plain = _DIGITS.sub("0", tail)[-period:]
        columns = plain.count("0")
        if repeats < _COUNT_REPEATS or columns == 0:
            return None
        # The last piece may end in the middle of a number.
        numbers = [int(digits[-18:]) for digits in _DIGITS.findall(tail)][-columns * repeats : -columns]
        steps = [
            {after - before for before, after in itertools.pairwise(numbers[column::columns])}
            for column in range(columns)
        ]
        if any(len(step) != 1 for step in steps) or all(step == {0} for step in steps):
            return None
        starts = [match.start() for match in _DIGITS.finditer(tail)]
        return Loop("count", starts[-columns * repeats], period, repeats)


def find_loop(text: str, settings: LoopSettings) -> Loop | None:
    """Return the loop at the end of a whole output, if any."""
    return LoopDetector(settings)._check(text[-2 * settings.window_chars :], count=True)


def trim(text: str, loop: Loop) -> str:
    """Return an output up to and including the first copy of what repeats."""
    return text[: loop.start + loop.period]


def verdict(*, loop: Loop | None, finished: bool, attempts: int) -> Verdict:
    """Judge a page by the attempt that was kept.

    Args:
        loop: In that attempt, if any.
        finished: Whether the model ended the page itself.
        attempts: Attempts made, the first included.
    """
    if loop is not None:
        return "looped"
    if not finished:
        return "truncated"
    return "repaired" if attempts > 1 else "ok"


def _period(text: str) -> tuple[int, int] | None:
    """Return the period of the text's end and the length of the periodic stretch, both in characters.

    Two copies at least; None if the end does not repeat.
    """
    probe = text[-_PROBE:]
    if len(probe) < _PROBE:
        return None
    before = text.rfind(probe, 0, len(text) - 1)
    if before == -1:
        return None
    period = len(text) - _PROBE - before
    return _extend(text, period)


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
