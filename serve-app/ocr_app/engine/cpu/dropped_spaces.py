"""Spaces between words that the recognizer nearly saw: how probable one must be.

In bold and small print the blank wins over many spaces. In the lines of our own pages and olmOCR-bench's, what is below
these probabilities are damaged words of faxes.
"""

import re

LEAST = 0.1
"""Least of all."""

_BETWEEN_LETTERS = 0.18
_NEVER = 2.0
_DASHES = "-–—~"

_SMALL_WORD = re.compile(
    r"^(?:and|as|at|by|for|from|in|is|of|on|that|the|to|was|with|der|die|das|und|von|mit|für|de|des|du|et|la|le|les|el|los"
    r"|las)$",
    re.IGNORECASE,
)
"""Of the kind that stands near its neighbours."""


def least_probability(before: str, after: str) -> float:
    """Return from which probability on there is a space between two words; above 1 if it must have been read.

    Either is empty where a space stands already.
    """
    if not before or not after:
        return _NEVER
    last, first = before[-1], after[0]
    if _is_letter(last) and _is_letter(first):
        near = before[-2:] + after[:2]
        if len(near) < 4 or not all(map(_is_letter, near)):
            # One letter is hardly a word.
            return _NEVER
        return LEAST if _SMALL_WORD.match(before) or _SMALL_WORD.match(after) else _BETWEEN_LETTERS
    if (_is_letter(last) and first.isdecimal()) or (last.isdecimal() and _is_letter(first)):
        return _BETWEEN_LETTERS
    dash = (last.isdecimal() and first in _DASHES) or (last in _DASHES and first.isdecimal())
    telephone = before[0] == "+" and last.isdecimal() and first.isdecimal()
    return LEAST if dash or telephone else _NEVER


def _is_letter(character: str) -> bool:
    # Chinese and Japanese have no case, and no spaces.
    return character.lower() != character.upper()
