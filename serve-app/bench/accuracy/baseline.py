"""olmOCR-bench's rule `baseline`: a page has text, which does not go round in circles and is in the page's letters."""

import re
from collections.abc import Mapping
from typing import Any

_LONGEST_REPEAT = 5
_ALTERNATIVE_TEXT = re.compile(r"!\[.*?\]\(.*?\)")
_FOREIGN = re.compile(
    "[\u4e00-\u9fff\u3040-\u30ff\U0001f600-\U0001f64f\U0001f300-\U0001f5ff\U0001f680-\U0001f6ff\U0001f1e0-\U0001f1ff]"
)
"""Chinese characters, Japanese kana and emoji: signs of a model that makes things up, on pages without them."""


def check(rule: Mapping[str, Any], page: str) -> str | None:
    """Return why a page's text is no reading of it, or None if it is one.

    Args:
        rule: `max_length` letters and digits at most, and nothing else is looked at (for blank pages; with
            `max_length_skips_image_alt_tags` those of Markdown images do not count). Else `max_repeats` (30) repeats at
            the end, and `check_disallowed_characters` (true).
        page: The page as Markdown, as it was read.
    """
    most = rule.get("max_length")
    if most is not None:
        counted = _ALTERNATIVE_TEXT.sub("", page) if rule.get("max_length_skips_image_alt_tags") else page
        length = _letters(counted)
        return f"{length} letters and digits on a page that has {most} at most" if length > most else None
    if _letters(page) == 0:
        return "no letter and no digit"
    for size in range(1, _LONGEST_REPEAT + 1):
        repeats = _repeats(page, size)
        if repeats > rule.get("max_repeats", 30):
            return f"ends with {repeats} times the same {size} characters"
    foreign = _FOREIGN.findall(page) if rule.get("check_disallowed_characters", True) else []
    return f"characters that the page does not have: {''.join(foreign)[:40]!r}" if foreign else None


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _repeats(page: str, size: int) -> int:
    """Return how often the last characters of a page stand there, one after the other; white space is one space."""
    text = re.sub(r"\s+", " ", page)
    last, count = text[-size:], 0
    while len(text) >= size * (count + 1) and text.endswith(last * (count + 1)):
        count += 1
    return count
