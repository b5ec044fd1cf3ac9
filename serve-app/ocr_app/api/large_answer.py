"""Answers that may be large: written page by page, sent piece by piece, so that neither holds up other requests."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.types import Send

_PIECE_BYTES = 2**20
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
    for at in range(0, max(len(body), 1), _PIECE_BYTES):
        if at:
            await asyncio.sleep(_PAUSE_S)
        more = at + _PIECE_BYTES < len(body)
        await send({"type": "http.response.body", "body": body[at : at + _PIECE_BYTES], "more_body": more})
