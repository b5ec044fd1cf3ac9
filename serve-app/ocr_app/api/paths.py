"""Requests for a path in other words: `HEAD`, and slashes that a base URL has too many of."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SLASHES = re.compile("/{2,}")


class PathsMiddleware:
    """Answers `HEAD` as `GET` without the body, and `/v1//models/` as `/v1/models`.

    Clients join a base URL that ends with a slash and a path that begins with one. It lies outside of everything that
    looks at a path, the key's check among them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root: str = scope.get("root_path", "")
        path: str = scope["path"]
        if path.startswith(root):
            scope["path"] = root + (_SLASHES.sub("/", path[len(root) :]).rstrip("/") or "/")
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, send_head)
