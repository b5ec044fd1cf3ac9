"""What is inside a JSON body, found without parsing it: parsing holds the interpreter and takes many times its size.

A picture is nearly all of an honest request. Its Base64 is cut out of the body and a short mark stands in its place, so
that only the text around it becomes Python strings, which `limits.max_text_bytes` bounds.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

_CUT_BYTES = 16 * 1024
"""Base64 shorter than this stays where it is."""

_MOST_STARTS = 4_096
"""Places looked at where a data URI may start. A request may have 64 images."""

LONGEST_HEAD = 256
"""Characters of a data URI in which its comma must be."""

_WINDOW = 2**14

_BOM = b"\xef\xbb\xbf"
"""The mark of UTF-8 that Windows tools write before a text; RFC 8259 lets readers skip it."""

_STARTS = (b'"data:', b'"DATA:', b'"Data:', b'"JVBER')
"""Of data URIs, and of a PDF in Base64 alone; all of one length."""

_HEAD = re.compile(
    rb'"(?i:data):[ -!#-+\--\[\]-~]{0,200},'
)  # up to the first comma; no quote, backslash or control character
_AFTER_KEY = re.compile(rb'"[ \t\r\n]*:')


@dataclass(frozen=True, slots=True)
class JsonText:
    """A body, its long Base64 cut out.

    Attributes:
        body: The body as it came.
        text: JSON with a mark in place of each piece of Base64, without a byte order mark of UTF-8.
        cuts: Where in the body each piece is, by its mark.
    """

    body: bytes = field(repr=False)
    text: bytes = field(repr=False)
    cuts: dict[str, tuple[int, int]]

    def mark_in(self, url: str) -> str | None:
        """Return the mark that stands after a data URI's comma; None if its data is there itself."""
        mark = url[url.find(",", 0, LONGEST_HEAD) + 1 :] if len(url) < 2 * LONGEST_HEAD else ""
        return mark if mark in self.cuts else None

    def keeping(self, marks: Collection[str]) -> "JsonText":
        """Return the text with these cuts alone; the Base64 of all others is in it again."""
        kept = {mark: cut for mark, cut in self.cuts.items() if mark in marks}
        return JsonText(self.body, _join(self.body, kept), kept)


def cut_images(body: bytes) -> JsonText:
    """Cut the Base64 of long data URIs, and of a long PDF alone, out of JSON.

    If the body is valid JSON, so is the text, and the two differ in the values of those strings alone. Keys stay. What
    is cut out may be anything but a quote: whoever reads it checks it.
    """
    mark = secrets.token_hex(8)  # a client cannot write one itself
    cuts: dict[str, tuple[int, int]] = {}
    at = 0
    for _ in range(_MOST_STARTS):
        at = _find_start(body, at)
        if at < 0:
            break
        head = _HEAD.match(body, at)
        start = at + 1 if body.startswith(_STARTS[-1], at) else head.end() if head else -1
        # In valid JSON a quote after a backslash is a part of a string, and one before other text begins a string.
        if start < 0 or body[at - 1 : at] == b"\\":
            at += len(_STARTS[0])
            continue
        end = body.find(b'"', start)
        if end < 0:
            break
        # After an escaped quote the string goes on; Base64 has none.
        if end - start >= _CUT_BYTES and body[end - 1 : end] != b"\\" and not _AFTER_KEY.match(body, end):
            cuts[f"~{mark}~{len(cuts)}~"] = (start, end)
        at = end
    return JsonText(body, _join(body, cuts), cuts)


def _find_start(body: bytes, at: int) -> int:
    # In windows, because one search may hold the interpreter for a second: through 32 MB of quotes.
    for window in range(at, len(body), _WINDOW):
        first = window + _WINDOW
        for start in _STARTS:
            found = body.find(start, window, first + len(start) - 1)
            first = found if found >= 0 else first
        if first < window + _WINDOW:
            return first
    return -1


def _join(body: bytes, cuts: dict[str, tuple[int, int]]) -> bytes:
    at = len(_BOM) if body.startswith(_BOM) else 0
    if not cuts and not at:
        return body
    pieces: list[bytes] = []
    for mark, (start, end) in cuts.items():
        pieces += (body[at:start], mark.encode())
        at = end
    pieces.append(body[at:])
    return b"".join(pieces)


def too_many_values(text: bytes, most: int) -> bool:
    """Tell whether JSON has more than `most` values, or parts of text that are not JSON.

    Counted are commas, opening brackets and opening braces outside of strings: each value needs one of them, but for
    the first of a container.
    """
    structure = text
    if b"\\" in text:
        structure = structure.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Every quote is now the start or the end of a string, and no value has more than two strings, its key and itself.
    if structure.count(b'"') > 4 * most + 4:
        return True
    outside = b"".join(structure.split(b'"')[::2])
    return sum(outside.count(sign) for sign in (b",", b"[", b"{")) > most
