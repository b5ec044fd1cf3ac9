"""Base64 to bytes a slice at a time, because one call for 32 MB would hold the interpreter for 0.2 s."""

import base64
from collections.abc import Iterator

from ocr_app.api.errors import ApiError

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
_SPACES = (b" ", b"\r", b"\n", b"\t", b"\\r", b"\\n", b"\\t")


class Base64Text:
    """A piece of Base64 inside a larger text, which is never copied as a whole.

    Args:
        text: ASCII; anything else is no Base64.
        start: Where the Base64 begins in the text.
        end: Where it ends.
        escaped: Whether it is as it is inside a JSON string, with escapes.
    """

    def __init__(self, text: bytes, start: int, end: int, *, escaped: bool) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._escaped = escaped and text.find(b"\\", start, end) >= 0

    def least_size(self) -> int:
        """Return how many bytes it stands for at least."""
        chars = self._end - self._start
        return (chars // _LONGEST_ESCAPE if self._escaped else chars) // 4 * 3 - 2

    def decode(self, most: int, param: str) -> bytes | None:
        """Return the bytes; None if there are more than `most`.

        Args:
            most: Most bytes.
            param: Path of the field, for errors.

        Raises:
            ApiError: It is not Base64.
        """
        pieces: list[bytes] = []
        size = 0
        rest = b""
        for at, stop in self._slices():
            chars = rest + self._chars(at, stop)
            whole = len(chars) if stop == self._end else len(chars) - len(chars) % 4
            chars, rest = chars[:whole], chars[whole:]
            try:
                if stop < self._end and b"=" in chars:
                    raise ValueError("padding before the end")
                pieces.append(base64.b64decode(chars, validate=True))
            except ValueError:
                message = f"The image is not valid Base64.{self._hint()}"
                raise ApiError(400, message, param=param, code="invalid_base64") from None
            size += len(pieces[-1])
            if size > most:
                return None
        return b"".join(pieces)

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

    def _hint(self) -> str:
        if self._has(b"-", b"_"):
            return " It looks URL-safe: use + and / instead of - and _."
        if self._has(*_SPACES):
            return " It holds spaces or line breaks: leave them out."
        length = sum(len(self._chars(at, stop)) for at, stop in self._slices())
        if length % 4:
            return f" Its length, {length}, is not a multiple of 4: it is cut off, or lacks its = at the end."
        return ""

    def _has(self, *signs: bytes) -> bool:
        return any(self._text.find(sign, at, stop) >= 0 for at, stop in self._slices() for sign in signs)
