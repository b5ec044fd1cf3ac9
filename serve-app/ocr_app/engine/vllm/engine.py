"""Engine `vllm`: DeepSeek-OCR's prompts, guard, outputs and verdicts around a running vLLM."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_app.engine.progress import Progress
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, Report, RequestError, StartError, Usage
from ocr_app.engine.vllm import startup
from ocr_app.engine.vllm.answer import TextWriter, extra, in_order
from ocr_app.engine.vllm.args import engine_args, environment
from ocr_app.engine.vllm.download import fetch_model
from ocr_app.engine.vllm.orphans import OrphanGuard
from ocr_app.engine.vllm.pages import Job, plan_jobs, sampling_fields
from ocr_app.engine.vllm.pictures import Pictures
from ocr_app.engine.vllm.reader import PageResult, Reader, Sink
from ocr_app.engine.vllm.room import Room
from ocr_app.engine.vllm.watched import Watched
from ocr_app.ocr.ladder import Attempt
from ocr_app.ocr.options import parse_guard, parse_ocr_options
from ocr_app.ocr.prompt_choice import choose
from ocr_app.ocr.prompts import FREE_OCR
from ocr_app.settings import Settings
from ocr_app.untrusted.images import child_limits
from ocr_app.untrusted.pool import ChildPool

if TYPE_CHECKING:
    from ocr_app.engine.vllm.runtime import Runtime

_WARM_UP_TOKENS = 8


class VllmEngine:
    """DeepSeek-OCR on one GPU.

    Args:
        settings: Of the application.
        report: Takes a few plain words on what the start is doing.
    """

    def __init__(self, settings: Settings, report: Report) -> None:
        self._app = settings
        self._settings = settings.vllm
        self._report = report
        self._runtime: Runtime | None = None
        self._orphans: OrphanGuard | None = None
        self._progress = Progress()
        self._children = ChildPool(child_limits(settings.limits), workers=self._settings.preprocess_threads)
        # Kept as long as the engine: vLLM's processes keep their log open.
        self._folder = tempfile.TemporaryDirectory(prefix="ocr-vllm-", ignore_cleanup_errors=True)
        self._threads = ThreadPoolExecutor(self._settings.preprocess_threads, thread_name_prefix="pages")
        self._pixels = Room(self._settings.max_pixels_in_flight)
        # A prepared page takes up to 21 MB in vLLM until it is read: only those that vLLM decodes, and the next ones.
        self._places = Room(self._settings.max_num_seqs + self._settings.preprocess_threads)

    async def start(self) -> None:
        """Download and load the model, compile, and read one page, so that the first client does not wait for that."""
        folder = Path(self._folder.name)
        log = folder / "vllm.log"
        os.environ.update(environment(self._settings, os.environ, startup.write_log_config(folder, log)))
        self._orphans = OrphanGuard()
        watcher = asyncio.create_task(startup.watch(log, self._report))
        try:
            await self._children.start()
            model = await asyncio.to_thread(fetch_model, self._settings, self._report)
            self._report("importing vLLM")
            self._runtime = await asyncio.to_thread(self._load, model)
            self._report("warming up")
            await self._warm_up()
        except Exception as error:
            reason = startup.explain(f"{type(error).__name__}: {error}", startup.end_of(log))
            await self.close()
            raise StartError(reason) from error
        finally:
            watcher.cancel()

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        """Yield the pages' text in order, then usage and the fields under `ocr`."""
        runtime = self._running()
        options = parse_ocr_options(request.options)
        guard = parse_guard(request.options, self._settings.guard)
        prompt = choose(request.messages, self._settings.prompt_rules)
        kind = options.output or prompt.output
        mode = options.mode or self._settings.default_mode
        if not runtime.has_modes and mode != "gundam":
            if options.mode is not None:
                raise RequestError(
                    f"'ocr.mode' must be 'gundam' with this model, not '{mode}'.",
                    param="ocr.mode",
                    code="invalid_value",
                )
            mode = "gundam"
        pictures = Pictures(
            request, self._children, self._threads, self._pixels, max_pixels=self._app.limits.max_image_pixels
        )
        reader = Reader(
            Watched(runtime, self._progress),
            self._settings,
            request,
            guard=guard,
            mode=mode,
            refs=prompt.refs,
            pictures=pictures,
        )
        jobs = plan_jobs(request, prompt)
        writer = TextWriter(kind, prompt, pictures.sizes, self._settings.page_separator)
        pages: list[PageResult] = []
        answers = in_order(
            [partial(self._read, reader, job, number, request.stream) for number, job in enumerate(jobs)]
        )
        try:
            async for _, item in answers:
                if isinstance(item, PageResult):
                    pages.append(item)
                    text = writer.end_of_page(item, last=len(pages) == len(jobs))
                else:
                    text = writer.piece(item)
                if text:
                    yield Delta(text)
        finally:
            await answers.aclose()  # type: ignore[attr-defined]
        whole = all(page.kept.finish_reason == "stop" for page in pages)
        usage = Usage(
            sum(page.kept.prompt_tokens for page in pages), sum(page.kept.completion_tokens for page in pages)
        )
        yield Done("stop" if whole else "length", usage, extra(pages, kind, prompt, pictures.sizes))

    async def check_health(self) -> None:
        """Raise an error if vLLM's engine process is gone or makes no step, or if no image can be decoded."""
        self._progress.check()
        self._children.check_health()
        if self._runtime is not None:
            await self._runtime.check_health()

    async def close(self) -> None:
        """End the child processes and vLLM's engine process, which frees the GPU."""
        await self._children.close()
        runtime, self._runtime = self._runtime, None
        if runtime is not None:
            await asyncio.to_thread(runtime.shutdown)
        orphans, self._orphans = self._orphans, None
        if orphans is not None:
            await asyncio.to_thread(orphans.release)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._folder.cleanup()

    def _load(self, model: str) -> "Runtime":
        from ocr_app.engine.vllm.runtime import Runtime

        return Runtime(engine_args(self._settings, model), self._app.model_id)

    async def _warm_up(self) -> None:
        from PIL import Image

        runtime = self._running()
        white = Image.new("RGB", (800, 1_000), "white")
        mode = self._settings.default_mode if runtime.has_modes else "gundam"
        page = await asyncio.get_running_loop().run_in_executor(self._threads, runtime.prepare, white, mode)
        message = {
            "role": "user",
            "content": [{"type": "image_pil", "image_pil": page}, {"type": "text", "text": FREE_OCR}],
        }
        request = EngineRequest(id="warm-up", messages=(), images=(), max_tokens=_WARM_UP_TOKENS)
        guard = parse_guard({}, self._settings.guard)
        async for _ in runtime.generate("warm-up", [message], sampling_fields(request, guard, Attempt("first", mode))):
            pass

    async def _read(self, reader: Reader, job: Job, number: int, streams: bool, sink: Sink) -> PageResult:
        async with self._places.taken(len(job.images)):
            if streams:
                return await reader.stream(job, number, sink)
            page = await reader.read(job, number)
            sink(page.text)
            return page

    def _running(self) -> "Runtime":
        if self._runtime is None:
            raise RuntimeError("the engine is not running")
        return self._runtime
