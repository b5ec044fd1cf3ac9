"""Whole bodies before Serve: a body that never arrives holds neither a slot of Serve nor one of the Api."""

import anyio
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.errors import ApiError
from ocr_app.proxy.figures import PublishedFigures
from ocr_app.proxy.refuse import refuse
from ocr_app.proxy.waiting import Place, Waiting

_CLOSE = {"Connection": "close"}
"""What is left of the body stays unread, so the connection cannot carry another request."""


class BodyMiddleware:
    """Reads the body of a request before it calls the application; a request without one passes at once.

    After the body the application receives from the server itself, so that it learns when the client leaves.

    Args:
        app: Serve's proxy.
        figures: Limits of a body.
        waiting: Limits of all bodies together.
    """

    def __init__(self, app: ASGIApp, figures: PublishedFigures, waiting: Waiting | None = None) -> None:
        self._app = app
        self._figures = figures
        self._waiting = waiting or Waiting()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        declared = _declared_size(scope)
        if declared == 0:
            await self._app(scope, receive, send)
            return
        try:
            with self._waiting.place(anyio.current_time() + self._figures.current().idle_timeout_s) as place:
                body = await self._read(receive, declared, place)
                self._waiting.arrived(place)
                await self._app(scope, _replay(body, receive), send)
        except ApiError as error:
            await refuse(error, scope, receive, send)
        except ClientDisconnect:
            return

    async def _read(self, receive: Receive, declared: int | None, place: Place) -> bytes:
        """Return the body; raise ApiError 408, 413 or 503, or ClientDisconnect."""
        await self._check_size(declared or 0)
        figures = self._figures.current()
        end = anyio.current_time() + figures.total_timeout_s
        body = bytearray()
        with place.scope as scope:
            more = True
            while more:
                scope.deadline = min(anyio.current_time() + figures.idle_timeout_s, end)
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                chunk = message.get("body", b"")
                self._waiting.add(place, len(chunk))
                more = message.get("more_body", False)
                if not more and not body:
                    await self._check_size(len(chunk))
                    return bytes(chunk)
                body += chunk
                if len(body) > figures.max_body_bytes:
                    await self._check_size(len(body))
        if place.evicted:
            message_text = "The service is busy, and this body had sent nothing for a while. Try again later."
            raise ApiError(503, message_text, code="overloaded", headers={"Retry-After": "1", **_CLOSE})
        if scope.cancelled_caught:
            late = anyio.current_time() >= end
            limit = figures.total_timeout_s if late else figures.idle_timeout_s
            what = "did not arrive whole" if late else "sent nothing more"
            raise ApiError(408, f"The request body {what} within {limit:g} s.", code="body_timeout", headers=_CLOSE)
        return bytes(body)

    async def _check_size(self, size: int) -> None:
        if size <= self._figures.current().max_body_bytes:
            return
        limit = (await self._figures.fresh()).max_body_bytes
        if size > limit:
            message = f"The request body has {size:,} bytes or more; at most {limit:,} are accepted."
            raise ApiError(413, message, code="request_too_large", headers=_CLOSE)


def _declared_size(scope: Scope) -> int | None:
    """Return the size of the body that the headers announce; None if it is chunked."""
    if scope["type"] != "http":
        return 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            # The server's parser has checked it; what it would let through has no size.
            return int(value) if value.isdigit() else None
    return 0


def _replay(body: bytes, receive: Receive) -> Receive:
    message: Message | None = {"type": "http.request", "body": body, "more_body": False}

    async def replay() -> Message:
        nonlocal message
        if message is None:
            return await receive()
        first, message = message, None
        return first

    return replay
