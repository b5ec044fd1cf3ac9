"""Documents that are being analyzed, and their results.

What is being read is known to this process alone, and is lost with it: its id is answered 404 then. A result is a file
of `/v1/files`, so it counts among them, expires like them, and is there when the Api has restarted.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, BinaryIO

from ocr_app.api.errors import ApiError, internal_error
from ocr_app.api.files.door import Files
from ocr_app.api.files.incoming import Incoming
from ocr_app.api.files.record import StoredFile

log = logging.getLogger("ocr_app.api")

_MIMETYPE = "application/vnd.ocr-app.analyze-result"
_HEAD_BYTES = 200
_MOST_FAILED = 1_000
_PIECE_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Operation:
    """An analysis.

    Attributes:
        state: What it is at.
        created: Unix time in seconds.
        error: Why it failed.
    """

    state: str
    created: int
    error: ApiError | None = None


@dataclass(slots=True)
class Kept:
    """A result.

    Attributes:
        record: Of its file.
        json: `analyzeResult`.
        pdf_bytes: How long the PDF is; 0 if there is none.
        file: Where the PDF begins; close it.
    """

    record: StoredFile
    json: bytes
    pdf_bytes: int
    file: BinaryIO


Work = Callable[[], Coroutine[Any, Any, tuple[bytes, bytes]]]
"""Reads a document; returns `analyzeResult` and the PDF, empty if there is none."""


class Operations:
    """Runs analyses and finds their results.

    Args:
        files: Where results go.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._running: dict[str, Operation] = {}
        self._failed: dict[str, Operation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, work: Work) -> str:
        """Begin an analysis; return its id.

        Raises:
            ApiError: 501 if no files are kept, 413 if there are too many.
        """
        incoming = await asyncio.to_thread(lambda: self._files.store.begin())
        self._running[incoming.id] = Operation("running", int(self._files.now()))
        task = asyncio.get_running_loop().create_task(self._run(incoming, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return incoming.id

    def unfinished(self, operation_id: str) -> Operation | None:
        """Return an analysis that runs or has failed; None if it is neither."""
        return self._running.get(operation_id) or self._failed.get(operation_id)

    def kept(self, operation_id: str) -> Kept:
        """Return a result. It reads the disk.

        Raises:
            ApiError: 404 if there is none.
        """
        found = self._files.store.find(operation_id)
        if found is None or found.record.mimetype != _MIMETYPE:
            raise _unknown()
        try:
            file = found.path.open("rb")
        except FileNotFoundError:
            raise _unknown() from None
        try:
            head = json.loads(file.readline(_HEAD_BYTES))
            return Kept(found.record, file.read(head["json"]), head["pdf"], file)
        except BaseException:
            file.close()
            raise

    async def close(self) -> None:
        """End all that runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, incoming: Incoming, work: Work) -> None:
        created = self._running[incoming.id].created
        try:
            result, pdf = await work()
            await asyncio.to_thread(self._keep, incoming, result, pdf)
        except ApiError as error:
            self._fail(incoming.id, created, error)
        except Exception:
            log.exception("the result of an analysis cannot be kept")
            self._fail(incoming.id, created, internal_error())
        finally:
            self._running.pop(incoming.id, None)
            await asyncio.shield(asyncio.to_thread(incoming.discard))

    def _keep(self, incoming: Incoming, result: bytes, pdf: bytes) -> None:
        head = json.dumps({"json": len(result), "pdf": len(pdf)}).encode() + b"\n"
        for part in (head, result, pdf):
            for at in range(0, len(part), _PIECE_BYTES):
                incoming.write(part[at : at + _PIECE_BYTES])
        now = int(self._files.now())
        record = StoredFile(
            id=incoming.id,
            filename="analyze-result",
            purpose="ocr",
            mimetype=_MIMETYPE,
            size=incoming.size,
            created_at=now,
            expires_at=now + self._files.settings.lifetime_s,
        )
        incoming.finish(record)

    def _fail(self, operation_id: str, created: int, error: ApiError) -> None:
        self._failed[operation_id] = Operation("failed", created, error)
        while len(self._failed) > _MOST_FAILED:
            del self._failed[next(iter(self._failed))]


def _unknown() -> ApiError:
    message = "No such result: it has expired, was deleted, or the service was restarted before it was read."
    return ApiError(404, message, code="NotFound")
