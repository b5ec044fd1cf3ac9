"""An engine in this process, called directly."""

import asyncio
import time
from collections.abc import Sequence
from typing import Literal

from ocr_app.engine.registry import create_engine
from ocr_app.engine.types import EngineRequest, ImagePart, Message, TextPart
from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION
from ocr_app.settings import Settings


class EngineAlone:
    """Reads images.

    Args:
        kind: Of the engine.
    """

    def __init__(self, kind: Literal["cpu", "null"]) -> None:
        self._engine = create_engine(Settings(engine=kind), lambda _: None)

    async def start(self) -> None:
        """Load the engine."""
        await self._engine.start()

    async def close(self) -> None:
        """Free what it holds."""
        await self._engine.close()

    async def read(self, images: Sequence[bytes], *, clients: int) -> float:
        """Read images, so many at once; return the seconds that it took."""
        left = iter(images)

        async def client() -> None:
            for image in left:
                async for _ in self._engine.generate(_request(image)):
                    pass

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return time.perf_counter() - began


def _request(image: bytes) -> EngineRequest:
    parts = (ImagePart(0, "messages[0].content[0].image_url.url"), TextPart(DEFAULT_INSTRUCTION))
    return EngineRequest("chatcmpl-bench", (Message("user", parts),), (image,), max_tokens=8192)
