"""The pages that a request asks for, of documents that are open meanwhile."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from ocr_app.api.errors import ApiError
from ocr_app.api.page_choice import chosen
from ocr_app.api.parser import ParsedRequest
from ocr_app.documents.document import Document
from ocr_app.documents.opener import Opener
from ocr_app.documents.pipeline import Page
from ocr_app.engine.types import ImagePart
from ocr_app.settings import LimitSettings


@asynccontextmanager
async def open_pages(opener: Opener, parsed: ParsedRequest, limits: LimitSettings) -> AsyncIterator[list[Page]]:
    """Open a request's documents during this block.

    Yields:
        The pages to be read, one at least.

    Raises:
        RequestError: As `Opener.open`.
        ApiError: 413 `too_many_pages`; 400 for pages that are not there, or a choice of pages of several documents.
    """
    asked = parsed.documents
    assert asked is not None  # noqa: S101 - the caller looked
    params = [part.param for m in parsed.engine.messages for part in m.parts if isinstance(part, ImagePart)]
    if asked.options.pages is not None and len(params) > 1:
        raise ApiError(
            400,
            f"'ocr.pages' chooses pages of one document, but the message has {len(params)}: send one at a time.",
            param="ocr.pages",
            code="invalid_value",
        )
    pages: list[Page] = []
    async with AsyncExitStack() as held:
        for file, param in enumerate(params):
            document = await opener.open(
                asked.files.pop(0),
                param=param,
                password=asked.options.password,
                password_param="ocr.password",  # noqa: S106 - the name of a field
            )
            held.callback(document.close)
            numbers = chosen(document, asked.options.pages, "ocr.pages")
            if len(pages) + len(numbers) > limits.max_pages:
                raise _too_many(
                    document, len(numbers), len(pages), limits.max_pages, chosen=asked.options.pages is not None
                )
            pages += [Page(document, number, len(pages) + at, file) for at, number in enumerate(numbers)]
        yield pages


def _too_many(document: Document, wanted: int, before: int, most: int, *, chosen: bool) -> ApiError:
    what = f"{wanted:,} pages of the document are chosen" if chosen else f"The document has {wanted:,} pages"
    beside = f" beside {before:,} of the files before it" if before else ""
    return ApiError(
        413,
        f"{what}{beside}; at most {most:,} are read in one request: choose some at a time, such as "
        f'"ocr": {{"pages": "1-{most}"}}.',
        param="ocr.pages" if chosen else document.param,
        code="too_many_pages",
    )
