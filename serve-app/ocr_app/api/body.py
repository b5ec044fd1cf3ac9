"""Request bodies, up to a limit and within deadlines. Nothing here needs a web framework: ASGI in, bytes out."""

import asyncio
import io
import time
from collections.abc import AsyncGenerator, Iterable
from typing import Protocol

import anyio
from starlette.types import Receive

from ocr_app.api.disconnect import ClientGone
from ocr_app.api.errors import ApiError

CLOSE = {"Connection": "close"}
"""For answers that leave a part of the body unread, so that the connection cannot carry another request."""

_MESSAGES_A_TURN = 64
_PIECE_BYTES = 2**20


class Deadlines(Protocol):
    """How long a body may take."""

    @property
    def body_timeout_s(self) -> float:
        """Longest time for all of it, in seconds."""

    @property
    def body_idle_timeout_s(self) -> float:
        """Longest time between two pieces of it, in seconds."""


class Room(Protocol):
    """Room for one body among those that are held."""

    def take(self, count: int) -> None:
        """Hold so many bytes more; raise ApiError if there is no room for them."""


async def read_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, limit: int, deadlines: Deadlines, room: Room
) -> bytes:
    """Return the whole body in one piece; takes and raises what `read_pieces` does."""
    # Grows in place and is returned without a copy: to join 32 MB in the end would hold the event loop for 25 ms.
    whole = io.BytesIO()
    async for chunk, more in read_chunks(receive, headers, limit=limit, deadlines=deadlines):
        room.take(len(chunk))
        if not more and not whole.tell():
            return chunk
        whole.write(chunk)
    return whole.getvalue()


async def read_pieces(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, limit: int, deadlines: Deadlines, room: Room
) -> list[bytes]:
    """Return the whole body in pieces of about 1 MiB; read nothing if Content-Length is already over the limit.

    Args:
        receive: The ASGI callable.
        headers: Of the ASGI scope.
        limit: Most bytes.
        deadlines: How long it may take.
        room: Takes each byte as it comes.

    Raises:
        ApiError: 400 if Content-Length is not a number, 408 past a deadline, 413 past the limit; what `room`
            raises. But for the first, they close the connection.
        ClientGone: The client closed the connection before the end of the body.
    """
    pieces: list[bytes] = []
    last = bytearray()
    size = 0
    async for chunk, more in read_chunks(receive, headers, limit=limit, deadlines=deadlines):
        room.take(len(chunk))
        if not more and not size:
            return [chunk]
        size += len(chunk)
        # Chunks may be of one byte each; an object for each of them would take 40 times their size.
        last += chunk
        if len(last) >= _PIECE_BYTES or not more:
            pieces.append(bytes(last))
            last = bytearray()
    return pieces


async def read_chunks(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, limit: int, deadlines: Deadlines
) -> AsyncGenerator[tuple[bytes, bool], None]:
    """Give a body's chunks as they come, each with whether more follow.

    Takes and raises what `read_pieces` does, without room.
    """
    _check_length(headers, limit)
    end = time.monotonic() + deadlines.body_timeout_s
    size = messages = 0
    more = True
    while more:
        left = end - time.monotonic()
        idle = min(deadlines.body_idle_timeout_s, left)
        try:
            with anyio.fail_after(max(idle, 0)):
                message = await receive()
        except TimeoutError:
            raise _too_slow(size, deadlines, all_of_it=left <= deadlines.body_idle_timeout_s) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size > limit:
            raise _too_large(size, limit)
        yield chunk, more
        messages += 1
        if more and messages % _MESSAGES_A_TURN == 0:
            # Chunks that are there already come without a pause, also past the deadline.
            await asyncio.sleep(0)
            if time.monotonic() >= end:
                raise _too_slow(size, deadlines, all_of_it=True)


def _check_length(headers: Iterable[tuple[bytes, bytes]], limit: int) -> None:
    declared = next((value for name, value in headers if name.lower() == b"content-length"), None)
    if declared is None:
        return
    if not declared.isdigit():
        raise ApiError(400, "Content-Length is not a number.", code="invalid_header")
    digits = declared.lstrip(b"0") or b"0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise _too_large(int(digits[:18]), limit)


def _too_large(size: int, limit: int) -> ApiError:
    return ApiError(
        413,
        f"The request body has {size:,} bytes or more; at most {limit:,} are accepted.",
        code="request_too_large",
        headers=CLOSE,
    )


def _too_slow(size: int, deadlines: Deadlines, *, all_of_it: bool) -> ApiError:
    if all_of_it:
        reason = f"did not arrive within {deadlines.body_timeout_s:g} s"
    else:
        reason = f"stopped: nothing more of it came within {deadlines.body_idle_timeout_s:g} s"
    return ApiError(408, f"The request body {reason}; {size:,} bytes came.", code="body_timeout", headers=CLOSE)
