"""Which pages of a document are read: "1-3,7,10-", or a list of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_PARTS = 1_000
_MOST_DIGITS = 9
_PART = re.compile(rf"\s*(\d{{1,{_MOST_DIGITS}}})\s*(-\s*(\d{{1,{_MOST_DIGITS}}})?)?\s*", re.ASCII)


class PageRangeError(ValueError):
    """A range makes no sense or names a page that is not there; the message says which, and goes on after the field."""


@dataclass(frozen=True, slots=True)
class PageRanges:
    """A choice of pages.

    Attributes:
        spans: First and last page of each part, from 0; None for the last page of the document.
        first: The number by which the client calls the first page, 0 or 1, for errors.
    """

    spans: tuple[tuple[int, int | None], ...]
    first: int

    def select(self, count: int) -> list[int]:
        """Return the chosen pages of a document of `count` pages: numbers from 0, in its order, each once.

        A range may end after the last page, but must begin before it: "1-10" of a document of 3 pages are all 3.

        Raises:
            PageRangeError: A part has no page of this document.
        """
        chosen: set[int] = set()
        for start, end in self.spans:
            if start >= count:
                last = count - 1 + self.first
                raise PageRangeError(f"names page {start + self.first}, but the last page of the document is {last}")
            chosen.update(range(start, count if end is None else min(end + 1, count)))
        return sorted(chosen)


def parse_page_ranges(value: object, *, first: int) -> PageRanges:
    """Read a choice of pages.

    Args:
        value: Numbers and ranges in a string, "1-3,7,10-"; or a list of numbers.
        first: The number of the first page: 1, or 0 as Mistral's API counts.

    Raises:
        PageRangeError: It is neither, or makes no sense.
    """
    if isinstance(value, str):
        spans = [_span(part, first) for part in _few(value.split(","))]
    elif isinstance(value, list):
        spans = [(_number(item, first),) * 2 for item in _few(value)]
    else:
        raise PageRangeError(f'must be a string such as "{first}-{first + 2},{first + 6}"')
    return PageRanges(tuple(spans), first)


def _few(parts: Sequence[str]) -> Sequence[str]:
    if not parts:
        raise PageRangeError("names no page")
    if len(parts) > _MOST_PARTS:
        raise PageRangeError(f"has {len(parts):,} parts; at most {_MOST_PARTS:,} are accepted")
    return parts


def _span(part: str, first: int) -> tuple[int, int | None]:
    match = _PART.fullmatch(part)
    if match is None:
        raise PageRangeError(
            f"has the part {_shown(part)}: write pages and ranges with commas, "
            f'such as "{first}-{first + 2},{first + 6}"'
        )
    start = _number(int(match[1]), first)
    if match[2] is None:
        return start, start
    if match[3] is None:
        return start, None
    end = _number(int(match[3]), first)
    if end < start:
        raise PageRangeError(f"has the part {_shown(part.strip())}, which ends before it begins")
    return start, end


def _number(value: object, first: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise PageRangeError(f"has {_shown(value)}, which is no page number")
    if value < first:
        raise PageRangeError(f"names page {_shown(value)}; the first page is {first}")
    if value >= 10**_MOST_DIGITS:
        raise PageRangeError("names a page that no document has")
    return value - first


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
