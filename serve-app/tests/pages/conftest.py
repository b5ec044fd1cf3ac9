"""One running cpu engine for all pages."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from ocr_app.engine.cpu.engine import CpuEngine
from ocr_app.engine.images import probe
from ocr_app.engine.types import Delta, Done, EngineRequest, ImagePart, Message, TextPart
from ocr_app.settings import Settings

Read = Callable[..., tuple[str, Done]]


@pytest.fixture(scope="session")
def engine() -> Iterator[CpuEngine]:
    engine = CpuEngine(Settings())
    asyncio.run(engine.start())
    yield engine
    asyncio.run(engine.close())


@pytest.fixture(scope="session")
def read(engine: CpuEngine) -> Read:
    """Reads image files: `read(*files, prompt=...)` gives the text and the end of the answer."""

    async def answer(
        images: tuple[bytes, ...], prompt: str, max_tokens: int | None, stop: tuple[str, ...]
    ) -> tuple[str, Done]:
        files = (
            ImagePart(index, f"messages[0].content[{index + 1}].image_url.url", page)
            for index, pages in enumerate(len(probe(image, max_pixels=10**8).sizes) for image in images)
            for page in (range(pages) if pages > 1 else [None])
        )
        parts: list[TextPart | ImagePart] = [TextPart(prompt), *files]
        request = EngineRequest(
            "chatcmpl-test", (Message("user", tuple(parts)),), images, max_tokens=max_tokens, stop=stop
        )
        events = [event async for event in engine.generate(request)]
        end = events.pop()
        assert isinstance(end, Done)
        return "".join(event.text for event in events if isinstance(event, Delta)), end

    def run(
        *images: bytes, prompt: str = "", max_tokens: int | None = None, stop: tuple[str, ...] = ()
    ) -> tuple[str, Done]:
        return asyncio.run(answer(images, prompt, max_tokens, stop))

    return run
