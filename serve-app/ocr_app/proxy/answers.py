"""Serve's own bare answers, turned into errors in OpenAI's format."""

import asyncio
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.errors import ApiError, internal_error
from ocr_app.proxy.paths import HEALTH_PATH
from ocr_app.proxy.refuse import refuse

log = logging.getLogger("ocr_app.proxy")

_RETRY = {"Retry-After": "1"}
_MAX_TEXT = 200
_ROUTES_S = 10.0
_ROUTES_POLL_S = 0.05


class ServeAnswersMiddleware:
    """Replaces errors in plain text, which the application never sends, and answers where Serve says nothing.

    A proxy listens before it knows the application. For its first seconds it asks again instead of refusing; Serve has
    read nothing of the body by then.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._routes_by = time.monotonic() + _ROUTES_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"] == HEALTH_PATH:
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._app(scope, receive, answer.send)
            while answer.no_application and time.monotonic() < self._routes_by:
                await asyncio.sleep(_ROUTES_POLL_S)
                answer = _Answer(send)
                await self._app(scope, receive, answer.send)
        except Exception:
            if answer.started:
                raise
            log.exception("Serve's proxy failed")
            await refuse(internal_error(), scope, receive, send)
            return
        if answer.refused is not None:
            await refuse(answer.refused, scope, receive, send)
        elif not answer.started:
            # Serve ends without an answer when the replica of the front dies.
            message = "The service's front ended before it answered; send the request again."
            await refuse(ApiError(503, message, code="front_died", headers=_RETRY), scope, receive, send)


class _Answer:
    """Passes an answer on, unless it is one to replace.

    Attributes:
        started: Whether the client has a status.
        refused: What to answer instead.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._status = 0
        self.started = False
        self.refused: ApiError | None = None

    @property
    def no_application(self) -> bool:
        """Whether Serve has no application for the path."""
        return self.refused is not None and self._status == 404

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_error(message):
            self._status = message["status"]
            self.refused = _error(self._status, "")
        elif self.refused is None:
            self.started = True
            await self._send(message)
        elif text := message.get("body", b""):
            self.refused = _error(self._status, text.decode(errors="replace")[:_MAX_TEXT])


def _is_plain_error(message: Message) -> bool:
    if message["status"] < 400:
        return False
    return any(name == b"content-type" and value.startswith(b"text/plain") for name, value in message["headers"])


def _error(status: int, text: str) -> ApiError:
    if status in (404, 503):
        # 404: Serve has no application for the path, as in the first moment of a proxy. Clients try again after 503.
        message = "The service is starting or has no application under this path; send the request again."
        return ApiError(503, message, code="not_ready", headers=_RETRY)
    if status >= 500:
        return ApiError(status, internal_error().message, code="internal_error")
    return ApiError(status, text or "The request was refused.", code="refused")
