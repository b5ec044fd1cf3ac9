"""The path from Api to Engine, behind a small interface, so that tests can put another one in its place."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ocr_app.engine.coalesce import Coalescer, close
from ocr_app.engine.types import Delta, Engine, EngineEvent, EngineRequest


class EngineGone(Exception):
    """The replica died while it had the request; another one may answer it.

    Args:
        message: For the log.
        replica: Which replica it was; None if that is unknown.
    """

    def __init__(self, message: str, replica: str | None = None) -> None:
        super().__init__(message)
        self.replica = replica


class EngineFailed(Exception):
    """The engine cannot start; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All of an engine's answer.

    Attributes:
        events: Deltas, then Done.
        seconds: Time that the engine itself took.
    """

    events: list[EngineEvent]
    seconds: float


class EngineClient(Protocol):
    """Sends requests to an engine. Cancelling a call frees what the request holds there."""

    async def complete(self, request: EngineRequest) -> Answer:
        """Return all events at once; raise RequestError, EngineGone or EngineFailed."""

    def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        """Yield events in groups: an empty one once a replica took the request, at last one that ends in Done.

        Raises RequestError, EngineGone or EngineFailed.
        """


class LocalEngineClient:
    """An engine in this process: for tests, and to measure what Ray adds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._coalescer = Coalescer()

    async def complete(self, request: EngineRequest) -> Answer:
        """Return all events at once; raise RequestError, EngineGone or EngineFailed."""
        started = time.perf_counter()
        source = self._engine.generate(request)
        try:
            events = [event async for event in source]
        finally:
            await close(source)
        return Answer(events, time.perf_counter() - started)

    async def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        """Yield events in groups: an empty one at first, at last one that ends in Done."""
        yield []
        groups = self._coalescer.groups(self._engine.generate(request))
        try:
            async for group in groups:
                yield group
        finally:
            await close(groups)


def text_of(events: Sequence[EngineEvent]) -> str:
    """Return the text of a group of events."""
    return "".join(event.text for event in events if isinstance(event, Delta))
