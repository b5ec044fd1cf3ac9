"""Engine `null`: returns made-up words, to measure and test everything except an engine."""

import asyncio
from collections.abc import AsyncIterator

from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, StartError, Usage
from ocr_app.settings import NullEngineSettings


class NullEngine:
    """Answers every request with `tokens` words, one delta a word.

    Args:
        settings: How many words, how fast, and how the engine starts.
    """

    def __init__(self, settings: NullEngineSettings) -> None:
        self._settings = settings

    async def start(self) -> None:
        """Wait as long as the settings say, or refuse as they say."""
        await asyncio.sleep(self._settings.start_s)
        if self._settings.start_error:
            raise StartError(self._settings.start_error)

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        """Yield the words, then usage; `length` if max_tokens cut them off."""
        wanted = self._settings.tokens
        count = wanted if request.max_tokens is None else min(wanted, request.max_tokens)
        await asyncio.sleep(self._settings.latency_s)
        for index in range(count):
            # Even without a pause the event loop gets a turn, so that cancelling and other requests work.
            if self._settings.token_interval_s or index % 16 == 15:
                await asyncio.sleep(self._settings.token_interval_s)
            yield Delta(f"word{index} ")
        yield Done("stop" if count == wanted else "length", Usage(len(request.pictures), count))

    async def check_health(self) -> None:
        """Do nothing: this engine cannot break."""

    async def close(self) -> None:
        """Do nothing: this engine holds nothing."""
