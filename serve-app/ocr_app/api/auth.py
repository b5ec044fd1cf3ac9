"""The optional API key. It comes from the environment, never from settings, and is never logged."""

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ocr_app.api.errors import ApiError

OPEN_PATHS = frozenset(("/health",))
"""Paths that are answered without a key, because load balancers and probes have none; they reveal no secret."""


class ApiKeyMiddleware:
    """Refuses requests without the key, before their body is read; `ocr_app.proxy` does not read it either.

    Args:
        app: The application behind.
        key: What clients send as `Authorization: Bearer KEY`.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) not in OPEN_PATHS:
            error = self._refusal(Headers(scope=scope).get("authorization"))
            if error is not None:
                await error.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, header: str | None) -> ApiError | None:
        headers = {"WWW-Authenticate": "Bearer"}
        if header is None:
            message = "No API key: send it as the header `Authorization: Bearer KEY`."
            return ApiError(401, message, code="missing_api_key", headers=headers)
        # Compared in constant time: the time of the answer must not show how much of the key was right.
        if hmac.compare_digest(bearer_token(header).encode(), self._key):
            return None
        return ApiError(401, "The API key is wrong.", code="invalid_api_key", headers=headers)


def bearer_token(header: str | None) -> str:
    """Return KEY of the header `Authorization: Bearer KEY`; empty if it is another one."""
    scheme, _, given = (header or "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""
