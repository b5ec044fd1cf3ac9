"""Which of Ray Serve's own paths, all below `/-/`, the proxy answers."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ocr_app.api.errors import ApiError
from ocr_app.proxy.refuse import refuse

HEALTH_PATH = "/-/healthz"
"""Answered without a key: probes of KubeRay and of load balancers have none. It says "success" or why not."""


class PathsMiddleware:
    """Closes `/-/routes`, which lists applications without a key, and all else that Serve may add below `/-/`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            path = scope["path"]
            if path.startswith("/-/") and not (path == HEALTH_PATH and scope["method"] in ("GET", "HEAD")):
                message = f"Unknown path {path[:100]}; /docs lists the paths of this service."
                await refuse(ApiError(404, message, code="unknown_url"), scope, receive, send)
                return
        await self._app(scope, receive, send)
