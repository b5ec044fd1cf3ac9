"""Request headers that are not the client's to set, and the one request id."""

import os

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.observe import request_id_of

_ID = b"x-request-id"

# What Serve 2.60 obeys when a client sends it; see setup_request_context_and_handle and send_request_to_replica in
# ray/serve/_private/proxy.py. Serve treats - and _ alike in the first two, so all are compared with _.
_SERVE_HEADERS = frozenset(
    (
        b"serve_multiplexed_model_id",
        os.environ.get("RAY_SERVE_SESSION_ID_HEADER_KEY", "x-session-id").lower().replace("-", "_").encode(),
        b"x_request_timeout_seconds",
        b"x_request_disconnect_disabled",
    )
)
_SERVE_PREFIX = b"x_serve_router_"


class HeadersMiddleware:
    """Cleans the headers before Serve reads and logs them, and sends exactly one `x-request-id` back.

    The id is the client's own if it is valid, else a new one; the Api logs the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = b""
        kept: list[tuple[bytes, bytes]] = []
        for name, value in scope["headers"]:
            if name == _ID:
                given = given or value
            elif not _is_serves_own(name):
                kept.append((name, value))
        request_id = request_id_of(given.decode("latin-1")).encode()
        kept.append((_ID, request_id))
        scope["headers"] = kept

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [header for header in message.get("headers", ()) if header[0].lower() != _ID]
                message["headers"] = [*headers, (_ID, request_id)]
            await send(message)

        await self._app(scope, receive, send_with_id)


def _is_serves_own(name: bytes) -> bool:
    # Serve decodes every name; one that is not ASCII would end in an error without an answer.
    if not name.isascii():
        return True
    plain = name.replace(b"-", b"_")
    return plain in _SERVE_HEADERS or plain.startswith(_SERVE_PREFIX)
