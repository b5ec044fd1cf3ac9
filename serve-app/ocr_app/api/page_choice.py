"""Which pages of a document a client asks for, behind every door."""

from ocr_app.api.errors import ApiError
from ocr_app.documents.document import Document
from ocr_app.documents.page_ranges import PageRangeError, PageRanges, parse_page_ranges


def ranges_of(value: object, *, first: int, param: str) -> PageRanges | None:
    """Return a choice of pages; None for all of them.

    Args:
        value: Of the request.
        first: Number of a document's first page, 0 or 1.
        param: Path of the field.

    Raises:
        ApiError: 400 if it makes no sense.
    """
    if value is None:
        return None
    try:
        return parse_page_ranges(value, first=first)
    except PageRangeError as error:
        raise _bad_pages(error, param) from None


def chosen(document: Document, pages: PageRanges | None, param: str) -> list[int]:
    """Return the chosen pages of a document, from 0; raise ApiError 400 for pages that it does not have."""
    if pages is None:
        return list(range(document.pages))
    try:
        return pages.select(document.pages)
    except PageRangeError as error:
        raise _bad_pages(error, param) from None


def _bad_pages(error: PageRangeError, param: str) -> ApiError:
    return ApiError(400, f"'{param}' {error}.", param=param, code="invalid_value")
