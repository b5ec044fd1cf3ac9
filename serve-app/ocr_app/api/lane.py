"""A lane that one at a time may use, first come, first served."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Lane:
    """Gives turns to those that need one; others pass."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: deque[tuple[bytes, asyncio.Future[bool]]] = deque()

    @asynccontextmanager
    async def turn(self, key: bytes | None, *, needed: Callable[[], bool]) -> AsyncIterator[None]:
        """Hold the lane during this block.

        Args:
            key: Who waits, for `release`.
            needed: Whether it needs the lane at all; asked once, before it waits.
        """
        if key is None or not needed():
            yield
            return
        has = await self._take(key)
        try:
            yield
        finally:
            if has:
                self._next()

    def release(self, key: bytes) -> None:
        """Let all that wait under this key pass, because they need no turn any more."""
        for waiting, future in self._waiting:
            if waiting == key and not future.done():
                future.set_result(False)

    async def _take(self, key: bytes) -> bool:
        if not self._busy:
            self._busy = True
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entry = (key, future)
        self._waiting.append(entry)
        try:
            return await future
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
            # Its turn may have come at the same moment.
            if future.done() and not future.cancelled() and future.result():
                self._next()
            raise

    def _next(self) -> None:
        while self._waiting:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_result(True)
                return
        self._busy = False
