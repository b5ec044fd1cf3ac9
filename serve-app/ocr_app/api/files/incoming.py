"""A file that is being written. It becomes a file of the store as a whole or not at all."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from ocr_app.api.files import problems
from ocr_app.api.files.folder import open_new
from ocr_app.api.files.record import StoredFile

PART = ".part"
"""End of the name of what is not complete."""

RECORD = ".json"
"""End of the name of a record. A file is there once its record is."""


class Counting(Protocol):
    """Counts what all uploads together take."""

    def reserve(self, file_id: str, count: int) -> None:
        """Count bytes that an upload is about to write; raise ApiError 413 if they are too many."""

    def added(self, record: StoredFile) -> None:
        """Take a complete upload among the files."""

    def dropped(self, file_id: str) -> None:
        """Forget an upload."""


class Incoming:
    """Takes the bytes of one upload. Every method may be called in a thread; `discard` at any time.

    The file is locked while it is open. A lock ends with its process, so what a dead one left behind is known by it.

    Args:
        folder: Of the store.
        file_id: The id that it will have.
        counting: Of the store.

    Attributes:
        id: The id that it will have.
        size: Bytes written.

    Raises:
        OSError: It cannot be made.
    """

    def __init__(self, folder: Path, file_id: str, counting: Counting) -> None:
        self.id = file_id
        self.size = 0
        self._folder = folder
        self._counting = counting
        self._lock = threading.Lock()
        self._path = folder / (file_id + PART)
        self._file = _open_locked(self._path)

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            ApiError: 413 if the file or all files together would be too large, 507 if the disk is full, 501 for other
                failures of it.
        """
        with self._lock:
            if self._file.closed:
                return
            self._counting.reserve(self.id, len(data))
            with _disk():
                self._file.write(data)
            self.size += len(data)

    def finish(self, record: StoredFile) -> None:
        """Make it a file of the store; raise ApiError as `write` does."""
        with self._lock, _disk():
            self._file.flush()
            content, final = self._folder / self.id, self._folder / (self.id + RECORD)
            with open_new(self._draft) as file:
                file.write(record.dump())
            try:
                self._path.rename(content)
                self._draft.rename(final)
            except OSError:
                content.unlink(missing_ok=True)
                raise
            self._counting.added(record)
            self._close()

    def discard(self) -> None:
        """Remove what was written, unless it was finished."""
        with self._lock:
            if self._file.closed:
                return
            for path in (self._path, self._draft):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            self._close()
            self._counting.dropped(self.id)

    @property
    def _draft(self) -> Path:
        return self._folder / (self.id + RECORD + PART)

    def _close(self) -> None:
        # On a full disk the last bytes fail again when it closes.
        with contextlib.suppress(OSError):
            self._file.close()


def is_locked(path: Path) -> bool:
    """Tell whether an upload has a file open, in this process or another."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _open_locked(path: Path) -> BinaryIO:
    while True:
        file = open_new(path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Before it had its lock, it looked like what a dead upload left behind, and may have been removed.
            if os.fstat(file.fileno()).st_nlink:
                return file
        except OSError:
            file.close()
            raise
        file.close()


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise problems.disk_failed(error) from error
