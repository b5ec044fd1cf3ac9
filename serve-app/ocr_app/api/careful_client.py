"""A client that never gives a request to a third replica once two died under it."""

from collections.abc import AsyncIterator, Callable

from ocr_app.api.engine_client import Answer, EngineClient, EngineGone
from ocr_app.api.suspects import Suspects
from ocr_app.engine.coalesce import close
from ocr_app.engine.types import Done, EngineEvent, EngineRequest


class CarefulClient:
    """Passes requests on; suspects wait for their turn (see `suspects.py`).

    Args:
        client: The path to the engine.
        suspects: What is known of requests under which a replica died.
    """

    def __init__(self, client: EngineClient, suspects: Suspects) -> None:
        self._client = client
        self._suspects = suspects

    async def complete(self, request: EngineRequest, waits: Callable[[bool], None] = lambda waits: None) -> Answer:
        """Return all events at once; raise RequestError, EngineGone, EngineFailed, or ApiError for a given up one.

        Args:
            request: The request.
            waits: See `Suspects.run`.
        """
        async with self._suspects.run(request, waits) as answered:
            answer = await self._client.complete(request)
            answered()
            return answer

    async def stream(
        self, request: EngineRequest, waits: Callable[[bool], None] = lambda waits: None
    ) -> AsyncIterator[list[EngineEvent]]:
        """Yield events in groups, as any client; raise errors as `complete` does. A suspect's turn ends with it."""
        async with self._suspects.run(request, waits) as answered:
            groups = self._client.stream(request)
            try:
                async for group in groups:
                    if group and isinstance(group[-1], Done):
                        answered()
                        yield group
                        return
                    yield group
                raise EngineGone("the stream ended without an answer")
            finally:
                await close(groups)
