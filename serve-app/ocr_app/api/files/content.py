"""Sends the content of a file."""

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.files.door import Files
from ocr_app.api.files.problems import not_found
from ocr_app.api.files.record import Resolved, StoredFile
from ocr_app.api.large_answer import PIECE_BYTES, send_pieces


class FileContent(Response):
    """A file as an attachment, which no browser runs: whoever uploaded it chose its media type.

    Ray Serve takes all of an answer at once and holds what its client does not read. So the bytes of all files on their
    way are counted (`Files.sending`) until Serve says that the client has the answer or is gone.

    Args:
        files: The store.
        found: The file.
    """

    def __init__(self, files: Files, found: Resolved) -> None:
        super().__init__()
        self._files = files
        self._found = found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the whole file; raise ApiError 404 if it is gone by now, 429 if too many are being sent."""
        record = self._found.record
        with self._files.sending.lease() as lease:
            lease.take(record.size)
            try:
                file = await asyncio.to_thread(self._found.path.open, "rb")
            except FileNotFoundError:
                raise not_found(record.id) from None
            with file:
                await send({"type": "http.response.start", "status": 200, "headers": _headers(self._found.record)})
                await send_pieces(pieces_of(file, record.size), record.size, send)
            while (await receive())["type"] != "http.disconnect":
                pass


def _headers(record: StoredFile) -> list[tuple[bytes, bytes]]:
    headers = {
        # Not its own type, which its client chose; and Mistral's SDK takes no other.
        "content-type": "application/octet-stream",
        "content-length": str(record.size),
        "content-disposition": f"attachment; filename*=UTF-8''{quote(record.filename, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def pieces_of(file: BinaryIO, left: int) -> AsyncIterator[bytes]:
    """Read so many bytes of a file, piece by piece."""
    while left > 0:
        piece = await asyncio.to_thread(file.read, min(left, PIECE_BYTES))
        if not piece:
            raise OSError("a stored file is shorter than its record says")
        left -= len(piece)
        yield piece
