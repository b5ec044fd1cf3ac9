"""Base64 as clients really write it, to Base64 as the rules have it."""

import json

_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_SPACES = b" \t\r\n\v\f"
_PERCENT = tuple(
    (digits, char)
    for char in (b"+", b"/", b"=", b"-", b"_", b" ", b"\r", b"\n", b"\t")
    for digits in {b"%%%02X" % ord(char), b"%%%02x" % ord(char)}
)
"""What encoders put in place of the signs of Base64. Letters and digits they leave; decoding all would take seconds."""


class LooseBase64:
    """Takes Base64 in pieces and gives back the same without line breaks and spaces, in the usual alphabet, padded.

    It may also be URL-safe, have too little or too much padding, or be percent-encoded. Each of these has one meaning
    only. Where a space may be a lost `+`, that is where the length is wrong without it, it is refused.

    Pieces may begin after any whole groups of 4 characters that were Base64 by the rules.

    Args:
        escaped: Whether it is as it is inside a JSON string, with escapes.
    """

    def __init__(self, *, escaped: bool) -> None:
        self._escaped = escaped
        self._chars = 0
        self._pads = 0
        self._rest = b""
        self._spaces = False

    def feed(self, piece: bytes, *, last: bool) -> bytes:
        """Return what is certain of a piece, which ends within no escape of JSON.

        Raises:
            ValueError: It cannot be Base64; with a sentence for the client, or none. Signs that are no Base64 are not
                looked for.
        """
        piece = self._rest + (self._without_escapes(piece) if self._escaped else piece)
        self._rest = b""
        if b"%" in piece:
            if not last and (cut := piece.rfind(b"%", -2)) >= 0:
                piece, self._rest = piece[:cut], piece[cut:]
            for encoded, char in _PERCENT:
                piece = piece.replace(encoded, char)
        self._spaces |= b" " in piece
        chars, padding = self._without_padding(piece.translate(_URL_SAFE, _SPACES))
        self._chars += len(chars)
        self._pads += padding
        if not last:
            return chars
        if self._spaces and (self._chars + self._pads) % 4:
            raise ValueError("It holds spaces, which may have been + before a form was decoded: send it as it was.")
        if self._chars % 4 == 1:
            raise ValueError("It is cut off: no Base64 has such a length.")
        return chars + b"=" * (-self._chars % 4)

    def _without_escapes(self, piece: bytes) -> bytes:
        if b"\\" not in piece:
            return piece
        try:
            text: str = json.loads(b'"' + piece + b'"', strict=False)
            return text.encode("ascii")
        except ValueError:
            raise ValueError from None

    def _without_padding(self, chars: bytes) -> tuple[bytes, int]:
        chars, sign, after = chars.partition(b"=")
        if (chars and self._pads) or after.strip(b"="):
            raise ValueError("It goes on after the = at its end.")
        return chars, len(sign + after)
