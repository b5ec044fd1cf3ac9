"""Which files a list has: OpenAI's cursor, and Mistral's pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.files.fields import check_purpose
from ocr_app.api.files.record import StoredFile, is_id

MOST = 10_000
"""Most files in one answer, and as many as there are if the client names no limit."""

_PAGE_SIZE = 100
_KNOWN = ("after", "include_total", "limit", "order", "page", "page_size", "purpose")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of all files.

    Attributes:
        files: In the order that was asked for.
        has_more: Whether more follow.
        total: Files of the purpose that was asked for.
    """

    files: Sequence[StoredFile]
    has_more: bool
    total: int


def select(files: Sequence[StoredFile], query: Mapping[str, str]) -> Listing:
    """Return what a list's query asks for.

    The cursor `after` is a place and not a file: it still works when its file has been deleted.

    Args:
        files: All of them, oldest first.
        query: Parameters of the URL.

    Raises:
        ApiError: 400, with `param` as the name of the parameter.
    """
    for name in query:
        if name not in _KNOWN:
            message = f"The list has no parameter {quote(name, 60)}; it has {', '.join(_KNOWN)}."
            raise ApiError(400, message, param=name, code="unsupported_parameter")
    purpose = query.get("purpose")
    if purpose:
        check_purpose(purpose)
        files = [file for file in files if file.purpose == purpose]
    newest_first = _descending(query.get("order") or "desc")
    if newest_first:
        files = files[::-1]
    start = _start(files, query, newest_first=newest_first)
    size = _number(query, "page_size", _PAGE_SIZE) if _has_pages(query) else _number(query, "limit", MOST)
    chosen = files[start : start + size]
    return Listing(chosen, start + size < len(files), len(files))


def _has_pages(query: Mapping[str, str]) -> bool:
    return "page" in query or "page_size" in query


def _start(files: Sequence[StoredFile], query: Mapping[str, str], *, newest_first: bool) -> int:
    after = query.get("after")
    if _has_pages(query):
        for name in ("after", "limit"):
            if name in query:
                raise ApiError(400, f"Send page and page_size (Mistral) or {name} (OpenAI), not both.", param=name)
        return _number(query, "page", 0, least=0, most=10**6) * _number(query, "page_size", _PAGE_SIZE)
    if not after:
        return 0
    if not is_id(after):
        raise ApiError(
            400, f"after is {quote(after, 60)}, which is no id of a file.", param="after", code="invalid_value"
        )
    return sum(file.id >= after if newest_first else file.id <= after for file in files)


def _descending(order: str) -> bool:
    if order not in ("asc", "desc"):
        raise ApiError(400, f"order is {quote(order, 60)}; it can be asc or desc.", param="order", code="invalid_value")
    return order == "desc"


def _number(query: Mapping[str, str], name: str, default: int, *, least: int = 1, most: int = MOST) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        message = f"{name} is {quote(text, 60)}; it must be a whole number from {least} to {most}."
        raise ApiError(400, message, param=name, code="invalid_value")
    return int(text)
