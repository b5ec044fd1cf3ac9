"""Whole bodies before Serve: a body that never arrives holds neither a slot of Serve nor one of the Api."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.body import read_body
from ocr_app.api.disconnect import ClientGone
from ocr_app.api.errors import ApiError
from ocr_app.proxy.figures import PublishedFigures
from ocr_app.proxy.refuse import refuse
from ocr_app.proxy.waiting import Place, Waiting


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
            with self._waiting.place() as place:
                body = await self._read(scope, receive, declared, place)
                self._waiting.arrived(place)
                await self._app(scope, _replay(body, receive), send)
        except ApiError as error:
            await refuse(error, scope, receive, send)
        except ClientGone:
            return

    async def _read(self, scope: Scope, receive: Receive, declared: int | None, place: Place) -> bytes:
        figures = self._figures.current()
        if declared is None or declared > figures.max_body_bytes:
            # The limit may have been raised a moment ago.
            figures = await self._figures.fresh()
        body: bytes | None = None
        with place.scope:
            body = await read_body(
                receive, scope["headers"], limit=figures.max_body_bytes, deadlines=figures, room=place
            )
        if body is None or place.evicted:
            raise ApiError(
                503,
                "The service is busy, and this body had sent nothing for a while. Try again later.",
                code="overloaded",
                headers={"Retry-After": "1", "Connection": "close"},
            )
        return body


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
