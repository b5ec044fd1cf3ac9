"""Server-sent events, as OpenAI sends them."""

import json
from typing import Any

from starlette.types import Send

KEEP_ALIVE = b": keep-alive\n\n"
DONE = b"data: [DONE]\n\n"


def event(data: dict[str, Any]) -> bytes:
    """Return an object as one event."""
    return b"data: " + json.dumps(data, separators=(",", ":")).encode() + b"\n\n"


class SseWriter:
    """Writes events to a client; the response starts with the first of them.

    Attributes:
        started: Whether anything, and so the status 200, has been sent.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def write(self, data: bytes, *, last: bool = False) -> None:
        """Send bytes that are whole events or comments."""
        if not self.started:
            self.started = True
            headers = [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-cache"),
                # Proxies such as nginx would collect the events otherwise.
                (b"x-accel-buffering", b"no"),
            ]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})
