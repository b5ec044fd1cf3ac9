"""How many bytes of request bodies the service holds at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from ocr_app.api.errors import overloaded


class ByteBudget:
    """Counts bytes that are held, over all requests.

    Args:
        limit: Most bytes.
        retry_after_s: Retry-After of a request that finds too few left, in seconds.

    Attributes:
        held: Bytes held now.
    """

    def __init__(self, limit: int, retry_after_s: int) -> None:
        self.held = 0
        self._limit = limit
        self._retry_after_s = retry_after_s

    @contextmanager
    def lease(self) -> Iterator["Lease"]:
        """Return a request's share, of 0 bytes at first; give it back at the end."""
        lease = Lease(self)
        try:
            yield lease
        finally:
            self.held -= lease.bytes

    def take(self, count: int) -> None:
        """Hold more bytes; raise ApiError 429 with Retry-After if too few are left."""
        if self.held + count > self._limit:
            what = f"the requests that it holds have {self.held:,} bytes, and its limit is {self._limit:,}"
            raise overloaded(what, self._retry_after_s, close=True)
        self.held += count


class Lease:
    """The share of one request.

    Attributes:
        bytes: Bytes that it holds.
    """

    def __init__(self, budget: ByteBudget) -> None:
        self.bytes = 0
        self._budget = budget

    def take(self, count: int) -> None:
        """Hold more bytes; raise ApiError 429 with Retry-After if too few are left."""
        self._budget.take(count)
        self.bytes += count
