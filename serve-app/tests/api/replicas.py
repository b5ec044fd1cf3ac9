"""Replicas that die with all requests in them, as Ray Serve's do, without Ray."""

import asyncio
from collections.abc import AsyncIterator, Callable

from ocr_app.api.engine_client import Answer, EngineGone
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, TextPart, Usage


def text_of(request: EngineRequest) -> str:
    """Return the text of a request, by which tests know it."""
    return " ".join(part.text for m in request.messages for part in m.parts if isinstance(part, TextPart))


class Replicas:
    """One replica at a time; a request for which `kills` is true ends it, and the next one takes its place.

    Args:
        kills: Told a request's text.
        work_s: Time of one answer, in seconds.
        streamed: Deltas of a stream before the work.
        named: Whether it is known which replica died.

    Attributes:
        given: The replica's number and the request's text, for each request given to a replica.
        deaths: How many replicas died.
    """

    def __init__(
        self, kills: Callable[[str], bool], work_s: float = 0.01, streamed: int = 0, named: bool = True
    ) -> None:
        self.kills = kills
        self.work_s = work_s
        self.streamed = streamed
        self.named = named
        self.given: list[tuple[int, str]] = []
        self.deaths = 0
        self.most_at_once = 0
        self._inside: dict[asyncio.Future[None], str] = {}

    @property
    def inside(self) -> list[str]:
        """Texts of the requests in the replica now."""
        return list(self._inside.values())

    def replicas_of(self, text: str) -> list[int]:
        """Return the replicas that a request was given to."""
        return [replica for replica, given in self.given if given == text]

    def kill(self) -> None:
        """End the replica from outside."""
        inside, self._inside = self._inside, {}
        name = f"replica {self.deaths}" if self.named else None
        self.deaths += 1
        for future in inside:
            if not future.done():
                future.set_exception(EngineGone("killed", name))

    async def complete(self, request: EngineRequest) -> Answer:
        await self._work(text_of(request))
        return Answer([Delta("read"), Done("stop", Usage(1, 1))], self.work_s)

    async def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        yield []
        for _ in range(self.streamed):
            yield [Delta("half an ")]
        await self._work(text_of(request))
        yield [Delta("read"), Done("stop", Usage(1, 1))]

    async def _work(self, text: str) -> None:
        self.given.append((self.deaths, text))
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._inside[future] = text
        self.most_at_once = max(self.most_at_once, len(self._inside))
        try:
            done, _ = await asyncio.wait([future], timeout=self.work_s)
            if done:
                future.result()
            if self.kills(text):
                self.kill()
                future.result()
        finally:
            self._inside.pop(future, None)
