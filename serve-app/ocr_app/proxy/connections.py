"""Deadlines and a bound for the connections of uvicorn, which has neither for headers nor for slow readers.

uvicorn picks its protocol class by name; the class of that name is replaced by a subclass. It relies on asyncio's own
callbacks and on the few names in `_NEEDED`; tests/proxy/test_connections.py runs it with both of uvicorn's parsers.
"""

import asyncio
import resource
from dataclasses import dataclass
from typing import Any

from ocr_app.proxy.sockets import set_options

_NEEDED = ("connection_made", "connection_lost", "data_received", "pause_writing", "resume_writing")
_NEEDED_OF_UVICORN = ("on_response_complete", "timeout_keep_alive_handler")

_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of connections.

    Attributes:
        header_timeout_s: Longest time from the connection, or from a request's first byte, to the end of its headers.
        write_timeout_s: Longest time in which a client reads nothing of what waits for it.
        max_header_bytes: Largest head of a request, and largest trailers after a body.
        max_pipelined: Most requests that may wait on a connection for the answer to one before them.
        max_connections: Most connections; with more, the one that has been idle longest ends.
    """

    header_timeout_s: float = 15.0
    write_timeout_s: float = 60.0
    max_header_bytes: int = 64 * 1024
    max_pipelined: int = 16
    max_connections: int = 4096

    @classmethod
    def for_this_process(cls) -> "ConnectionLimits":
        """Return the defaults, with connections for at most half of the files that this process may open."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * cls().max_connections
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        open_files = wanted if soft == resource.RLIM_INFINITY else soft
        return cls(max_connections=min(cls().max_connections, open_files // 2))


def guard_uvicorn(limits: ConnectionLimits) -> None:
    """Let every uvicorn server that this process starts from now on keep these limits, and speak no WebSocket.

    Raises:
        RuntimeError: uvicorn's protocol class lacks what this code builds on.
    """
    from uvicorn import config
    from uvicorn.importer import import_from_string

    global GuardedProtocol
    base = import_from_string(config.HTTP_PROTOCOLS["auto"])
    if getattr(base, "guarded", False):
        return
    GuardedProtocol = guarded(base, limits)
    config.HTTP_PROTOCOLS["auto"] = f"{__name__}:GuardedProtocol"
    # No path of the service is a WebSocket; a request for one is answered as any other.
    config.WS_PROTOCOLS["auto"] = None


GuardedProtocol: Any = None
"""What uvicorn imports by name once `guard_uvicorn` was called."""


class _Open:
    """The connections of a process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: set[Any] = set()
        # In the order in which they became idle.
        self._idle: dict[Any, None] = {}

    def add(self, connection: Any) -> None:
        self._all.add(connection)
        self._idle[connection] = None
        if len(self._all) > self._most:
            # If none but the new one is idle, that is the one to go.
            oldest = next(iter(self._idle))
            del self._idle[oldest]
            oldest.transport.abort()

    def busy(self, connection: Any) -> None:
        self._idle.pop(connection, None)

    def idle(self, connection: Any) -> None:
        if connection in self._all:
            self._idle[connection] = None

    def remove(self, connection: Any) -> None:
        self._all.discard(connection)
        self._idle.pop(connection, None)


def guarded(base: Any, limits: ConnectionLimits) -> Any:
    """Return a subclass of one of uvicorn's HTTP protocol classes that keeps the limits."""
    missing = [name for name in (*_NEEDED, *_NEEDED_OF_UVICORN) if not callable(getattr(base, name, None))]
    if missing:
        raise RuntimeError(f"{base.__module__}.{base.__name__} has no {', '.join(missing)}")
    connections = _Open(limits.max_connections)
    # Only httptools has these callbacks; h11 has a limit of its own for headers and trailers.
    bounded = hasattr(base, "on_body")

    class Guarded(base):  # type: ignore[misc]
        guarded = True

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._header_timer: asyncio.TimerHandle | None = None
            self._write_timer: asyncio.TimerHandle | None = None
            self._unsent = 0
            self._unread = 0
            self._pipelined = 0
            if (connection := transport.get_extra_info("socket")) is not None:
                set_options(connection)
            connections.add(self)
            self._expect_headers()

        def connection_lost(self, exc: Exception | None) -> None:
            connections.remove(self)
            self._stop_header_timer()
            if self._write_timer is not None:
                self._write_timer.cancel()
                self._write_timer = None
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            self._unread += len(data)
            super().data_received(data)
            if self._answers():
                self._stop_header_timer()
                connections.busy(self)
            else:
                self._expect_headers()
            # Counted from the last piece of a body: what is left are headers or trailers, which uvicorn keeps
            # unbounded when it uses httptools. A read is at most 256 KiB, and the last may hold the end of a body.
            if bounded and self._unread > limits.max_header_bytes and not self.transport.is_closing():
                self._end(_TOO_LARGE)

        def on_headers_complete(self) -> None:
            # uvicorn parses all requests that it has read, hundreds in 64 KiB, before it answers the first.
            self._pipelined = self._pipelined + 1 if self._answers() else 0
            if self._pipelined > limits.max_pipelined:
                self.transport.abort()
                raise ValueError("too many requests at once on one connection")
            super().on_headers_complete()
            self._unread = 0

        def on_body(self, body: bytes) -> None:
            super().on_body(body)
            self._unread = 0

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self._answers():
                self._unread = 0
                connections.idle(self)
            self._watch_unsent()

        def timeout_keep_alive_handler(self) -> None:
            super().timeout_keep_alive_handler()
            self._watch_unsent()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._watch_unsent()

        def resume_writing(self) -> None:
            super().resume_writing()
            self._unsent = 2**63  # the client reads

        def _answers(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

        def _expect_headers(self) -> None:
            if self._header_timer is None:
                self._header_timer = self.loop.call_later(limits.header_timeout_s, self._headers_late)

        def _stop_header_timer(self) -> None:
            if self._header_timer is not None:
                self._header_timer.cancel()
                self._header_timer = None

        def _headers_late(self) -> None:
            self._header_timer = None
            if not self.transport.is_closing():
                self._end(_TOO_LATE if self._unread else b"")

        def _end(self, last_words: bytes) -> None:
            if self._answers() or self.transport.get_write_buffer_size():
                self.transport.abort()
                return
            if last_words:
                self.transport.write(last_words)
            self.transport.close()

        def _watch_unsent(self) -> None:
            """Begin to look whether the client reads what waits for it, also after the connection was closed here."""
            if self._write_timer is None and (size := self.transport.get_write_buffer_size()):
                self._unsent = size
                self._write_timer = self.loop.call_later(limits.write_timeout_s, self._check_unsent)

        def _check_unsent(self) -> None:
            self._write_timer = None
            size = self.transport.get_write_buffer_size()
            if size and size >= self._unsent:
                self.transport.abort()
            elif size:
                self._watch_unsent()

    if not bounded:
        del Guarded.on_body, Guarded.on_headers_complete
    return Guarded
