"""What a page of a PDF is made of: text that programs wrote, or a picture of it, with or without text laid over."""

from dataclasses import dataclass
from typing import Literal

PageKind = Literal["digital", "scanned", "old_ocr"]
"""`digital`: its text can be trusted. `old_ocr`: a picture with the invisible text of an earlier OCR. `scanned`: its
text, if it has any, says little."""

_LEAST_CHARACTERS = 50
_MOST_COVERED = 0.8
_MOST_ODD = 0.02
_LEAST_WORDLIKE = 0.5


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is on a page.

    Attributes:
        visible: Characters that are drawn, without spaces.
        invisible: Characters that are not drawn (render mode 3), without spaces.
        odd: How many of all have no meaning: U+FFFD, or for private use.
        wordlike: How many of all are letters or digits.
        covered: Share of the page under its largest picture, from 0 to 1.
    """

    visible: int
    invisible: int
    odd: int
    wordlike: int
    covered: float


def kind_of_page(facts: PageFacts) -> PageKind:
    """Return the kind of a page."""
    characters = facts.visible + facts.invisible
    if facts.invisible > facts.visible:
        return "old_ocr"
    readable = facts.odd <= _MOST_ODD * characters and facts.wordlike >= _LEAST_WORDLIKE * characters
    if facts.visible >= _LEAST_CHARACTERS and facts.covered <= _MOST_COVERED and readable:
        return "digital"
    return "scanned"
