"""Answers that may be large: written page by page, sent piece by piece, so that neither holds up other requests."""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from typing import Any

from starlette.types import Send

PIECE_BYTES = 2**20
_PAUSE_S = 0.01
"""Between two pieces, as in `ocr_app.proxy.bodies`: what comes faster piles up before other answers."""


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def json_list(items: Iterable[bytes]) -> bytes:
    """Return a list as JSON, from its items in JSON."""
    return b"[" + b",".join(items) + b"]"


async def send_large(body: bytes, send: Send, media_type: str, headers: Mapping[str, str] | None = None) -> None:
    """Send an answer with status 200.

    Args:
        body: All of it.
        send: Of ASGI.
        media_type: Of the body.
        headers: Further ones, in ASCII.
    """
    given = {"content-type": media_type, "content-length": str(len(body)), **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    await send_pieces(_pieces(body), len(body), send)


async def send_pieces(pieces: AsyncIterable[bytes], size: int, send: Send) -> None:
    """Send a body piece by piece, after the headers.

    Args:
        pieces: Of `PIECE_BYTES` at most; a body of no bytes is one empty piece.
        size: Of all of them.
        send: Of ASGI.
    """
    async for piece in pieces:
        size -= len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": size > 0})
        if size:
            await asyncio.sleep(_PAUSE_S)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, max(len(body), 1), PIECE_BYTES):
        yield body[at : at + PIECE_BYTES]
