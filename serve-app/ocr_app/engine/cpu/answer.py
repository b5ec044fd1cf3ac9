"""Pages to what the client gets: the text as it streams, or the layout as JSON, within the limits of the request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ocr_app.engine import tokens
from ocr_app.engine.types import FinishReason, Json
from ocr_app.ocr.layout_json import LayoutBlock, page_json, piece_of_answer
from ocr_app.ocr.page_break import PAGE_BREAK

Writing = Literal["markdown", "text", "layout"]
"""What the answer is: Markdown, plain text without any markup, or the layout as JSON."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page, in reading order.

    Attributes:
        text: What the answer says of it; empty for a picture and for furniture that is left out.
        layout: The same in the layout.
    """

    text: str
    layout: LayoutBlock


class Writer:
    """Writes the answer, page by page.

    Args:
        writing: What the answer is.
        max_tokens: Most tokens of text; JSON is not counted.
        stop: Texts that end the answer and are not part of it. In the layout they end it within a block.
    """

    def __init__(self, writing: Writing, max_tokens: int, stop: Sequence[str]) -> None:
        self._writing = writing
        self._stop = stop
        self._left = max_tokens
        self._limiter = tokens.Limiter(max_tokens, stop)
        self._counted = 0
        self._reason: FinishReason | None = None
        self._pages: list[dict[str, Json]] = []

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the answer is at its end; None while there may be more."""
        return self._reason if self._writing == "layout" else self._limiter.finish_reason

    @property
    def tokens(self) -> int:
        """Tokens written so far."""
        return self._counted if self._writing == "layout" else self._limiter.tokens

    def layout(self) -> dict[str, Json] | None:
        """Return the layout of the pages written so far, if it goes beside the text: beside Markdown."""
        return {"pages": self._pages} if self._writing == "markdown" else None

    def page(self, width: int, height: int, pieces: Sequence[Piece], *, last: bool) -> Iterator[str]:
        """Yield what the next page adds to the answer.

        Args:
            width: Of the upright page, in pixels.
            height: Of the upright page, in pixels.
            pieces: In reading order.
            last: Whether the request has no more pages.
        """
        index = len(self._pages)
        if self._writing == "layout":
            blocks = self._within_limits([piece.layout for piece in pieces])
            page = page_json(index, width, height, blocks)
            self._pages.append(page)
            yield piece_of_answer(page, first=index == 0, last=last or self._reason is not None)
            return
        written = 0
        for separated in self._separated(pieces, first=index == 0):
            if text := self._limiter.feed(separated):
                yield text
            written += 1
            if self._limiter.finish_reason is not None:
                break
        self._pages.append(page_json(index, width, height, [piece.layout for piece in pieces[:written]]))

    def end(self) -> str:
        """End the answer; return what was held back."""
        return "" if self._writing == "layout" else self._limiter.end()

    @staticmethod
    def _separated(pieces: Sequence[Piece], *, first: bool) -> Iterator[str]:
        separator = "" if first else PAGE_BREAK
        for piece in pieces:
            yield separator + piece.text if piece.text else ""
            separator = "\n\n" if piece.text else separator
        if separator == PAGE_BREAK:
            yield separator

    def _within_limits(self, blocks: Sequence[LayoutBlock]) -> list[LayoutBlock]:
        result: list[LayoutBlock] = []
        for block in blocks:
            limiter = tokens.Limiter(self._left, self._stop)
            text = limiter.feed(block.text) + limiter.end()
            self._left -= limiter.tokens
            self._counted += limiter.tokens
            result.append(replace(block, text=text))
            if text != block.text:
                self._reason = limiter.finish_reason
                break
        return result
