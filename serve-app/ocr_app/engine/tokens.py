"""Counting and cutting text for engines without a tokenizer of their own.

A token is a word (a run of letters, digits and underscores), one Chinese, Japanese or Korean character, or one
punctuation mark; white space belongs to the token after it.
"""

import re
from collections.abc import Sequence

from ocr_app.engine.types import FinishReason

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|[^\w\s]")


def count(text: str) -> int:
    """Return the number of tokens."""
    return sum(1 for _ in _TOKEN.finditer(text))


def truncate(text: str, max_tokens: int) -> str:
    """Return the longest beginning of at most `max_tokens` tokens, which may be the whole text."""
    for index, token in enumerate(_TOKEN.finditer(text)):
        if index == max_tokens:
            return text[: token.start()].rstrip()
    return text


class Limiter:
    """Cuts a text that comes in pieces at a number of tokens and at stop sequences.

    What it lets through, put together, is what cutting the whole text would give, however the pieces fall.

    Args:
        max_tokens: Most tokens to let through.
        stop: Texts that end the output and are not part of it; empty ones are ignored.
    """

    def __init__(self, max_tokens: int, stop: Sequence[str] = ()) -> None:
        self._max_tokens = max_tokens
        self._stop = [text for text in stop if text]
        self._held = ""
        self._passed = ""
        self.finish_reason: FinishReason | None = None
        """Why no more text is let through; None while it still is."""

    @property
    def tokens(self) -> int:
        """Tokens let through so far."""
        return count(self._passed)

    def feed(self, piece: str) -> str:
        """Take more text; return what may go out now (the beginning of a possible stop sequence is held back)."""
        if self.finish_reason is not None:
            return ""
        self._held += piece
        found = [index for index in (self._held.find(text) for text in self._stop) if index >= 0]
        if found:
            out = self._release(min(found))
            self._held = ""
            self.finish_reason = self.finish_reason or "stop"
            return out
        return self._release(len(self._held) - self._undecided())

    def end(self) -> str:
        """End the text; return what was held back."""
        if self.finish_reason is not None:
            return ""
        out = self._release(len(self._held))
        self.finish_reason = self.finish_reason or "stop"
        return out

    def _undecided(self) -> int:
        """Length of the longest end of the held text that a stop sequence begins with."""
        longest = 0
        for text in self._stop:
            for length in range(min(len(text) - 1, len(self._held)), longest, -1):
                if text.startswith(self._held[-length:]):
                    longest = length
                    break
        return longest

    def _release(self, length: int) -> str:
        whole = self._passed + self._held[:length]
        self._held = self._held[length:]
        kept = truncate(whole, self._max_tokens)
        if len(kept) < len(whole):
            self.finish_reason = "length"
            self._held = ""
        out = kept[len(self._passed) :]
        self._passed += out
        return out
