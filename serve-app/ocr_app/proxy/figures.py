"""The limits of bodies, which each Api publishes when it starts and the proxies read.

The settings are arguments of the Serve application, so that a change of them needs no new pods; a proxy does not get
these arguments. Ray's key-value store is what both have.
"""

import asyncio
import json
import logging
import time
from dataclasses import asdict, dataclass

from ocr_app.settings import HttpSettings, Settings

log = logging.getLogger("ocr_app.proxy")

_NAMESPACE = "ocr_app"
_PREFIX = "proxy_figures:"
_REFRESH_S = 10.0
_READ_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Limits of request bodies.

    Attributes:
        max_body_bytes: Largest body. While no Api has said, the most that gRPC carries to one; the Api decides then.
        body_timeout_s: Longest time for a whole body, in seconds.
        body_idle_timeout_s: Longest time between two pieces of a body, in seconds.
    """

    max_body_bytes: int = 2**31 - 2**20
    body_timeout_s: float = HttpSettings().body_timeout_s
    body_idle_timeout_s: float = HttpSettings().body_idle_timeout_s

    @classmethod
    def from_settings(cls, settings: Settings) -> "Figures":
        """Return what an application's settings ask for."""
        return cls(
            max_body_bytes=settings.limits.max_body_bytes,
            body_timeout_s=settings.http.body_timeout_s,
            body_idle_timeout_s=settings.http.body_idle_timeout_s,
        )


def publish(app_name: str, figures: Figures) -> None:
    """Make an application's figures known to all proxies of this Ray cluster."""
    from ray.experimental.internal_kv import _internal_kv_put

    _internal_kv_put(_PREFIX + app_name, json.dumps(asdict(figures)), overwrite=True, namespace=_NAMESPACE)


def read() -> Figures | None:
    """Return the figures of all applications together, each the most generous; None if there are none."""
    from ray.experimental.internal_kv import _internal_kv_get, _internal_kv_list

    found = [_internal_kv_get(key, namespace=_NAMESPACE) for key in _internal_kv_list(_PREFIX, namespace=_NAMESPACE)]
    all_figures = [Figures(**json.loads(value)) for value in found if value]
    if not all_figures:
        return None
    return Figures(
        max_body_bytes=max(f.max_body_bytes for f in all_figures),
        body_timeout_s=max(f.body_timeout_s for f in all_figures),
        body_idle_timeout_s=max(f.body_idle_timeout_s for f in all_figures),
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
