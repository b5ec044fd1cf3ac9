"""How page numbers are written."""

import re
from typing import Literal

_DASHES = "•·—–-"
_MOST_DIGITS = 3

_WORD = r"(?:page|pages|pg|p|seite|página|pagina|pág|pag|strana|sida|side|blatt)"
_COUNTED = rf"\d{{1,{_MOST_DIGITS + 1}}}(?:\s*(?:of|von|de|sur|di|van|/)\s*\d{{1,5}})?"
_SAID = re.compile(
    rf"^[\[(|\s{_DASHES}]*(?:{_WORD}\.?\s*{_COUNTED}|第\s*\d{{1,4}}\s*页|\d{{1,4}}\s*页|s\.\s?\d{{1,{_MOST_DIGITS}}})"
    rf"[\])|\s{_DASHES}]*$",
    re.IGNORECASE,
)
_FRAMED = re.compile(rf"^(?P<mark>[|~{_DASHES}])\s*(?:\d{{1,{_MOST_DIGITS}}}|[ivx]{{1,6}})\s*[|~{_DASHES}]$")
_OF = re.compile(r"^(\d{1,4})\s*(?:of|von|de|sur|di|van|/|\|)\s*(\d{1,5})$", re.IGNORECASE)
_ROMAN = re.compile(r"^(?=[ivxl]{2}|[iv]$)(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")
_BARE = re.compile(rf"^(?:[1-9]\d{{0,{_MOST_DIGITS - 1}}}|[A-Z][-–.][1-9]\d{{0,2}}|[1-9]\d?[-–][1-9]\d{{0,2}})$")
_BEHIND = re.compile(rf"^(?P<rest>.*\S)\s*(?:[|,{_DASHES}]\s*|\s)(?P<number>{_WORD}\.?\s*{_COUNTED})$", re.IGNORECASE)

_LONG = re.compile(r"^(?!1[5-9]|20)[1-9]\d{3}$")

NumberKind = Literal["said", "bare", "long"]
"""Whether a number says that it is a page's ("Page 3", "- 3 -"), is one like any other ("3", "iv", "A-3"), or has four
digits, and is rather an amount or an identifier."""


def number_kind(text: str) -> NumberKind | None:
    """Tell how a text is written as a page number; None if it is none."""
    text = text.strip()
    if _SAID.match(text) or _FRAMED.match(text):
        return "said"
    if of := _OF.match(text):
        return "bare" if 0 < int(of[1]) <= int(of[2]) else None
    if _BARE.match(text) or _ROMAN.match(text):
        return "bare"
    return "long" if _LONG.match(text) else None


def before_number(text: str) -> str | None:
    """Return what stands before a page number that is said at the end of a text ("Report | Page 3"); None without."""
    found = _BEHIND.match(text.strip())
    return found["rest"].rstrip(f" |,{_DASHES}") or None if found else None
