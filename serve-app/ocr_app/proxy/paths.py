"""Which paths reach Ray Serve: its own are all below `/-/`."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ocr_app.api.errors import unknown_url
from ocr_app.proxy.refuse import refuse

HEALTH_PATH = "/-/healthz"
"""Answered without a key: probes of KubeRay and of load balancers have none. It says "success" or why not."""


class PathsMiddleware:
    """Closes `/-/routes`, which lists applications without a key, and all else that Serve may add below `/-/`.

    Also what is no path, such as `OPTIONS *`, for which Serve finds no application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            path = scope["path"]
            if not _is_open(path, scope["method"]):
                await refuse(unknown_url(path), scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_open(path: str, method: str) -> bool:
    if path.startswith("/-/"):
        return path == HEALTH_PATH and method in ("GET", "HEAD")
    return path.startswith("/")
