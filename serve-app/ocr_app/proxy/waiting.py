"""How much the proxy holds for requests: bodies that arrive, and the bytes of those that have."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio

from ocr_app.api.errors import ApiError

MAX_ARRIVING = 512
"""Bodies that may be on their way at once. With more, the one that has waited longest for its next bytes ends."""

MAX_HELD_BYTES = 2**30
"""Bytes of bodies, held from their arrival to the end of the answer: 1 GiB, 32 of the largest by default."""

_STALE_S = 1.0


class Place:
    """One request's share.

    Attributes:
        scope: Runs the reading of the body; cancelled to make room.
        evicted: Whether it was.
    """

    def __init__(self, waiting: "Waiting") -> None:
        self.scope = anyio.CancelScope()
        self.evicted = False
        self.held = 0
        self.progress = time.monotonic()
        self._waiting = waiting

    def take(self, count: int) -> None:
        """Hold so many bytes more; raise ApiError 503 if all requests together hold too many."""
        self._waiting.add(self, count)


class Waiting:
    """Counts requests with a body.

    Attributes:
        held: Bytes held for all of them.
    """

    def __init__(self, max_arriving: int = MAX_ARRIVING, max_held_bytes: int = MAX_HELD_BYTES) -> None:
        self._max_arriving = max_arriving
        self._max_held = max_held_bytes
        # In the order of their last bytes: the first has waited longest.
        self._arriving: dict[Place, None] = {}
        self.held = 0

    @property
    def arriving(self) -> int:
        """Bodies on their way."""
        return len(self._arriving)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Hold a place until the request ends; raise ApiError 503 if there is none."""
        if len(self._arriving) >= self._max_arriving and not self._evict():
            raise _busy(f"{len(self._arriving)} request bodies are on their way")
        place = Place(self)
        self._arriving[place] = None
        try:
            yield place
        finally:
            self._arriving.pop(place, None)
            self._release(place)

    def add(self, place: Place, size: int) -> None:
        """Count bytes that have arrived; raise ApiError 503 if all together are too many."""
        if place.evicted:
            return
        place.progress = time.monotonic()
        self._arriving.pop(place, None)
        self._arriving[place] = None
        # A body that is alone may be larger: its own limit bounds it.
        while self.held + size > self._max_held and self.held > place.held:
            if not self._evict():
                raise _busy(f"requests of {self.held // 2**20} MiB are running or on their way")
        self.held += size
        place.held += size

    def arrived(self, place: Place) -> None:
        """The body is complete: it can no longer be ended to make room, and its bytes count on."""
        self._arriving.pop(place, None)

    def _evict(self) -> bool:
        """End the body that has waited longest, if any has sent nothing for a second."""
        place = next(iter(self._arriving), None)
        if place is None or time.monotonic() - place.progress < _STALE_S:
            return False
        del self._arriving[place]
        place.evicted = True
        place.scope.cancel()
        self._release(place)
        return True

    def _release(self, place: Place) -> None:
        self.held -= place.held
        place.held = 0


def _busy(what: str) -> ApiError:
    return ApiError(
        503,
        f"The service is busy: {what}, which is its limit. Try again later.",
        code="overloaded",
        headers={"Retry-After": "1", "Connection": "close"},
    )
