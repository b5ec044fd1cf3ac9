"""How much the proxy holds for requests: bodies that arrive, and the bytes of those that have."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio

from ocr_app.api.errors import overloaded
from ocr_app.proxy.figures import Figures

MAX_ARRIVING = 2048
"""Bodies that may be on their way at once. With more, the one that has waited longest for its next bytes ends."""

STALE_S = 1.0
"""Seconds without a byte after which a body may be ended to make room, oldest first."""

SOON_S = 1
"""Retry-After, in seconds, where no request has to end before there is room."""


class Place:
    """One request's share.

    Attributes:
        scope: Runs the reading of the body; cancelled to make room.
        evicted: Whether it was.
        held: Its bytes.
        figures: Limits of all requests together.
        last: Time of its last bytes.
    """

    def __init__(self, waiting: "Waiting", figures: Figures, now: float) -> None:
        self.scope = anyio.CancelScope()
        self.evicted = False
        self.held = 0
        self.figures = figures
        self.last = now
        self._waiting = waiting

    def take(self, count: int) -> None:
        """Hold so many bytes more; raise ApiError 429 if all requests together hold too many."""
        self._waiting.add(self, count)


class Waiting:
    """Counts requests with a body, whose bytes are held from their arrival to the end of the answer.

    Args:
        max_arriving: Most bodies on their way.
        clock: Seconds that only grow.

    Attributes:
        held: Bytes held for all of them.
    """

    def __init__(self, max_arriving: int = MAX_ARRIVING, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_arriving = max_arriving
        self._clock = clock
        # In the order of their last bytes: the first has waited longest.
        self._arriving: dict[Place, None] = {}
        self.held = 0

    @property
    def arriving(self) -> int:
        """Bodies on their way."""
        return len(self._arriving)

    @contextmanager
    def place(self, figures: Figures) -> Iterator[Place]:
        """Hold a place until the request ends; raise ApiError 429 if there is none."""
        if len(self._arriving) >= self._max_arriving and not self._evict():
            what = f"{len(self._arriving)} request bodies are on their way, which is its limit"
            raise overloaded(what, SOON_S, close=True)
        place = Place(self, figures, self._clock())
        self._arriving[place] = None
        try:
            yield place
        finally:
            self._arriving.pop(place, None)
            self._release(place)

    def add(self, place: Place, size: int) -> None:
        """Count bytes that have arrived; raise ApiError 429 if all together are too many."""
        if place.evicted:
            return
        place.last = self._clock()
        self._arriving.pop(place, None)
        self._arriving[place] = None
        # One that is alone may be larger: until an Api has said its limits, this one is less than the largest body.
        while self.held + size > place.figures.max_bytes_in_flight and self.held > place.held:
            if not self._evict():
                what = f"requests of {self.held:,} bytes are running or on their way, which is its limit"
                raise overloaded(what, place.figures.retry_after_s, close=True)
        self.held += size
        place.held += size

    def arrived(self, place: Place) -> None:
        """The body is complete: it can no longer be ended to make room, and its bytes count on."""
        self._arriving.pop(place, None)

    def _evict(self) -> bool:
        """End the body that has waited longest, if that is long enough."""
        place = next(iter(self._arriving), None)
        if place is None or self._clock() - place.last < STALE_S:
            return False
        del self._arriving[place]
        place.evicted = True
        place.scope.cancel()
        self._release(place)
        return True

    def _release(self, place: Place) -> None:
        self.held -= place.held
        place.held = 0
