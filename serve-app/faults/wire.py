"""HTTP by hand: sends whatever bytes an attack needs, and reads what comes back."""

import selectors
import socket
import time
from dataclasses import dataclass
from typing import Literal

_READ_BYTES = 65_536
_QUIET_S = 1.0


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response.

    Attributes:
        status: Its status.
        head: Status line and headers.
        body: Its body, put together if it came in chunks.
        complete: Whether the end of the body came.
    """

    status: int
    head: bytes
    body: bytes
    complete: bool

    def header(self, name: str) -> list[str]:
        """Return every value of a header."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [value.strip().decode("latin-1") for found, _, value in lines if found.lower() == name.encode()]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came back on one connection.

    Attributes:
        responses: Every response, in order.
        raw: All bytes.
        seconds: From the connection to the end of the first response, or to the end of the connection.
        ended: How: the first response was complete, the server closed or reset the connection, or time was up.
    """

    responses: tuple[Response, ...]
    raw: bytes
    seconds: float
    ended: Literal["complete", "closed", "reset", "timeout"]

    @property
    def status(self) -> int | None:
        """Status of the first response; None without any."""
        return self.responses[0].status if self.responses else None


def responses(raw: bytes) -> tuple[Response, ...]:
    """Take the bytes of a connection apart; the last response may be incomplete, what is no HTTP ends the list."""
    found = []
    while raw.startswith(b"HTTP/1."):
        head, end, rest = raw.partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        if not end or len(words) < 2 or not words[1].isdigit():
            break
        one = Response(int(words[1]), head, b"", False)
        size, complete = _body_size(one, rest)
        body = _joined(rest[:size]) if _is_chunked(one) else rest[:size]
        found.append(Response(one.status, head, body, complete))
        if one.status == 100:
            found.pop()
        raw = rest[size:]
    return tuple(found)


def _body_size(response: Response, rest: bytes) -> tuple[int, bool]:
    if _is_chunked(response):
        end = 0 if rest.startswith(b"0\r\n\r\n") else rest.find(b"\r\n0\r\n\r\n") + 2
        return (end + 5, True) if end != 1 else (len(rest), False)
    length = response.header("content-length")
    if length and length[0].isdigit():
        return min(int(length[0]), len(rest)), len(rest) >= int(length[0])
    without = response.status in (100, 204, 304)
    return (0, True) if without else (len(rest), False)


def _is_chunked(response: Response) -> bool:
    return "chunked" in "".join(response.header("transfer-encoding"))


def _joined(chunks: bytes) -> bytes:
    body = bytearray()
    while True:
        size, end, rest = chunks.partition(b"\r\n")
        try:
            length = int(size, 16)
        except ValueError:
            return bytes(body)
        if not end or not length:
            return bytes(body)
        body += rest[:length]
        chunks = rest[length + 2 :]


def exchange(port: int, data: bytes, *, timeout_s: float = 60.0, all_of_it: bool = False) -> Exchange:
    """Send bytes on a new connection, reading at the same time, since a server may refuse before it has read all.

    Args:
        port: On 127.0.0.1.
        data: What to send.
        timeout_s: Longest time in seconds.
        all_of_it: Read on after the first response until nothing comes for a second, to see a second response.
    """
    began = time.perf_counter()
    connection = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
    connection.setblocking(False)
    raw = bytearray()
    rest = memoryview(data)
    ended: Literal["complete", "closed", "reset", "timeout"] = "timeout"
    seconds = 0.0
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while (left := began + timeout_s - time.perf_counter()) > 0:
                ready = selector.select(min(left, _QUIET_S))
                if not ready and seconds:
                    break
                for _, events in ready:
                    if events & selectors.EVENT_WRITE:
                        rest = _send(connection, rest)
                        if not rest:
                            selector.modify(connection, selectors.EVENT_READ)
                    if events & selectors.EVENT_READ:
                        piece = connection.recv(_READ_BYTES)
                        raw += piece
                        if not piece:
                            ended = "closed"
                if ended == "closed":
                    break
                if not seconds and _first_is_complete(raw):
                    seconds, ended = time.perf_counter() - began, "complete"
                    if not all_of_it:
                        break
    except OSError:
        ended = "complete" if seconds else "reset"
    finally:
        connection.close()
    return Exchange(responses(bytes(raw)), bytes(raw), seconds or time.perf_counter() - began, ended)


def _send(connection: socket.socket, rest: memoryview) -> memoryview:
    try:
        return rest[connection.send(rest[: 2**20]) :]
    except BlockingIOError:
        return rest
    except OSError:
        # The server reads no more; what it has answered may still be read.
        return rest[len(rest) :]


def _first_is_complete(raw: bytearray) -> bool:
    if b"\r\n\r\n" not in raw:
        return False
    found = responses(bytes(raw))
    return bool(found) and found[0].complete


def request(
    body: bytes, *, key: str = "", path: str = "/v1/chat/completions", method: str = "POST", more: str = ""
) -> bytes:
    """Return the bytes of a request; `more` are header lines, each with its line end."""
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{authorization}{more}Connection: close\r\n\r\n"
    )
    return head.encode() + body
