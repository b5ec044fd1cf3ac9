"""Base64 to bytes a slice at a time, because one call for 32 MB would hold the interpreter for 0.2 s."""

import base64
import re
from collections.abc import Iterator

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.loose_base64 import LooseBase64

_SLICE = 256 * 1024
"""Characters decoded in one call."""

_ESCAPES = (
    (b"\\/", b"/"),
    (b"\\u002B", b"+"),
    (b"\\u002b", b"+"),
    (b"\\u002F", b"/"),
    (b"\\u002f", b"/"),
    (b"\\u003D", b"="),
    (b"\\u003d", b"="),
)
"""How writers of JSON may write what Base64 has: PHP escapes `/`, .NET escapes `+`."""

_LONGEST_ESCAPE = 6
_FOREIGN = re.compile(rb"[\x80-\xff]+|[^A-Za-z0-9+/=]")
_PREFIX = re.compile(rb"\s*data:[^,]{0,200},", re.IGNORECASE)
_PYTHON = re.compile(rb"\s*b\\?['\"]")


class Base64Text:
    """A piece of Base64 inside a larger text, which is never copied as a whole.

    Args:
        text: Anything; what is no Base64 is refused.
        start: Where the Base64 begins in the text.
        end: Where it ends.
        escaped: Whether it is as it is inside a JSON string, with escapes.
    """

    def __init__(self, text: bytes, start: int, end: int, *, escaped: bool) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._escaped = escaped and text.find(b"\\", start, end) >= 0

    def decode(self, most: int, param: str) -> bytes | None:
        """Return the bytes; None if there are more than `most`.

        Base64 that breaks the rules but has one meaning only is read too, see `LooseBase64`; that takes up to three
        times as long.

        Args:
            most: Most bytes.
            param: Path of the field, for errors.

        Raises:
            ApiError: It is not Base64.
        """
        pieces: list[bytes] = []
        size = 0
        rest = b""
        loose: LooseBase64 | None = None
        for at, stop in self._slices():
            last = stop == self._end
            if loose is None:
                chars = rest + self._chars(at, stop)
                piece = self._strictly(chars, last=last)
                if piece is not None:
                    rest = chars[len(chars) - len(chars) % 4 :]
                else:
                    loose = LooseBase64(escaped=self._escaped)
                    piece, rest = self._loosely(loose, rest + self._text[at:stop], b"", last=last, param=param)
            else:
                piece, rest = self._loosely(loose, self._text[at:stop], rest, last=last, param=param)
            pieces.append(piece)
            size += len(piece)
            if size > most:
                return None
        return b"".join(pieces)

    def _loosely(self, loose: LooseBase64, text: bytes, rest: bytes, *, last: bool, param: str) -> tuple[bytes, bytes]:
        """Return the bytes of `rest` and the next piece of text, and the characters that make no whole group of 4."""
        chars = b""
        try:
            chars = rest + loose.feed(text, last=last)
            whole = len(chars) - len(chars) % 4
            return base64.b64decode(chars[:whole], validate=True), chars[whole:]
        except ValueError as error:
            raise self._refusal(chars, str(error), param) from None

    @staticmethod
    def _strictly(chars: bytes, *, last: bool) -> bytes | None:
        """Return the bytes of what is Base64 by the rules, as far as it has whole groups of 4; None if it is not."""
        whole = chars if last else chars[: len(chars) - len(chars) % 4]
        if not last and b"=" in whole:
            return None
        try:
            return base64.b64decode(whole, validate=True)
        except ValueError:
            return None

    def _slices(self) -> Iterator[tuple[int, int]]:
        at = self._start
        while at < self._end:
            stop = min(at + _SLICE, self._end)
            if self._escaped and stop < self._end:
                # An escape that may go on behind the slice belongs to the next one.
                escape = self._text.rfind(b"\\", max(at + 1, stop - _LONGEST_ESCAPE + 1), stop)
                stop = stop if escape < 0 else escape
            yield at, stop
            at = stop

    def _chars(self, at: int, stop: int) -> bytes:
        chars = self._text[at:stop]
        if self._escaped and b"\\" in chars:
            for escape, char in _ESCAPES:
                chars = chars.replace(escape, char)
        return chars

    def _refusal(self, chars: bytes, reason: str, param: str) -> ApiError:
        """Return the error for Base64 that has `chars` in the part that cannot be read."""
        begin = self._text[self._start : min(self._end, self._start + 256)]
        if _PREFIX.match(begin):
            reason = "Its data: prefix stands there twice: leave one out."
        elif _PYTHON.match(begin):
            reason = "It begins with b', which is how Python prints bytes: use base64.b64encode(data).decode()."
        elif chars and (foreign := _FOREIGN.search(chars)):
            reason = f"It holds {quote(foreign[0].decode(errors='replace')[:1], 10)}, which no Base64 has."
        elif chars:
            reason = ""
        return ApiError(400, f"The image is not valid Base64. {reason}".rstrip(), param=param, code="invalid_base64")
