"""How texts are compared: made alike first, then with a number of differences allowed."""

import re
import unicodedata

from fuzzysearch import find_near_matches
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

_PRINTED = str.maketrans(
    {
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("\u2011\u2012\u2013\u2014\u2212", "-"),
        "＿": "_",
        "\u00b5": "\u03bc",
    }
)


def normalize(text: str) -> str:
    """Return a text as facts are compared: no bold or italic marks, one kind of space, quotation mark and dash, NFC.

    Headings, list marks, table pipes and other HTML tags stay: olmOCR-bench keeps them too.
    """
    text = re.sub(r"<br/?>", " ", text)
    for pair in (r"\*\*(.*?)\*\*", r"__(.*?)__"):
        text = re.sub(pair, r"\1", text)
    text = re.sub(r"</?[bi]>", "", text)
    for pair in (r"(\*\*|__)(.*?)\1", r"(\*|_)(.*?)\1"):
        text = re.sub(pair, r"\2", text)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)).translate(_PRINTED)


def contains(page: str, text: str, max_diffs: int) -> bool:
    """Whether some place of a page differs from a text by at most this many characters. Both must be normalized.

    A place is as long as the text; at the beginning and the end of the page it may be shorter. A page that is not
    longer than the text is compared as a whole: a page of one letter does not contain every word with that letter.
    """
    if len(page) <= len(text):
        return _within(text, page, max_diffs)
    return _within(text, nearest(page, text), max_diffs)


def nearest(page: str, text: str) -> str:
    """Return the place of a page that is most like a text; empty if nothing is like it."""
    if len(page) <= len(text):
        return page
    found = fuzz.partial_ratio_alignment(text, page)
    return page[found.dest_start : found.dest_end] if found else ""


def starts(page: str, text: str, max_diffs: int) -> list[int]:
    """Return where a text begins in a page, with at most this many Levenshtein edits. Both must be normalized."""
    return [match.start for match in find_near_matches(text, page, max_l_dist=max_diffs)]


def same(expected: str, cell: str, max_diffs: int) -> bool:
    """Whether a cell says what is expected, give or take some characters. Both must be normalized.

    However many are allowed, at least half of the two texts must be alike.
    """
    alike = 2 * Indel.distance(expected, cell) <= len(expected) + len(cell)
    return alike and _within(expected, cell, max_diffs)


def _within(expected: str, seen: str, max_diffs: int) -> bool:
    """Whether rapidfuzz's ratio is at least 1 - max_diffs / len(expected), in whole numbers, which do not round."""
    return Indel.distance(expected, seen) * len(expected) <= max_diffs * (len(expected) + len(seen))
