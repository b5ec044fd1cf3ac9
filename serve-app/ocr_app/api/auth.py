"""The optional API key. It comes from the environment, never from settings, and is never logged."""

import base64
import hmac
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ocr_app.api.azure.paths import KEY_HEADER, is_azure
from ocr_app.api.errors import ApiError
from ocr_app.api.files.signing import Judged

OPEN_PATHS = frozenset(("/health",))
"""Paths that are answered without a key, because load balancers and probes have none; they reveal no secret."""


class ApiKeyMiddleware:
    """Refuses requests without the key, before their body is read; `ocr_app.proxy` does not read it either.

    A browser cannot send `Authorization: Bearer` for a page such as /docs. It asks its user for a name and a password
    instead, and the password is the key. That way only reads: other sites can make a browser send it along.

    Args:
        app: The application behind.
        key: What clients send as `Authorization: Bearer KEY`.
        signed: Judges the signature of a URL that stands for the key, for one file; None for a request without one.
    """

    def __init__(self, app: ASGIApp, key: str, signed: Callable[[Scope], Judged | None]) -> None:
        self._app = app
        self._signed = signed
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http" and not self._is_open(scope):
            error = self._refusal(scope, reads=scope["method"] in ("GET", "HEAD"))
            if error is not None:
                await error.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        if scope["path"].removeprefix(scope.get("root_path", "")) in OPEN_PATHS:
            return True
        judged = self._signed(scope)
        return judged is not None and judged.state == "good"

    def _refusal(self, scope: Scope, *, reads: bool) -> ApiError | None:
        given, header = Headers(scope=scope), authorization_of(scope)
        browses = reads and "text/html" in given.get("accept", "")
        headers = {"WWW-Authenticate": 'Basic realm="the password is the API key"' if browses else "Bearer"}
        if header is None:
            message = "No API key: send it as the header `Authorization: Bearer KEY`."
            return ApiError(401, message, code="missing_api_key", headers=headers)
        # Compared in constant time: the time of the answer must not show how much of the key was right.
        token = bearer_token(header) or (_password(header) if reads else "")
        if hmac.compare_digest(token.encode(), self._key):
            return None
        return ApiError(401, "The API key is wrong.", code="invalid_api_key", headers=headers)


def authorization_of(scope: Scope) -> str | None:
    """Return the header Authorization of a request; Azure's clients send the key in a header of its own there."""
    headers = Headers(scope=scope)
    found = headers.get("authorization")
    key = headers.get(KEY_HEADER) if found is None and is_azure(scope["path"]) else None
    return found if key is None else f"Bearer {key}"


def bearer_token(header: str | None) -> str:
    """Return KEY of the header `Authorization: Bearer KEY`; empty if it is another one."""
    scheme, _, given = (header or "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def _password(header: str) -> str:
    """Return the password of the header `Authorization: Basic ...`; empty if it is another one."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
