"""The documents of a conversation, read page by page: the one story behind a whole answer and a streamed one."""

from collections.abc import AsyncIterator
from typing import Any

from ocr_app.api.context import Service
from ocr_app.api.document_answer import DocumentAnswer
from ocr_app.api.open_pages import open_pages
from ocr_app.api.page_reader import PageReader
from ocr_app.api.page_results import Tick, page_results
from ocr_app.api.parser import ParsedRequest
from ocr_app.engine.coalesce import close
from ocr_app.engine.types import Delta, EngineEvent
from ocr_app.ocr.options import parse_ocr_options
from ocr_app.ocr.page_break import page_break


async def read_documents(
    service: Service, parsed: ParsedRequest, fields: dict[str, Any], tick: Tick | None = None
) -> AsyncIterator[EngineEvent]:
    """Read a request's documents.

    Args:
        service: The running service.
        parsed: The request, with documents.
        fields: The request's log line.
        tick: Called every `keep_alive_interval_s` seconds while there is nothing to yield.

    Yields:
        A Delta for each page, in order, then Done. Pages that fail before any other was read come with it.

    Raises:
        RequestError, ApiError: A document cannot be opened, or no page of any can be read: the error of the first one.
    """
    settings, pattern = service.settings, parsed.engine
    async with open_pages(service.documents, parsed, settings.limits) as pages:
        layout = parse_ocr_options(pattern.options).output == "layout"
        answer = DocumentAnswer(pages, page_break(settings), layout=layout)
        groups = page_results(service, pages, PageReader(service.dispatcher, pattern), fields, tick)
        try:
            async for group in groups:
                yield Delta("".join(map(answer.add, group)))
        finally:
            await close(groups)
        yield answer.done()
