"""Pages of documents, drawn and read: at once in a bounded window, given back in order, each with its text or error.

It knows nothing of HTTP or of any client's format; whoever calls it says how one page is read.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from ocr_app.documents.document import Document, PageImage, PageSize
from ocr_app.documents.window import in_order
from ocr_app.engine.types import EngineEvent, RequestError

log = logging.getLogger("ocr_app.documents")

_HEAD_START_S = 1.0
"""How long the engine gets no later page while the first one is being drawn: it would be read first, and clients wait
for the first."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be read.

    Attributes:
        document: What it is in.
        number: Which of the document's, from 0.
        position: Its place among the pages of the request, from 0.
        file: Which file of the request the document is, from 0.
    """

    document: Document
    number: int
    position: int
    file: int = 0


@dataclass(frozen=True, slots=True)
class PageError:
    """Why a page could not be read.

    Attributes:
        message: For the client.
        code: Machine-readable word.
        cause: The error itself, for a caller that gives up the whole request.
    """

    message: str
    code: str
    cause: Exception


@dataclass(frozen=True, slots=True)
class PageResult:
    """What came of a page: `events` or an `error`.

    Attributes:
        page: Which page.
        size: Of its image; None if it was not drawn, or is the client's own.
        events: What the engine says of it: deltas, then Done.
        error: Why there is no text.
    """

    page: Page
    size: PageSize | None
    events: tuple[EngineEvent, ...] = ()
    error: PageError | None = None


class PageFailed(Exception):
    """The page could not be read, and others may be.

    Args:
        message: For the client.
        code: Machine-readable word.
        cause: The error itself.
    """

    def __init__(self, message: str, code: str, cause: Exception) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.cause = cause


ReadPage = Callable[[Page, PageImage], Awaitable[tuple[EngineEvent, ...]]]
"""Has the engine read one page; raises RequestError or PageFailed if that page cannot be read."""


async def read_pages(
    pages: Iterable[Page], read: ReadPage, *, window: int, turns: asyncio.Semaphore
) -> AsyncIterator[PageResult]:
    """Draw and read pages.

    Args:
        pages: In order.
        read: See `ReadPage`.
        window: Most of these pages that are drawn or read at the same time.
        turns: Those that are drawn or read together with the pages of other callers.

    Yields:
        The result of each page, in order. Closing the iterator ends all work on pages, and waits for that.
    """
    head = asyncio.Event()
    jobs = (partial(_in_turn, turns, page, read, head, first=at == 0) for at, page in enumerate(pages))
    results = in_order(jobs, window)
    try:
        async for result in results:
            yield result
    finally:
        await results.aclose()  # type: ignore[attr-defined]


async def _in_turn(
    turns: asyncio.Semaphore, page: Page, read: ReadPage, head: asyncio.Event, *, first: bool
) -> PageResult:
    async with turns:
        return await _result(page, read, head, first=first)


async def _result(page: Page, read: ReadPage, head: asyncio.Event, *, first: bool) -> PageResult:
    size: PageSize | None = None
    try:
        try:
            image = await page.document.page(page.number)
        finally:
            if first:
                head.set()
        size = image.size
        if not head.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(head.wait(), _HEAD_START_S)
        return PageResult(page, size, await read(page, image))
    except RequestError as error:
        return PageResult(page, size, error=PageError(error.message, error.code or "invalid_page", error))
    except PageFailed as error:
        return PageResult(page, size, error=PageError(error.message, error.code, error.cause))
    except Exception as error:
        # A fault of ours in one page must not lose the others.
        log.exception("unexpected error in page %d of %d", page.number + 1, page.document.pages)
        return PageResult(page, size, error=PageError("the service failed on this page", "internal_error", error))
