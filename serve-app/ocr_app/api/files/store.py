"""The files of one service, in one folder.

A file is two: its content, named by its id, and a record beside it, which is written last. All else in the folder is of
uploads that are not complete. The folder is the truth, so that two Api replicas can share it while one takes over from
the other.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from ocr_app.api.files import problems
from ocr_app.api.files.incoming import PART, RECORD, Incoming, is_locked
from ocr_app.api.files.record import Resolved, StoredFile, is_id, new_id
from ocr_app.settings import FileSettings

log = logging.getLogger("ocr_app.api")


class FileStore:
    """Keeps files, counts them and removes those that have expired. Its methods read and write the disk.

    Args:
        folder: From `folder.prepare`.
        settings: How much is kept.
        clock: Unix time in seconds.

    Attributes:
        folder: Where the files are.
    """

    def __init__(self, folder: Path, settings: FileSettings, clock: Callable[[], float]) -> None:
        self.folder = folder
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[str, StoredFile] = {}
        # Uploads on their way, with the bytes that each has taken.
        self._arriving: dict[str, int] = {}
        self.sweep()

    def begin(self) -> Incoming:
        """Return a new upload.

        Raises:
            ApiError: 413 if there are too many files, 507 if the disk is full, 501 if the folder cannot be written.
        """
        self.sweep()
        with self._lock:
            if len(self._records) + len(self._arriving) >= self._settings.max_files:
                raise problems.no_room(f"{self._settings.max_files:,} files are kept, the most", "files.max_files")
            file_id = new_id(self._clock())
            self._arriving[file_id] = 0
        try:
            # Cleaners of temporary files may have taken it.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Incoming(self.folder, file_id, self)
        except OSError as error:
            self.dropped(file_id)
            raise problems.disk_failed(error) from error

    def find(self, file_id: str) -> Resolved | None:
        """Return a file; None if there is none of this id, or no longer."""
        if not is_id(file_id):
            return None
        path = self.folder / file_id
        record = self._records.get(file_id) or self._another_replicas(file_id)
        if record is None or self._clock() >= record.expires_at or not path.exists():
            return None
        return Resolved(record, path)

    def all(self) -> list[StoredFile]:
        """Return every file, oldest first."""
        self._look()
        now = self._clock()
        with self._lock:
            return sorted((r for r in self._records.values() if now < r.expires_at), key=lambda record: record.id)

    def delete(self, file_id: str) -> bool:
        """Remove a file; False if there is none of this id."""
        found = self.find(file_id)
        if found is None:
            return False
        self._remove(found.record.id)
        return True

    def sweep(self) -> int:
        """Remove files that have expired and what dead uploads left behind; return how many that were."""
        self._look()
        now = self._clock()
        with self._lock:
            gone = [record.id for record in self._records.values() if now >= record.expires_at]
        for file_id in gone:
            self._remove(file_id)
        left = sum(_removed(path) for path in self._paths() if self._is_left_behind(path))
        if gone or left:
            log.info("files removed", extra={"fields": {"expired": len(gone), "incomplete": left}})
        return len(gone) + left

    def reserve(self, file_id: str, count: int) -> None:
        """Count bytes that an upload is about to write; raise ApiError 413 if they are too many."""
        with self._lock:
            if self._arriving[file_id] + count > self._settings.max_file_bytes:
                raise problems.too_large(self._settings.max_file_bytes)
            if self._used() + count > self._settings.max_total_bytes:
                what = f"all files together may have {self._settings.max_total_bytes:,} bytes"
                raise problems.no_room(what, "files.max_total_bytes")
            self._arriving[file_id] += count

    def added(self, record: StoredFile) -> None:
        """Take a complete upload among the files."""
        with self._lock:
            self._records[record.id] = record
            self._arriving.pop(record.id, None)

    def dropped(self, file_id: str) -> None:
        """Forget an upload."""
        with self._lock:
            self._arriving.pop(file_id, None)

    def _used(self) -> int:
        return sum(record.size for record in self._records.values()) + sum(self._arriving.values())

    def _look(self) -> None:
        """Read the records that another replica has written, and forget those whose files are gone."""
        names = {path.name.removesuffix(RECORD) for path in self._paths() if path.name.endswith(RECORD)}
        with self._lock:
            for file_id in self._records.keys() - names:
                del self._records[file_id]
            unknown = [name for name in names - self._records.keys() if is_id(name)]
        for file_id in unknown:
            try:
                record = _read(self.folder / (file_id + RECORD))
            except ValueError:
                log.warning("a file whose record is damaged is removed", extra={"fields": {"file": file_id}})
                self._remove(file_id)
                continue
            if record is not None and record.id == file_id and (self.folder / file_id).exists():
                with self._lock:
                    self._records[file_id] = record

    def _is_left_behind(self, path: Path) -> bool:
        """Tell whether a path of the folder belongs to no file and to no upload that goes on."""
        file_id = path.name.partition(".")[0]
        if not is_id(file_id):
            return False
        content, record = self.folder / file_id, self.folder / (file_id + RECORD)
        if path == record:
            # The content comes before its record and goes after it; something else took it.
            return not content.exists()
        if path == content and record.exists():
            return False
        if is_locked(content) or is_locked(self.folder / (file_id + PART)):
            return False
        # Looked at again after the lock: an upload that just ended has its record by now.
        return path != content or not record.exists()

    def _another_replicas(self, file_id: str) -> StoredFile | None:
        try:
            return _read(self.folder / (file_id + RECORD))
        except ValueError:
            return None

    def _paths(self) -> list[Path]:
        try:
            return list(self.folder.iterdir())
        except OSError:
            return []

    def _remove(self, file_id: str) -> None:
        # The record first: without it there is no file, and the content is left behind.
        for name in (file_id + RECORD, file_id):
            _removed(self.folder / name)
        with self._lock:
            self._records.pop(file_id, None)


def _read(path: Path) -> StoredFile | None:
    """Return a record; None if it is gone or cannot be read now. Raises ValueError if it is damaged."""
    try:
        return StoredFile.load(path.read_bytes())
    except OSError:
        return None


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
