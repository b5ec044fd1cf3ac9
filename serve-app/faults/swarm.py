"""Many connections that one client holds, each stuck somewhere."""

import contextlib
import resource
import socket
import struct
import time
from types import TracebackType

from faults.case import Skipped

_SPARE_FDS = 256


class Swarm:
    """Connections that are open at once; closed at the end of a `with` block.

    Args:
        port: On 127.0.0.1.
        count: How many.
        first: What each sends at once.
        pause_s: Time between two of them, in seconds.
    """

    def __init__(self, port: int, count: int, first: bytes = b"", pause_s: float = 0) -> None:
        _allow_fds(count + _SPARE_FDS)
        self.refused = 0
        self._open: list[socket.socket] = []
        for _ in range(count):
            time.sleep(pause_s)
            try:
                connection = socket.create_connection(("127.0.0.1", port), timeout=10)
                connection.setblocking(False)
                if first:
                    connection.send(first)
                self._open.append(connection)
            except OSError:
                self.refused += 1

    def __enter__(self) -> "Swarm":  # noqa: D105
        return self

    def __exit__(  # noqa: D105
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def dribble(self, data: bytes) -> None:
        """Send some more on each that is still open."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.send(data)

    def send_all(self, data: bytes) -> None:
        """Send all of it on each, however long the server takes to read it."""
        for connection in self._open:
            connection.settimeout(30)
            with contextlib.suppress(OSError):
                connection.sendall(data)
            connection.setblocking(False)

    def still_open(self) -> int:
        """Drop those that the server has closed; return how many it has not."""
        left = []
        for connection in self._open:
            if _is_open(connection):
                left.append(connection)
            else:
                connection.close()
        self._open = left
        return len(left)

    def reset(self) -> None:
        """End every connection with a reset instead of a close, as a client does whose machine crashed."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Close what is open."""
        for connection in self._open:
            connection.close()
        self._open = []


def _is_open(connection: socket.socket) -> bool:
    try:
        while connection.recv(65_536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _allow_fds(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Skipped(f"a process may open {hard:,} files here (ulimit -Hn), and this needs {count:,}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
