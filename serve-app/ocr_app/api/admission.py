"""The bounded queue: how many requests the service holds at once, running and waiting."""

from collections.abc import Iterator
from contextlib import contextmanager

from ocr_app.api.errors import overloaded
from ocr_app.settings import QueueSettings


class Admission:
    """Counts requests in flight.

    Attributes:
        in_flight: Requests that hold a slot.
    """

    def __init__(self, settings: QueueSettings) -> None:
        self._settings = settings
        self.in_flight = 0

    def check(self) -> None:
        """Raise ApiError 429 with Retry-After if no slot is left."""
        if self.in_flight >= self._settings.max_in_flight:
            what = f"{self.in_flight} requests are running or waiting, which is its limit"
            raise overloaded(what, self._settings.retry_after_s)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold a slot; raise ApiError 429 with Retry-After if none is left."""
        self.check()
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
