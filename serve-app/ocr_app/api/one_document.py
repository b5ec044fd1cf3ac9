"""One file, read page by page: what the doors that take a single document have in common."""

import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from ocr_app.api.context import Service
from ocr_app.api.errors import ApiError
from ocr_app.api.page_choice import chosen
from ocr_app.api.page_reader import PageReader
from ocr_app.api.page_results import Tick, page_results
from ocr_app.documents.page_ranges import PageRanges
from ocr_app.documents.pipeline import Page, PageResult, ReadPage
from ocr_app.engine.types import EngineRequest, ImagePart, Json, Message, TextPart
from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION


@dataclass(slots=True)
class OneDocument:
    """A file and how to read it.

    Attributes:
        data: The file.
        param: Path of the field that carried it, for errors.
        pages: Which pages are read; None for all.
        pages_param: Path of the field that chooses them.
        password: Of a PDF; empty for none.
        password_param: Path of its field.
        options: `ocr` of the requests for the engine.
    """

    data: bytes = field(repr=False)
    param: str
    pages: PageRanges | None = None
    pages_param: str = "pages"
    password: str = field(default="", repr=False)
    password_param: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)


@asynccontextmanager
async def opened(service: Service, asked: OneDocument) -> AsyncIterator[list[Page]]:
    """Open a document during this block.

    Yields:
        The pages to be read, one at least.

    Raises:
        RequestError: As `Opener.open`.
        ApiError: 400 for pages that are not there, 413 for too many.
    """
    document = await service.documents.open(
        asked.data, param=asked.param, password=asked.password, password_param=asked.password_param
    )
    try:
        numbers = chosen(document, asked.pages, asked.pages_param)
        most = service.settings.limits.max_document_pages
        if len(numbers) > most:
            raise ApiError(
                413,
                f"{len(numbers):,} pages of the document are to be read; at most {most:,} are read in one request: "
                f"choose some at a time with '{asked.pages_param}', or split the document.",
                param=asked.param if asked.pages is None else asked.pages_param,
                code="too_many_pages",
            )
        yield [Page(document, number, at) for at, number in enumerate(numbers)]
    finally:
        document.close()


async def results_of(
    service: Service,
    asked: OneDocument,
    pages: list[Page],
    fields: dict[str, Any],
    tick: Tick | None = None,
    around: Callable[[ReadPage], ReadPage] = lambda read: read,
) -> AsyncIterator[PageResult]:
    """Read the pages of an open document.

    Args:
        service: The running service.
        asked: The document.
        pages: From `opened`.
        fields: The request's log line.
        tick: Called every `keep_alive_interval_s` seconds while there is nothing to yield.
        around: Does more with a page while it is at hand.

    Yields:
        What came of each page, in order.

    Raises:
        RequestError, ApiError: No page can be read: the error of the first one.
    """
    parts = (ImagePart(0, asked.param), TextPart(DEFAULT_INSTRUCTION))
    pattern = EngineRequest(
        id=f"ocr-{uuid.uuid4().hex}",
        messages=(Message("user", parts),),
        images=(),
        options={"ocr": dict(asked.options)} if asked.options else {},
    )
    read = around(PageReader(service.dispatcher, pattern))
    groups = page_results(service, pages, read, fields, tick)
    async with aclosing(groups):  # type: ignore[type-var]
        async for group in groups:
            for result in group:
                yield result
