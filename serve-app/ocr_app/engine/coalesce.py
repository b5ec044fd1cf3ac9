"""Sends deltas that come quickly after each other together: each message costs time."""

import asyncio
from collections.abc import AsyncIterator

from ocr_app.engine.types import EngineEvent

_SECONDS_A_STREAM = 0.0005
_LONGEST = 0.15


def pause(streams: int) -> float:
    """Return the shortest time between two messages of one stream, in seconds.

    A message costs about the same whether it holds one token or fifty, so each stream
    sends less often when there are more of them: 0.5 ms for each stream, at most 150 ms.
    """
    return min(_LONGEST, streams * _SECONDS_A_STREAM)


class Coalescer:
    """Puts the events of each stream of a replica into groups, one for each message."""

    def __init__(self) -> None:
        self._streams = 0

    async def groups(self, events: AsyncIterator[EngineEvent]) -> AsyncIterator[list[EngineEvent]]:
        """Yield what has gathered: the first event at once, later ones at least `pause` apart.

        Closing the iterator closes `events`; an exception of `events` comes after everything before it.
        """
        waiting: list[EngineEvent] = []
        arrived = asyncio.Event()
        failure: list[BaseException] = []

        async def gather() -> None:
            try:
                async for event in events:
                    waiting.append(event)
                    arrived.set()
            except Exception as error:
                failure.append(error)
            finally:
                ended.append(True)
                arrived.set()

        ended: list[bool] = []
        self._streams += 1
        task = asyncio.ensure_future(gather())
        try:
            while True:
                await arrived.wait()
                arrived.clear()
                if waiting:
                    group, waiting[:] = waiting[:], []
                    yield group
                if ended and not waiting:
                    break
                if not ended:
                    await asyncio.wait([task], timeout=pause(self._streams))
            if failure:
                raise failure[0]
        finally:
            self._streams -= 1
            await _stop(task)
            await close(events)


async def _stop(task: "asyncio.Future[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


async def close(source: AsyncIterator[object]) -> None:
    """Close an iterator if it is a generator, so that its `finally` blocks run now."""
    aclose = getattr(source, "aclose", None)
    if aclose is not None:
        await aclose()
