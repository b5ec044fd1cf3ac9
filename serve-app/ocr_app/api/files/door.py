"""What the routes, and other doors that take a file by its id or URL, know of the files."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.types import Scope

from ocr_app.api.budget import ByteBudget
from ocr_app.api.errors import ApiError
from ocr_app.api.files import problems
from ocr_app.api.files.folder import FolderUnusable, prepare, signing_key
from ocr_app.api.files.record import Resolved
from ocr_app.api.files.signing import Judged, Signer
from ocr_app.api.files.store import FileStore
from ocr_app.settings import FileSettings

log = logging.getLogger("ocr_app.api")

_SWEEP_S = 60.0
_DOWNLOADS = 2
"""Files of the largest size whose content may be on its way to clients at once. Ray Serve holds what a client
does not read."""

_RETRY_AFTER_S = 5


class Files:
    """The files of a service, or why it has none.

    Args:
        settings: How much is kept, and where.
        default: Folder to use if the settings name none; None if there is no good one.
        others: Gives folders of services that have ended, from which what has expired is removed too.
        clock: Unix time in seconds.

    Attributes:
        settings: As given.
        sending: Bytes of files that clients are reading.
    """

    def __init__(
        self,
        settings: FileSettings,
        default: Path | None = None,
        *,
        others: Callable[[], Sequence[Path]] = tuple,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.sending = ByteBudget(_DOWNLOADS * settings.max_file_bytes, _RETRY_AFTER_S)
        self._others = others
        self._clock = clock
        self._reason = ""
        self._store: FileStore | None = None
        self._signer: Signer | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._open(default)

    @property
    def store(self) -> FileStore:
        """The files; raises ApiError 501 with the reason if there are none."""
        if self._store is None:
            raise problems.unavailable(self._reason)
        return self._store

    @property
    def reason(self) -> str:
        """Why no files are kept; empty if they are."""
        return self._reason

    def start(self) -> None:
        """Begin to remove what has expired, in the running event loop."""
        self._sweeping = asyncio.get_running_loop().create_task(self._sweep())

    def resolve(self, file_id: str, param: str | None = None) -> Resolved:
        """Return a file by its id.

        Args:
            file_id: As a client sent it.
            param: Path of the field that has it, for the error.

        Raises:
            ApiError: 404 if there is no such file, 501 if this service keeps none.
        """
        found = self.store.find(file_id)
        if found is None:
            raise problems.not_found(file_id, param)
        return found

    def content(self, file_id: str, param: str | None = None) -> bytes:
        """Return the bytes of a file by its id; takes and raises what `resolve` does. It reads from the disk."""
        return self.read(self.resolve(file_id, param), param)

    def read(self, found: Resolved, param: str | None = None) -> bytes:
        """Return the bytes of a file that was found; raise ApiError 404 if it is gone by now."""
        try:
            return found.path.read_bytes()
        except FileNotFoundError:
            raise problems.not_found(found.record.id, param) from None

    def resolve_url(self, url: str, param: str | None = None) -> str | None:
        """Return the id of the file that a signed URL of ours leads to, whatever its host; nothing is ever fetched.

        Args:
            url: As a client sent it.
            param: Path of the field that has it, for the error.

        Returns:
            The id; None if it is no URL of ours, or its signature is not.

        Raises:
            ApiError: 400 if it is one of ours that has expired.
        """
        judged = self._signer.judge_url(url) if self._signer else None
        if judged is None or judged.state == "wrong":
            return None
        if judged.state == "expired":
            message = "The signed URL has expired; ask for a new one (GET /v1/files/{id}/url)."
            raise ApiError(400, message, param=param, code="url_expired")
        return judged.file_id

    def sign(self, file_id: str, expires: int) -> str:
        """Return what follows the host in a URL of a file's content that needs no key until a Unix time in seconds."""
        assert self._signer is not None  # noqa: S101 - whoever has a file has a store, and a signer with it
        return self._signer.path_and_query(file_id, expires)

    def judge(self, scope: Scope) -> Judged | None:
        """Judge the signature of a request; None if it has none, or is not one for a file's content."""
        if self._signer is None or scope["type"] != "http" or scope["method"] != "GET":
            return None
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        return self._signer.judge(path, scope.get("query_string", b"").decode("latin-1"))

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return self._clock()

    def _open(self, default: Path | None) -> None:
        settings = self.settings
        parent = Path(settings.directory) if settings.directory else default
        if not settings.enabled:
            self._reason = "files.enabled is false."
            return
        if parent is None:
            self._reason = "files.directory is not set."
            return
        try:
            folder = prepare(parent)
            self._signer = Signer(signing_key(folder), self._clock)
            self._store = FileStore(folder, settings, self._clock)
        except FolderUnusable as error:
            self._reason = str(error)
        except OSError as error:
            self._reason = f"its folder cannot be read ({problems.words(error)})."
        if self._reason:
            log.warning("no files are kept", extra={"fields": {"directory": str(parent), "reason": self._reason}})

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._sweep_all)
            except Exception:
                log.exception("expired files cannot be removed")
            await asyncio.sleep(_SWEEP_S)

    def _sweep_all(self) -> None:
        if self._store is not None:
            self._store.sweep()
            for folder in self._others():
                if folder != self._store.folder:
                    FileStore(folder, self.settings, self._clock)
