"""A bounded room: what does not fit waits for its turn, first come, first served."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """Bounds a sum of amounts held at once, such as pixels. Amounts above the limit get the room for themselves.

    Nobody overtakes: a small amount waits behind a large one that waits, which so gets its turn. All methods belong to
    one event loop.

    Args:
        limit: Most that is held at once.

    Attributes:
        held: What is held now.
    """

    def __init__(self, limit: int) -> None:
        self.held = 0
        self._limit = limit
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, amount: int) -> None:
        """Wait until an amount fits; cancelling gives the turn up. Each `take` needs a `give`."""
        if not self._waiting and self._fits(amount):
            self.held += amount
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (amount, turn)
        self._waiting.append(entry)
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
                self._admit()
            elif not turn.cancelled():
                # Its turn came at the same moment.
                self.give(amount)
            raise

    def give(self, amount: int) -> None:
        """Give back what `take` got."""
        self.held -= amount
        self._admit()

    @asynccontextmanager
    async def taken(self, amount: int) -> AsyncIterator[None]:
        """Hold an amount during this block."""
        await self.take(amount)
        try:
            yield
        finally:
            self.give(amount)

    def _fits(self, amount: int) -> bool:
        return self.held == 0 or self.held + amount <= self._limit

    def _admit(self) -> None:
        while self._waiting and self._fits(self._waiting[0][0]):
            amount, turn = self._waiting.popleft()
            # One that leaves is done before it gets to know it.
            if not turn.done():
                self.held += amount
                turn.set_result(None)
