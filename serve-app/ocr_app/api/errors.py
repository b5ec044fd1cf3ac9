"""Errors in OpenAI's format: `{"error": {"message", "type", "param", "code"}}`."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ocr_app.api.echo import MOST, clip, quote
from ocr_app.engine.types import RequestError

log = logging.getLogger("ocr_app.api")

_MESSAGE = 1_000
_PARAM = 100

_TYPES = {401: "authentication_error", 429: "rate_limit_error", 503: "service_unavailable", 504: "timeout"}


class ApiError(Exception):
    """An answer other than success.

    Args:
        status: HTTP status.
        message: What is wrong and how to fix it; shown to the client, so it must not hold secrets. Of the client's own
            text it has at most `echo.MOST` characters, together with `param`. Cut at 1,000 characters.
        param: Path of the field that is wrong; None if no field is. Cut at 100 characters.
        code: Machine-readable word.
        headers: Further response headers, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        message = clip(message, _MESSAGE)
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = None if param is None else clip(param, _PARAM)
        self.code = code
        self.headers = headers or {}

    @classmethod
    def from_request_error(cls, error: RequestError) -> "ApiError":
        """Return an engine's RequestError as an HTTP answer."""
        return cls(error.status, error.message, param=error.param, code=error.code)

    def body(self) -> dict[str, Any]:
        """Return the JSON object that OpenAI's clients expect."""
        default = "invalid_request_error" if self.status < 500 else "server_error"
        kind = _TYPES.get(self.status, default)
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """Return the whole HTTP answer."""
        return JSONResponse(self.body(), self.status, self.headers)


INTERNAL_ERROR_MESSAGE = "The service failed. Its logs have the details under the x-request-id of this answer."


def internal_error() -> ApiError:
    """Return the answer for a fault of the service; it has no details, because they could hold secrets."""
    return ApiError(500, INTERNAL_ERROR_MESSAGE, code="internal_error")


def overloaded(what: str, retry_after_s: int, *, close: bool = False) -> ApiError:
    """Return the answer for a request that finds no room.

    Args:
        what: Of what there is too much, to go on after "The service is busy: ".
        retry_after_s: Retry-After, in seconds.
        close: Whether a part of the body stays unread, so that the connection cannot carry another request.
    """
    headers = {"Retry-After": str(retry_after_s)} | ({"Connection": "close"} if close else {})
    return ApiError(429, f"The service is busy: {what}. Try again later.", code="overloaded", headers=headers)


def unknown_url(path: str, headers: dict[str, str] | None = None) -> ApiError:
    """Return the answer for a path that the service does not have."""
    message = f"Unknown path {quote(path, MOST // 2)}; /docs lists the paths of this service."
    return ApiError(404, message, code="unknown_url", headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of the app in OpenAI's format, also those of the framework."""
    app.add_exception_handler(ApiError, _handle_api_error)
    app.add_exception_handler(RequestError, _handle_request_error)
    app.add_exception_handler(HTTPException, _handle_framework_error)


async def _handle_api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - tells the type checker what Starlette guarantees
    return error.response()


async def _handle_request_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - as above
    return ApiError.from_request_error(error).response()


async def _handle_framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        return unknown_url(request.url.path, headers).response()
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = headers.get("Allow") or headers.get("allow", "another")
        if allowed == "GET":
            headers["Allow"] = allowed = "GET, HEAD"
        path = quote(request.url.path, MOST // 2)
        message = f"{path} does not accept {clip(request.method, 20)}; use {allowed}."
        return ApiError(405, message, code="method_not_allowed", headers=headers).response()
    return ApiError(error.status_code, str(error.detail), headers=headers).response()
