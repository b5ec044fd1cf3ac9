"""Work on many pages at once, with results in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_AHEAD = 4
"""Results that may wait for a slow one before them, as a multiple of the window: they are text, and small."""


async def in_order(jobs: Iterable[Callable[[], Awaitable[T]]], window: int) -> AsyncIterator[T]:
    """Run jobs, and yield their results in the order of the jobs.

    However many jobs there are, `window` run at a time, and four times as many have started without their result being
    taken. Closing the iterator cancels all that run, and waits for them.

    Args:
        jobs: Taken one by one, each when it is to start.
        window: Most jobs that run.

    Raises:
        Exception: Of a job, when it is its turn.
    """
    source = iter(jobs)
    # All that have started, and those of them that run.
    started: deque[asyncio.Future[T]] = deque()
    running: set[asyncio.Future[T]] = set()
    try:
        while True:
            running = {task for task in running if not task.done()}
            while len(running) < window and len(started) < _AHEAD * window:
                job = next(source, None)
                if job is None:
                    break
                future: asyncio.Future[T] = asyncio.ensure_future(job())
                started.append(future)
                running.add(future)
            if not started:
                return
            if started[0].done():
                yield started.popleft().result()
            else:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in started:
            task.cancel()
        # What they raise now, nobody asks for.
        await asyncio.gather(*started, return_exceptions=True)
