"""Lists that only count, such as `1. 2. 3. …`: the same piece again and again, whose numbers grow by a constant."""

import itertools
import re

from ocr_app.ocr.verdict.loop import Loop
from ocr_app.ocr.verdict.repeats import period_of
from ocr_app.ocr.verdict.text import tokens
from ocr_app.settings import LoopSettings

_DIGITS = re.compile(r"\d+")


def find_counting(text: str, settings: LoopSettings, share: float) -> Loop | None:
    """Find a list that only counts and is longer than a page's.

    Args:
        text: The output, its boxes blanked.
        settings: What is long enough.
        share: Of those lengths that suffice.
    """
    plain = _DIGITS.sub("0", text)
    found = period_of(plain)
    if found is None:
        return None
    period, span = found
    repeats = span // period
    columns = plain[-period:].count("0")
    if repeats < settings.count_repeats * share or columns == 0:
        return None
    places = list(_DIGITS.finditer(text))[-columns * repeats :]
    # The last piece may end in the middle of a number.
    numbers = [int(place.group()[-18:]) for place in places][:-columns]
    steps = [
        {after - before for before, after in itertools.pairwise(numbers[column::columns])} for column in range(columns)
    ]
    if any(len(step) != 1 for step in steps) or all(step == {0} for step in steps):
        return None
    start = places[0].start()
    if tokens(text[start:]) < settings.page_tokens * share:
        return None
    # In `plain` every number is one digit long.
    return Loop("count", start, places[columns].start() - start, repeats)
