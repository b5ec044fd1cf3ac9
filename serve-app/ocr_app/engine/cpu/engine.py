"""Engine `cpu` behind the engine interface."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ocr_app.engine import tokens
from ocr_app.engine.cpu.answer import Piece, Writer, Writing
from ocr_app.engine.cpu.prompt import writing_of
from ocr_app.engine.give_way import give_way
from ocr_app.engine.progress import Progress
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, Json, Report, StartError, TextPart, Usage
from ocr_app.free_memory import give_free_memory_back
from ocr_app.ocr.options import parse_ocr_options
from ocr_app.settings import Settings
from ocr_app.untrusted.images import Pixels, child_limits, decode_image
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import JobFailed

if TYPE_CHECKING:
    from ocr_app.engine.cpu.layout.furniture import Furniture, Parts
    from ocr_app.engine.cpu.layout.repetition import RowText
    from ocr_app.engine.cpu.layout.types import Line
    from ocr_app.engine.cpu.models import Models
    from ocr_app.engine.cpu.reader import PageLines

_PAGES_AT_ONCE = 2
"""One is read, the next one is decoded meanwhile."""


class CpuEngine:
    """Reads pages with the RapidOCR models, one page at a time.

    The answer is the text of the request's pictures, in order, as Markdown; or without any markup if the prompt asks
    for plain text (see `prompt.py`) and `ocr.output` is not set; or the layout as JSON. Markdown is without the page
    furniture that `pages` lists, plain text and the layout have all of it; `ocr.furniture` can say otherwise. The rest
    of the prompt, temperature and seed change nothing. Tokens are counted as `tokens.py` says; a picture counts as one
    prompt token. `Done.extra` has `prompt.rule` (`markdown`, `text` or `layout`), `pages`, one entry for each picture,
    and the layout beside Markdown.

    Args:
        settings: The application's settings, of which `cpu` and `limits` matter.
        report: Takes a few plain words on what the start is doing.
    """

    def __init__(self, settings: Settings, report: Report = lambda _: None) -> None:
        self._settings = settings
        self._report = report
        self._models: Models | None = None
        self._progress = Progress()
        self._children = ChildPool(child_limits(settings.limits), workers=1)
        self._turns = asyncio.Semaphore(_PAGES_AT_ONCE)
        # One page at a time, so that its batches of lines have all threads: a second page would only slow both down.
        self._pages = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page", initializer=give_way)
        # Its threads are started by the page's, and inherit its priority.
        self._lines = ThreadPoolExecutor(max_workers=settings.cpu.threads, thread_name_prefix="lines")

    async def start(self) -> None:
        """Load the models and read a blank page."""
        give_free_memory_back()
        self._report("loading the models")
        loop = asyncio.get_running_loop()
        try:
            self._models, _ = await asyncio.gather(
                loop.run_in_executor(self._pages, _load, self._settings.cpu.threads), self._children.start()
            )
        except ImportError as error:
            raise StartError(f"Engine cpu needs a Python package that is missing: {error}.") from error
        except JobFailed as error:
            raise StartError(f"The process that decodes images cannot start: {error}.") from error

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        """Yield the text block by block, as each page is read.

        Closing the iterator kills the process that decodes an image, and ends reading after the current stage.
        """
        limits = self._settings.limits
        # `ocr.output` wins over words.
        options = parse_ocr_options(request.options)
        writing: Writing = writing_of(request.messages)
        if options.output is not None:
            writing = "layout" if options.output == "layout" else "markdown"
        keep = writing != "markdown" if options.furniture is None else options.furniture == "keep"
        writer = Writer(writing, min(request.max_tokens or limits.max_tokens, limits.max_tokens), request.stop)
        pages: list[Mapping[str, Json]] = []
        earlier: list[tuple[RowText, ...]] = []
        closed = threading.Event()
        try:
            for index, picture in enumerate(request.pictures):
                async with self._turns:
                    pixels = await decode_image(
                        self._children, picture, max_pixels=limits.max_image_pixels, order="BGR"
                    )
                    page, parts, pieces = await asyncio.get_running_loop().run_in_executor(
                        self._pages, self._read, pixels, tuple(earlier), writing, keep, closed
                    )
                    del pixels
                earlier.append(parts.rows)
                pages.append(_summary(page, () if keep else parts.furniture, with_lines=options.lines))
                for text in writer.page(page.width, page.height, pieces, last=index == len(request.pictures) - 1):
                    yield Delta(text)
                if writer.finish_reason is not None:
                    break
            if text := writer.end():
                yield Delta(text)
        finally:
            closed.set()
        prompt = sum(
            tokens.count(part.text) if isinstance(part, TextPart) else 1
            for message in request.messages
            for part in message.parts
        )
        layout = writer.layout()
        extra = {"prompt": {"rule": writing}, "pages": pages, **({} if layout is None else {"layout": layout})}
        yield Done(writer.finish_reason or "stop", Usage(prompt, writer.tokens), extra)

    async def check_health(self) -> None:
        """Raise an error if a page gets no further, or no process for decoding can be started."""
        self._progress.check()
        self._children.check_health()

    async def close(self) -> None:
        """End the child processes and stop the threads; a page being read is finished first."""
        await self._children.close()
        self._pages.shutdown(wait=False, cancel_futures=True)
        self._lines.shutdown(wait=False, cancel_futures=True)
        self._models = None

    def _read(
        self,
        pixels: Pixels,
        earlier: "Sequence[Sequence[RowText]]",
        writing: Writing,
        keep: bool,
        closed: threading.Event,
    ) -> "tuple[PageLines, Parts, list[Piece]]":
        from ocr_app.engine.cpu import reader
        from ocr_app.engine.cpu.layout import furniture
        from ocr_app.engine.cpu.layout.regions import heads_and_feet
        from ocr_app.engine.cpu.pieces import page_pieces

        if self._models is None:
            raise RuntimeError("the engine has not been started")

        def check() -> None:
            self._progress.step()
            if closed.is_set():
                raise reader.Cancelled

        with self._progress.working():
            check()
            page = reader.read(self._models, self._lines, pixels.array(), self._settings.cpu.max_side_px, check)
            check()
            parts = furniture.parts(
                page.lines,
                page.width,
                page.height,
                heads=heads_and_feet(page.regions),
                earlier=earlier,
            )
            return page, parts, page_pieces(page, parts, writing, keep=keep)


def _load(threads: int) -> "Models":
    # Before the libraries that read it are imported.
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import cv2
    import numpy as np

    from ocr_app.engine.cpu import detection, models, recognition

    cv2.setNumThreads(threads)
    loaded = models.load(threads)
    blank = np.full((64, 320, 3), 255, dtype=np.uint8)
    detection.detect(loaded.detection, blank, 320)
    recognition.recognize(loaded.recognition, loaded.characters, [blank])
    return loaded


def _summary(page: "PageLines", left_out: "Sequence[Furniture]", *, with_lines: bool) -> dict[str, Json]:
    letters = sum(len(line.text) for line in page.lines)
    confidence = sum(line.confidence * len(line.text) for line in page.lines) / letters if letters else None
    return {
        "width": page.width,
        "height": page.height,
        "verdict": "unread" if page.unread or page.incomplete else "ok",
        "line_count": len(page.lines),
        "unread_lines": page.unread,
        "incomplete_lines": page.incomplete,
        "mean_confidence": None if confidence is None else round(confidence, 4),
        "turned_degrees": 90 * page.quarter_turns,
        "skew_degrees": round(page.skew_degrees, 2),
        "furniture": [
            {"text": piece.text, "kind": piece.kind, "box": list(page.place_of(piece.box))} for piece in left_out
        ],
        **({"lines": [_line(line, page) for line in page.lines]} if with_lines else {}),
    }


def _line(line: "Line", page: "PageLines") -> dict[str, Json]:
    return {"text": line.text, "box": list(page.place_of(line.box)), "confidence": round(line.confidence, 4)}
