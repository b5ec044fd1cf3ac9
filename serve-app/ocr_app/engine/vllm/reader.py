"""Reads one page: runs it, watches for loops and, for clients that do not stream, makes further attempts."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ocr_app.engine.types import EngineRequest, Json, RequestError
from ocr_app.engine.vllm.pages import Job, sampling_fields
from ocr_app.engine.vllm.pictures import Pictures, Size
from ocr_app.ocr import ladder
from ocr_app.ocr.grounding.blocks import parse, serialize, shift
from ocr_app.ocr.ladder import Attempt, Strip
from ocr_app.ocr.modes import Mode
from ocr_app.ocr.options import Guard
from ocr_app.ocr.prompts import Refs
from ocr_app.ocr.verdict import Loop, LoopDetector, Verdict, end_alike, find_loop, trim, verdict
from ocr_app.settings import VllmEngineSettings

if TYPE_CHECKING:
    from PIL import Image

    from ocr_app.engine.vllm.runtime import Step

Sink = Callable[[str], None]


class Sequences(Protocol):
    """The part of `runtime.Runtime` that a reader uses, so that it can be tested without vLLM."""

    has_modes: bool

    def prepare(self, image: "Image.Image", mode: Mode, max_tiles: int) -> "Image.Image":
        """Return a page for `generate`, resized and tiled if `has_modes`."""

    def more_tiles(self, size: tuple[int, int], max_tiles: int) -> bool:
        """Tell whether a page of this size (width, height) gets other tiles if it may have that many."""

    def generate(
        self, request_id: str, messages: Sequence[Mapping[str, Json]], fields: Mapping[str, Json]
    ) -> "AsyncIterator[Step]":
        """Run one sequence; closing the iterator aborts it. Takes the pages out of the messages when vLLM has them."""


@dataclass(slots=True)
class AttemptResult:
    """What one attempt returned.

    Attributes:
        attempt: The attempt.
        text: Raw output, up to where it was stopped.
        finish_reason: `stop`, or `length`, also for a loop that was stopped.
        loop: The loop, if any.
        stopped: Whether it was stopped because of the loop; if not, it was found when max_tokens or the context had
            cut the output off.
        prompt_tokens: Prompt tokens of all its sequences.
        completion_tokens: Generated tokens of all its sequences.
    """

    attempt: Attempt
    text: str = ""
    finish_reason: str = "length"
    loop: Loop | None = None
    stopped: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(slots=True)
class PageResult:
    """A page that was read.

    Attributes:
        images: Indices of its images in the request.
        text: Raw output; of a page that looped to the end, only up to the first copy of what repeats, unless the
            client already has the rest because it streams.
        kept: The attempt whose text was kept.
        verdict: How the page came out.
        attempts: Everything that was tried, in order.
        dropped_chars: Length of what was cut off `text`.
    """

    images: tuple[int, ...]
    text: str
    kept: AttemptResult
    verdict: Verdict
    attempts: list[AttemptResult] = field(default_factory=list)
    dropped_chars: int = 0

    def report(self) -> dict[str, Json]:
        """Return the page's entry in the response's `ocr.pages`."""
        loop = self.kept.loop
        return {
            "images": list(self.images),
            "verdict": self.verdict,
            "finish_reason": self.kept.finish_reason,
            "mode": self.kept.attempt.mode,
            "attempts": [
                {"name": tried.attempt.name, "mode": tried.attempt.mode, "looped": tried.loop is not None,
                 "completion_tokens": tried.completion_tokens}
                for tried in self.attempts
            ],
            **({"loop": {"kind": loop.kind, "start": loop.start, "period": loop.period, "repeats": loop.repeats},
                "dropped_chars": self.dropped_chars} if loop else {}),
        }  # fmt: skip


class Reader:
    """Reads the pages of one request.

    Args:
        sequences: vLLM.
        settings: Of the engine.
        request: The request.
        guard: The request's repetition guard.
        mode: The request's resolution mode.
        refs: What `<|ref|>` holds in the outputs.
        pictures: The request's images.
    """

    def __init__(
        self,
        sequences: Sequences,
        settings: VllmEngineSettings,
        request: EngineRequest,
        *,
        guard: Guard,
        mode: Mode,
        refs: Refs,
        pictures: Pictures,
    ) -> None:
        self._sequences = sequences
        self._settings = settings
        self._request = request
        self._guard = guard
        self._mode = mode
        self._refs = refs
        self._pictures = pictures

    async def stream(self, job: Job, number: int, sink: Sink) -> PageResult:
        """Read a page once; its text goes to `sink` as it comes."""
        reading = await self._read(job, Attempt("first", self._mode), f"{number}", sink)
        return self._page(job, [reading], reading, trimmed=False)

    async def read(self, job: Job, number: int) -> PageResult:
        """Read a page; if it loops, make the further attempts of the ladder."""
        tried: list[AttemptResult] = []
        for index, attempt in enumerate(self._attempts(job)):
            try:
                tried.append(await self._read(job, attempt, f"{number}-{index}", lambda text: None))
            except RequestError:
                # Another view may have too many tokens for this context; the request itself was fine.
                if not tried:
                    raise
                continue
            if tried[-1].loop is None:
                return self._page(job, tried, tried[-1], trimmed=True)
            cut_off = len(tried) > 1 and not any(reading.stopped for reading in tried)
            if cut_off and end_alike(tried[-2].text, tried[-1].text):
                # Cut off by max_tokens in two views that repeat the same: the page may well say so, and a third would
                # be cut off as well.
                page = self._page(job, tried, max(tried, key=lambda reading: len(reading.text)), trimmed=False)
                page.verdict = "truncated"
                return page
        kept = ladder.best([reading.loop.start if reading.loop else 0 for reading in tried])
        return self._page(job, tried, tried[kept], trimmed=True)

    def _attempts(self, job: Job) -> Iterator[Attempt]:
        yield Attempt("first", self._mode)
        # Only now is the page's size that of the upright page.
        yield from self._plan(job)[1:]

    def _plan(self, job: Job) -> tuple[Attempt, ...]:
        sequences, settings = self._sequences, self._settings.ladder
        size = self._pictures.sizes[job.images[0]] if len(job.images) == 1 else Size(0, 0)
        more_tiles = sequences.has_modes and size[1] > 0 and sequences.more_tiles(size, settings.max_tiles)
        return ladder.plan(self._mode, settings, height=size[1], has_modes=sequences.has_modes, more_tiles=more_tiles)

    def _page(self, job: Job, tried: list[AttemptResult], kept: AttemptResult, *, trimmed: bool) -> PageResult:
        text = trim(kept.text, kept.loop) if kept.loop and trimmed else kept.text
        result = verdict(loop=kept.loop, finished=kept.finish_reason == "stop", attempts=len(tried))
        return PageResult(job.images, text, kept, result, tried, len(kept.text) - len(text))

    async def _read(self, job: Job, attempt: Attempt, suffix: str, sink: Sink) -> AttemptResult:
        if attempt.strips == 1:
            return await self._run(job, attempt, suffix, sink, None)
        strips = ladder.strips(attempt.strips, self._settings.ladder.tile_overlap)
        parts = [await self._run(job, attempt, f"{suffix}-{index}", sink, strip) for index, strip in enumerate(strips)]
        # If a strip loops, so does the attempt, and its text ends there.
        looped = next((part for part in parts if part.loop), None)
        texts: list[str] = []
        loop = None
        for part, strip in zip(parts, strips, strict=True):
            if part.loop:
                loop = self._replaced_loop(part.loop, part.text, strip, len("\n\n".join([*texts, ""])))
            texts.append(self._replaced(part.text, strip))
            if loop:
                break
        return AttemptResult(
            attempt,
            "\n\n".join(texts),
            "stop" if all(part.finish_reason == "stop" for part in parts) else "length",
            loop,
            looped.stopped if looped else False,
            sum(part.prompt_tokens for part in parts),
            sum(part.completion_tokens for part in parts),
        )

    def _replaced(self, text: str, strip: Strip) -> str:
        if "<|det|>" not in text:
            return text
        share = strip.bottom - strip.top
        return serialize((shift(block, top=strip.top, share=share) for block in parse(text, self._refs)), self._refs)

    def _replaced_loop(self, loop: Loop, text: str, strip: Strip, before: int) -> Loop:
        """Return a strip's loop as it is in the page's text, `before` characters of which come from other strips."""
        if "<|det|>" not in text:
            return replace(loop, start=before + loop.start)
        # The newlines at the end are those of `serialize`.
        start, end = (
            len(self._replaced(text[:to], strip).rstrip("\n")) for to in (loop.start, loop.start + loop.period)
        )
        return replace(loop, start=before + start, period=max(1, end - start))

    async def _run(self, job: Job, attempt: Attempt, suffix: str, sink: Sink, strip: Strip | None) -> AttemptResult:
        messages = await self._messages(job, attempt, strip)
        fields = sampling_fields(self._request, self._guard, attempt)
        detector = LoopDetector(self._settings.loops)
        reading = AttemptResult(attempt)
        texts: list[str] = []
        steps = self._sequences.generate(f"{self._request.id}-{suffix}", messages, fields)
        try:
            async for step in steps:
                texts.append(step.text)
                reading.prompt_tokens = step.prompt_tokens
                reading.completion_tokens += step.tokens
                if step.finish_reason is not None:
                    reading.finish_reason = step.finish_reason
                sink(step.text)
                if step.finish_reason == "stop":
                    continue  # A page that the model ended itself is not a loop, however it reads.
                reading.loop = detector.feed(step.text)
                if reading.loop is not None:
                    reading.finish_reason, reading.stopped = "length", True
                    break
        finally:
            await steps.aclose()  # type: ignore[attr-defined]
        reading.text = "".join(texts)
        if reading.finish_reason == "length" and reading.loop is None:
            reading.loop = find_loop(reading.text, self._settings.loops)
        return reading

    async def _messages(self, job: Job, attempt: Attempt, strip: Strip | None) -> list[Mapping[str, Json]]:
        # One after the other: to hold the pixels of one while it waits for another's could be to wait for ever.
        pages = {index: await self._pictures.use(index, partial(self._prepare, attempt, strip)) for index in job.images}
        return [
            {**message, "content": [_with_page(part, pages) for part in message["content"]]} for message in job.messages
        ]

    def _prepare(self, attempt: Attempt, strip: Strip | None, image: "Image.Image") -> "Image.Image":
        if strip is not None:
            top, bottom = round(strip.top * image.height), round(strip.bottom * image.height)
            image = image.crop((0, top, image.width, bottom))
        return self._sequences.prepare(image, attempt.mode, attempt.max_tiles)


def _with_page(part: Mapping[str, Json], pages: "Mapping[int, Image.Image]") -> Mapping[str, Json]:
    return {"type": "image_pil", "image_pil": pages[part["image_pil"]]} if part["type"] == "image_pil" else part
