"""Turns pages into what the client gets: text in order as it streams, and the fields under `ocr`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from ocr_app.engine.types import Json
from ocr_app.engine.vllm.pictures import Size
from ocr_app.engine.vllm.reader import PageResult, Sink
from ocr_app.ocr.grounding.blocks import parse
from ocr_app.ocr.layout_json import piece_of_answer
from ocr_app.ocr.output import MarkdownWriter, page_layout
from ocr_app.ocr.prompt_choice import Prompt
from ocr_app.ocr.prompts import OutputKind


def layout_of(page: PageResult, prompt: Prompt, sizes: Sequence[Size]) -> dict[str, Json]:
    """Return a page's layout, in pixels of its (first) image."""
    index = page.images[0]
    return page_layout(index, *sizes[index], parse(page.text, prompt.refs))


def extra(pages: Sequence[PageResult], kind: OutputKind, prompt: Prompt, sizes: Sequence[Size]) -> dict[str, Json]:
    """Return the fields under `ocr`: the prompt used, a report for each page and, beside Markdown, the layout."""
    fields: dict[str, Json] = {
        "output": kind,
        "prompt": {"text": prompt.text, "rule": prompt.rule},
        "pages": [page.report() for page in pages],
    }
    if kind == "markdown":
        fields["layout"] = {"pages": [layout_of(page, prompt, sizes) for page in pages]}
    return fields


async def in_order(
    readers: Sequence[Callable[[Sink], Awaitable[PageResult]]],
) -> AsyncIterator[tuple[int, str | PageResult]]:
    """Run all pages at once and yield their text in the order of the pages.

    Args:
        readers: One for each page; each gets a sink for its text.

    Yields:
        The page's number with a piece of its text, and at its end with the PageResult. Closing the iterator ends all
        pages. The error of any page comes at once, and not only when it is that page's turn.
    """
    queues: list[asyncio.Queue[str | PageResult | BaseException]] = [asyncio.Queue() for _ in readers]

    async def run(number: int) -> None:
        try:
            queues[number].put_nowait(await readers[number](queues[number].put_nowait))
        except BaseException as error:
            for queue in queues:
                queue.put_nowait(error)
            if not isinstance(error, Exception):
                raise

    tasks = [asyncio.create_task(run(number)) for number in range(len(readers))]
    try:
        for number, queue in enumerate(queues):
            while True:
                item = await queue.get()
                if isinstance(item, BaseException):
                    raise item
                yield number, item
                if isinstance(item, PageResult):
                    break
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class TextWriter:
    """Turns pieces of pages into the answer's text, in any kind of output.

    Args:
        kind: Of output.
        prompt: In use.
        sizes: Of the request's images.
        separator: Between pages; not in `layout`.
    """

    def __init__(self, kind: OutputKind, prompt: Prompt, sizes: Sequence[Size], separator: str) -> None:
        self._kind = kind
        self._prompt = prompt
        self._sizes = sizes
        self._separator = separator
        self._writer = MarkdownWriter(prompt.refs)
        self._pages = 0

    def piece(self, text: str) -> str:
        """Return what more of the current page adds to the answer."""
        if self._kind == "layout":
            return ""
        return self._writer.feed(text) if self._kind == "markdown" else text

    def end_of_page(self, page: PageResult, *, last: bool) -> str:
        """Return what the end of the current page adds."""
        self._pages += 1
        if self._kind == "layout":
            return piece_of_answer(layout_of(page, self._prompt, self._sizes), first=self._pages == 1, last=last)
        text = ""
        if self._kind == "markdown":
            text, self._writer = self._writer.close(), MarkdownWriter(self._prompt.refs)
        return text + ("" if last else self._separator)
