"""What the proxies must know of the Api to read bodies for it; each Api publishes it when it starts.

The settings are arguments of the Serve application, so that a change of them needs no new pods; a proxy does not get
these arguments. Ray's key-value store is what both have.
"""

import asyncio
import hashlib
import json
import logging
import time
from dataclasses import asdict, dataclass

from ocr_app.api.auth import bearer_token
from ocr_app.api.files.paths import is_upload
from ocr_app.settings import HttpSettings, QueueSettings, Settings
from ocr_app.settings.files import FORM_BYTES
from ocr_app.settings.limits import MOST_BODY_BYTES

log = logging.getLogger("ocr_app.proxy")

_NAMESPACE = "ocr_app"
_PREFIX = "proxy_figures:"
_REFRESH_S = 10.0
_READ_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Limits of request bodies, and whose bodies are read.

    Attributes:
        max_body_bytes: Largest body that is no upload of a file. While no Api has said, the most that gRPC carries to
            one; the Api decides then.
        max_upload_bytes: Largest body of an upload, likewise.
        body_timeout_s: Longest time for a whole body, in seconds.
        body_idle_timeout_s: Longest time between two pieces of a body, in seconds.
        max_bytes_in_flight: Most bytes of all bodies together.
        retry_after_s: Retry-After of a request that finds no room, in seconds.
        key_hashes: SHA-256 of each Authorization token that is a key, in hexadecimal; empty if none is needed. Whoever
            can read Ray's key-value store may run code in the Api, which has the key itself.
    """

    max_body_bytes: int = MOST_BODY_BYTES
    max_upload_bytes: int = MOST_BODY_BYTES
    body_timeout_s: float = HttpSettings().body_timeout_s
    body_idle_timeout_s: float = HttpSettings().body_idle_timeout_s
    max_bytes_in_flight: int = QueueSettings().max_bytes_in_flight
    retry_after_s: int = QueueSettings().retry_after_s
    key_hashes: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, api_key: str = "") -> "Figures":
        """Return what an application's settings ask for.

        Args:
            settings: Of the application.
            api_key: The key that clients must send; empty for none.
        """
        return cls(
            max_body_bytes=settings.limits.max_body_bytes,
            max_upload_bytes=settings.files.max_file_bytes + FORM_BYTES,
            body_timeout_s=settings.http.body_timeout_s,
            body_idle_timeout_s=settings.http.body_idle_timeout_s,
            max_bytes_in_flight=settings.queue.max_bytes_in_flight,
            retry_after_s=settings.queue.retry_after_s,
            key_hashes=(hash_of(api_key),) if api_key else (),
        )

    def largest(self, method: str, path: str) -> int:
        """Return the most bytes that the body of a request may have."""
        return self.max_upload_bytes if is_upload(method, path) else self.max_body_bytes

    def admit(self, authorization: str | None) -> bool:
        """Tell whether the Api would take a request with this Authorization header, or has no key."""
        return not self.key_hashes or hash_of(bearer_token(authorization)) in self.key_hashes


def hash_of(key: str) -> str:
    """Return a key as `Figures.key_hashes` has it."""
    return hashlib.sha256(key.encode()).hexdigest()


def publish(app_name: str, figures: Figures) -> None:
    """Make an application's figures known to all proxies of this Ray cluster."""
    from ray.experimental.internal_kv import _internal_kv_put

    _internal_kv_put(_PREFIX + app_name, json.dumps(asdict(figures)), overwrite=True, namespace=_NAMESPACE)


def read() -> Figures | None:
    """Return the figures of all applications together; None if there are none."""
    from ray.experimental.internal_kv import _internal_kv_get, _internal_kv_list

    found = [_internal_kv_get(key, namespace=_NAMESPACE) for key in _internal_kv_list(_PREFIX, namespace=_NAMESPACE)]
    all_figures = [Figures(**json.loads(value)) for value in found if value]
    return together(all_figures) if all_figures else None


def together(all_figures: list[Figures]) -> Figures:
    """Return for each figure the most generous."""
    return Figures(
        max_body_bytes=max(f.max_body_bytes for f in all_figures),
        max_upload_bytes=max(f.max_upload_bytes for f in all_figures),
        body_timeout_s=max(f.body_timeout_s for f in all_figures),
        body_idle_timeout_s=max(f.body_idle_timeout_s for f in all_figures),
        max_bytes_in_flight=max(f.max_bytes_in_flight for f in all_figures),
        retry_after_s=min(f.retry_after_s for f in all_figures),
        key_hashes=tuple(hashed for f in all_figures for hashed in f.key_hashes)
        if all(f.key_hashes for f in all_figures)
        else (),
    )


class PublishedFigures:
    """The figures as last read. Reading costs about 1 ms in another thread, so requests do not wait for it."""

    def __init__(self) -> None:
        self._figures = Figures()
        self._read_at = -_REFRESH_S
        self._reading: asyncio.Task[None] | None = None

    def current(self) -> Figures:
        """Return what is known, and begin to read again if that is old."""
        if time.monotonic() - self._read_at >= _REFRESH_S:
            self._begin()
        return self._figures

    async def fresh(self) -> Figures:
        """Return what is published now: before a body is refused by a limit that may have been raised."""
        reading = self._begin()
        await asyncio.wait([reading])
        return self._figures

    def _begin(self) -> "asyncio.Task[None]":
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        self._read_at = time.monotonic()
        try:
            found = await asyncio.wait_for(asyncio.to_thread(read), _READ_TIMEOUT_S)
        except Exception as error:
            log.warning("limits cannot be read", extra={"fields": {"error": f"{type(error).__name__}: {error}"[:200]}})
            return
        self._figures = found or Figures()
