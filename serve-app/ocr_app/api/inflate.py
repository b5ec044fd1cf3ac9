"""Bodies with a `Content-Encoding`, inflated piece by piece: a few bytes may stand for gigabytes."""

import asyncio
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from ocr_app.api.body import CLOSE, Room
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError

_GZIP = frozenset(("gzip", "x-gzip"))
_PIECE_BYTES = 2**20
_INPUT_BYTES = 2**16
"""Given to zlib at a time: at the end of a gzip member it copies what is left of it."""

_MOST_MEMBERS = 1_024
"""gzip members of one body. Blocked gzip (bgzip) has one for 64 KiB; empty ones by the million would cost seconds."""

_WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS

# One thread, so that however many bodies come, other requests keep the remaining cores. A piece is a few milliseconds.
_thread = ThreadPoolExecutor(1, "inflate")


def is_gzip(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether a body is gzip.

    Args:
        headers: Of the ASGI scope.

    Raises:
        ApiError: 415 for any other encoding, or for more than one. It closes the connection, as the body is not read.
    """
    given = ",".join(value.decode("latin-1") for name, value in headers if name.lower() == b"content-encoding")
    encodings = [word for part in given.split(",") if (word := part.strip().lower()) not in ("", "identity")]
    if not encodings:
        return False
    if len(encodings) == 1 and encodings[0] in _GZIP:
        return True
    raise ApiError(
        415,
        f"The header Content-Encoding is {quote(given, 60)}; accepted are gzip, identity (as it is) or no such header.",
        code="unsupported_encoding",
        headers={"Accept-Encoding": "gzip, identity", **CLOSE},
    )


async def inflate(body: bytes, *, limit: int, room: Room) -> bytes:
    """Return the content of a gzip body.

    Args:
        body: One gzip member or several, one after the other.
        limit: Most bytes of the content.
        room: Takes the content's bytes as they come, besides those of the body.

    Raises:
        ApiError: 400 if the body is not gzip, damaged or cut off; 413 past the limit; what `room` raises.
    """
    loop = asyncio.get_running_loop()
    content: list[bytes] = []
    size = 0
    pieces = _pieces(body)
    while (piece := await loop.run_in_executor(_thread, next, pieces, None)) is not None:
        size += len(piece)
        if size > limit:
            raise ApiError(
                413,
                f"The request body has more than {limit:,} bytes once it is decompressed, which is the limit.",
                code="request_too_large",
            )
        room.take(len(piece))
        content.append(piece)
    return b"".join(content)


def _pieces(body: bytes) -> Iterator[bytes]:
    """Yield the content in pieces of at most 1 MiB; an empty one where a piece of the body had none."""
    view = memoryview(body)
    at = 0
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(_WITH_GZIP_HEADER)
        while not member.eof:
            given = member.unconsumed_tail
            if not given:
                given = bytes(view[at : at + _INPUT_BYTES])
                at += len(given)
            try:
                piece = member.decompress(given, _PIECE_BYTES)
            except zlib.error as error:
                raise _damaged(str(error)) from None
            # Without input zlib may still have content that did not fit into the last piece.
            if not given and not piece and not member.eof:
                raise _damaged("it ends too early")
            yield piece
        at -= len(member.unused_data)
        if at == len(body):
            return
    raise _damaged(f"it has more than {_MOST_MEMBERS:,} members")


def _damaged(why: str) -> ApiError:
    message = f"The body is not valid gzip, which its header Content-Encoding says it is: {why}."
    return ApiError(400, message, code="invalid_gzip")
