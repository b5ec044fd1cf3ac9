"""Plays vLLM's part, so that the engine's logic can be tested without it."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from mmap import mmap
from typing import Any

from PIL import ExifTags, Image

from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, ImagePart, Json, Message, TextPart
from ocr_app.engine.vllm.engine import VllmEngine
from ocr_app.ocr.modes import MODEL_TILES, Mode
from ocr_app.settings import Settings
from ocr_app.untrusted import memory
from ocr_app.untrusted.jobs import JOBS


@dataclass
class Step:
    text: str
    tokens: int
    prompt_tokens: int
    finish_reason: str | None


@dataclass
class Call:
    request_id: str
    mode: str
    size: tuple[int, int]
    text: str
    fields: Mapping[str, Json]


@dataclass
class StandIn:
    """Answers call number n with `answers[n]` (the last one for further calls), word by word."""

    answers: Sequence[str]
    has_modes: bool = True
    pause_s: float = 0
    calls: list[Call] = field(default_factory=list)
    running: int = 0

    def prepare(self, image: Image.Image, mode: Mode, max_tiles: int = MODEL_TILES) -> Any:
        return (image, mode if max_tiles == MODEL_TILES else f"{mode}, {max_tiles} tiles")

    def more_tiles(self, size: tuple[int, int], max_tiles: int) -> bool:
        return size[0] == size[1]

    async def generate(
        self, request_id: str, messages: Sequence[Mapping[str, Json]], fields: Mapping[str, Json]
    ) -> AsyncIterator[Step]:
        parts = [part for message in messages for part in message["content"]]
        image, mode = next(part["image_pil"] for part in parts if part["type"] == "image_pil")
        text = " ".join(part["text"] for part in parts if part["type"] == "text")
        answer = self.answers[min(len(self.calls), len(self.answers) - 1)]
        self.calls.append(Call(request_id, mode, image.size, text, fields))
        self.running += 1
        try:
            words = answer.split(" ")
            limit = fields["max_tokens"] or 10**9
            for index, word in enumerate(words[:limit]):
                await asyncio.sleep(self.pause_s)
                last = index + 1 == min(len(words), limit)
                reason = ("stop" if len(words) <= limit else "length") if last else None
                yield Step(word if index + 1 == len(words) else word + " ", 1, 7, reason)
        finally:
            self.running -= 1


class SameProcess:
    """Does the jobs of child processes in this one."""

    async def run(self, job: str, data: bytes, args: Mapping[str, Any]) -> tuple[Mapping[str, Any], mmap]:
        pieces: list[bytes] = []
        fd = memory.create(data)
        try:
            answer = JOBS[job](memory.File(fd), args, pieces.append)
        finally:
            os.close(fd)
        result = mmap(-1, sum(map(len, pieces)))
        result.write(b"".join(pieces))
        return answer, result

    def check_health(self) -> None:
        pass

    async def close(self) -> None:
        pass


def engine(stand_in: StandIn, **vllm: Any) -> VllmEngine:
    made = VllmEngine(Settings(engine="vllm", vllm=vllm), lambda phase: None)  # type: ignore[arg-type]
    made._runtime = stand_in  # type: ignore[assignment]
    made._children = SameProcess()  # type: ignore[assignment]
    return made


def request(
    text: str = "Read", images: int = 1, size: tuple[int, int] = (400, 800), *, turned: bool = False, **fields: Any
) -> EngineRequest:
    """Return a request; `size` is that of the file, which is `turned` by its EXIF data."""
    file = io.BytesIO()
    image = Image.new("RGB", size, "white")
    if turned:
        image.getexif()[ExifTags.Base.Orientation] = 6
    image.save(file, "PNG", exif=image.getexif())
    parts = (ImagePart(index, f"messages[0].content[{index}].image_url.url") for index in range(images))
    message = Message("user", (*parts, TextPart(text)))
    return EngineRequest("chatcmpl-1", (message,), (file.getvalue(),) * images, **fields)


async def answer(stand_in: StandIn, asked: EngineRequest, **vllm: Any) -> tuple[str, Done, list[EngineEvent]]:
    events = [event async for event in engine(stand_in, **vllm).generate(asked)]
    done = events[-1]
    assert isinstance(done, Done)
    return "".join(event.text for event in events if isinstance(event, Delta)), done, events
