"""Pages of open documents to what came of each: the one story behind every door."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

from ocr_app.api.context import Service
from ocr_app.api.errors import ApiError, internal_error
from ocr_app.api.page_report import usage_of
from ocr_app.documents.pipeline import Page, PageResult, ReadPage, read_pages
from ocr_app.engine.types import RequestError, Usage

T = TypeVar("T")
Tick = Callable[[], Awaitable[None]]


async def page_results(
    service: Service, pages: Sequence[Page], read: ReadPage, fields: dict[str, Any], tick: Tick | None = None
) -> AsyncIterator[list[PageResult]]:
    """Read pages.

    Args:
        service: The running service.
        pages: One at least.
        read: Has the engine read one.
        fields: The request's log line.
        tick: Called every `keep_alive_interval_s` seconds while there is nothing to yield.

    Yields:
        The next results, in order. Pages that fail before any other was read are held back.

    Raises:
        RequestError, ApiError: No page can be read: the error of the first one.
    """
    settings = service.settings
    began = time.monotonic()
    fields["pages"] = len(pages)
    service.cold_starts.request_came()
    failed, usage = 0, Usage(0, 0)
    held: list[PageResult] = []
    first: PageResult | None = None
    results = read_pages(pages, read, window=settings.documents.pages_at_once, turns=service.documents.turns)
    async with aclosing(results):  # type: ignore[type-var]
        async for result in ticking(results, settings.queue.keep_alive_interval_s, tick):
            first = first or result
            failed += result.error is not None
            _give_up_without_engine(result, nothing_read=failed == result.page.position + 1)
            usage += usage_of(result.events)
            held.append(result)
            if failed < result.page.position + 1:
                yield held
                held = []
    fields["failed_pages"] = failed
    if failed == len(pages):
        assert first is not None  # noqa: S101 - there is one page at least
        raise _error_of(first)
    fields["completion_tokens"] = usage.completion_tokens
    service.metrics.succeeded(len(pages) - failed, usage, time.monotonic() - began)


def _give_up_without_engine(result: PageResult, *, nothing_read: bool) -> None:
    """Raise the error of a page if it is about no page: the engine does not start, and has read none so far."""
    error = result.error
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
