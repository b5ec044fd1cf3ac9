"""Requests under which a replica died: they run again one at a time, and none of them a third time.

Which request of a dead replica killed it is unknown, and so is whether one did: a kill from outside looks the same to
Ray. So the requests that were in it are suspects. One suspect at a time is given to a replica, beside requests that are
none. If that replica dies too, the suspect is given up and its content refused for a while; the others that were in it
are no suspects of this death, which is explained. A suspect that is answered is none any more.
"""

import asyncio
import dataclasses
import hashlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from ocr_app.api.engine_client import EngineGone
from ocr_app.api.errors import ApiError
from ocr_app.api.lane import Lane
from ocr_app.engine.types import EngineRequest, RequestError

log = logging.getLogger("ocr_app.api")

REMEMBERED_FOR_S = 600.0
"""Seconds after a death for which a content is suspected, or refused."""

MOST_REMEMBERED = 1_024
"""Most contents remembered, of about 300 bytes each; the oldest is forgotten first."""

_MOST_DEATHS = 2
_EXPLAINED = 64


@dataclass(slots=True)
class _Record:
    until: float
    replicas: set[str] = field(default_factory=set)
    users: int = 0
    """Requests of this content that wait for their turn, or have it."""

    @property
    def given_up(self) -> bool:
        return len(self.replicas) >= _MOST_DEATHS


class Suspects:
    """Remembers contents by hash, in bounded memory.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records: OrderedDict[bytes, _Record] = OrderedDict()
        self._explained: deque[str] = deque(maxlen=_EXPLAINED)
        self._lane = Lane()
        self._unnamed = 0

    @asynccontextmanager
    async def run(
        self, request: EngineRequest, waits: Callable[[bool], None] = lambda waits: None
    ) -> AsyncIterator[Callable[[], None]]:
        """Give a request to a replica inside this block; a suspect waits here for its turn.

        Args:
            request: The request.
            waits: Told True before the request may have to wait for a turn, and False once it has one.

        Yields:
            To be called once the answer is complete.

        Raises:
            ApiError: 500 `engine_died_twice` if two replicas died under this content.
            EngineGone: From the block, if another replica may have the request.
        """
        # Hashing costs a millisecond a megabyte, and nearly always nothing is suspected.
        key = await _content(request) if self._alive() else None
        self._refuse(key)
        with _in_use(self._record(key)):
            waits(True)
            async with self._lane.turn(key, needed=lambda: self._record(key) is not None):
                waits(False)
                # Others with the same content may have run meanwhile.
                self._refuse(key)
                suspected = self._record(key) is not None
                try:
                    yield lambda: self._clear(key)
                except EngineGone as gone:
                    key = key or await _content(request)
                    self._died(key, gone.replica, request.id, suspected=suspected)
                    raise
                except RequestError:
                    self._clear(key)
                    raise

    def _died(self, key: bytes, replica: str | None, request_id: str, *, suspected: bool) -> None:
        if replica is None:
            # Ray does not name a replica that it ended for its memory. Copies of one content that are not suspected may
            # all have been in that one; a suspect was in another.
            self._unnamed += suspected
            replica = f"unnamed {self._unnamed}" if suspected else "unnamed"
        if replica in self._explained and not suspected:
            return
        record = self._record(key)
        if record is None:
            record = self._records[key] = _Record(0.0)
            while len(self._records) > MOST_REMEMBERED:
                self._records.popitem(last=False)
        record.replicas.add(replica)
        record.until = self._clock() + REMEMBERED_FOR_S
        self._records.move_to_end(key)
        fields = {"completion_id": request_id, "content": key.hex(), "replica": replica}
        if not record.given_up:
            log.warning("an engine replica died with this request in it", extra={"fields": fields})
            return
        log.error("a second engine replica died with this request in it; it is given up", extra={"fields": fields})
        self._explain(replica)
        self._lane.release(key)
        raise _given_up(
            "Two engine replicas died, one after the other, while they worked on this request; it is not tried again, "
            f"and the same content is refused for {REMEMBERED_FOR_S:.0f} s.",
            REMEMBERED_FOR_S,
        )

    def _explain(self, replica: str) -> None:
        self._explained.append(replica)
        for other in [key for key, record in self._records.items() if record.replicas == {replica}]:
            self._clear(other)

    def _clear(self, key: bytes | None) -> None:
        record = self._record(key)
        # One that is given up stays so, even if a copy of it, given to a replica before, comes out.
        if key is not None and record is not None and not record.given_up:
            del self._records[key]
            self._lane.release(key)

    def _refuse(self, key: bytes | None) -> None:
        record = self._record(key)
        if record is not None and record.given_up:
            left = record.until - self._clock()
            raise _given_up(
                f"This content is refused for another {left:.0f} s: two engine replicas died while they worked on it. "
                "Send other content, for example the page scaled down or in another mode.",
                left,
            )

    def _record(self, key: bytes | None) -> _Record | None:
        return self._records.get(key) if key is not None and self._alive() else None

    def _alive(self) -> bool:
        """Forget what is old; return whether anything is left."""
        now = self._clock()
        while self._records:
            key, record = next(iter(self._records.items()))
            if record.until > now:
                return True
            if record.users and not record.given_up:
                # A turn may be long in coming, and a new replica takes minutes to start.
                record.until = now + REMEMBERED_FOR_S
                self._records.move_to_end(key)
            else:
                del self._records[key]
        return False


@contextmanager
def _in_use(record: _Record | None) -> Iterator[None]:
    if record is None:
        yield
        return
    record.users += 1
    try:
        yield
    finally:
        record.users -= 1


def _given_up(message: str, retry_after_s: float) -> ApiError:
    # OpenAI's clients would send it again at once, and obey the second header.
    headers = {"Retry-After": f"{max(1.0, retry_after_s):.0f}", "x-should-retry": "false"}
    return ApiError(500, message, code="engine_died_twice", headers=headers)


async def _content(request: EngineRequest) -> bytes:
    return await asyncio.to_thread(_hash, request)


def _hash(request: EngineRequest) -> bytes:
    """Return the hash of what a replica gets to work on; the id differs each time, and streams are read alike."""
    header, images = dataclasses.replace(request, id="", stream=False).to_wire()
    digest = hashlib.blake2b(digest_size=16)
    for part in (header, *images):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
