"""A request's documents, read page by page: the one story behind a whole answer and a streamed one."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from ocr_app.api.context import Service
from ocr_app.api.document_answer import DocumentAnswer
from ocr_app.api.errors import ApiError, internal_error
from ocr_app.api.open_pages import open_pages
from ocr_app.api.page_reader import PageReader
from ocr_app.api.parser import ParsedRequest
from ocr_app.documents.pipeline import PageResult, read_pages
from ocr_app.engine.coalesce import close
from ocr_app.engine.types import Delta, EngineEvent, RequestError
from ocr_app.ocr.options import parse_ocr_options
from ocr_app.ocr.page_break import page_break

T = TypeVar("T")
Tick = Callable[[], Awaitable[None]]


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
        A Delta for each page, in order, then Done. Pages that fail before any other was read are held back.

    Raises:
        RequestError, ApiError: A document cannot be opened, or no page of any can be read: the error of the first one.
    """
    settings, pattern = service.settings, parsed.engine
    began = time.monotonic()
    async with open_pages(service.documents, parsed, settings.limits) as pages:
        fields["pages"] = len(pages)
        service.cold_starts.request_came()
        layout = parse_ocr_options(pattern.options).output == "layout"
        answer = DocumentAnswer(pages, page_break(settings), layout=layout)
        results = read_pages(
            pages,
            PageReader(service.dispatcher, pattern),
            window=settings.documents.pages_at_once,
            turns=service.documents.turns,
        )
        held = ""
        first: PageResult | None = None
        try:
            async for result in ticking(results, settings.queue.keep_alive_interval_s, tick):
                first = first or result
                held += answer.add(result)
                _give_up_without_engine(result, answer)
                if answer.failed < result.page.position + 1:
                    yield Delta(held)
                    held = ""
        finally:
            await close(results)
        fields["failed_pages"] = answer.failed
        if answer.failed == len(pages):
            assert first is not None  # noqa: S101 - there is one page at least
            raise _error_of(first)
        done = answer.done()
        fields["completion_tokens"] = done.usage.completion_tokens
        service.metrics.succeeded(len(pages) - answer.failed, done.usage, time.monotonic() - began)
        yield done


def _give_up_without_engine(result: PageResult, answer: DocumentAnswer) -> None:
    """Raise the error of a page if it is about no page: the engine does not start, and has read none so far."""
    error = result.error
    nothing_read = answer.failed == result.page.position + 1
    if error is not None and nothing_read and isinstance(error.cause, ApiError) and error.cause.status == 503:
        raise error.cause


def _error_of(result: PageResult) -> Exception:
    error = result.error
    assert error is not None  # noqa: S101 - every page failed
    cause = error.cause
    if isinstance(cause, ApiError):
        return ApiError(cause.status, error.message, param=cause.param, code=cause.code, headers=cause.headers)
    if isinstance(cause, RequestError):
        return RequestError(error.message, param=cause.param, code=cause.code, status=cause.status)
    return internal_error()


async def ticking(source: AsyncIterator[T], interval_s: float, tick: Tick | None) -> AsyncIterator[T]:
    """Yield what the source yields, and call `tick` every so many seconds in which it yields nothing."""
    while True:
        task = asyncio.ensure_future(anext(source, None))
        try:
            while not (await asyncio.wait([task], timeout=interval_s if tick else None))[0]:
                if tick is not None:
                    await tick()
            item = task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
        if item is None:
            return
        yield item
