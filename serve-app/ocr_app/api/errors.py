"""Errors in OpenAI's format: `{"error": {"message", "type", "param", "code"}}`, whatever went wrong."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ocr_app.engine.types import RequestError

log = logging.getLogger("ocr_app.api")

_TYPES = {401: "authentication_error", 429: "rate_limit_error", 503: "service_unavailable", 504: "timeout"}


class ApiError(Exception):
    """An answer other than success.

    Args:
        status: HTTP status.
        message: What is wrong and how to mend it; shown to the client, so free of secrets.
        param: Path of the field at fault, None where there is none.
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
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = headers or {}

    @classmethod
    def from_request_error(cls, error: RequestError) -> "ApiError":
        """The same error, as an HTTP answer."""
        return cls(error.status, error.message, param=error.param, code=error.code)

    def body(self) -> dict[str, Any]:
        """Return the JSON object that OpenAI's clients expect."""
        default = "invalid_request_error" if self.status < 500 else "server_error"
        kind = _TYPES.get(self.status, default)
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """Return the whole HTTP answer."""
        return JSONResponse(self.body(), self.status, self.headers)


INTERNAL_ERROR_MESSAGE = "Something went wrong in the service; its logs say more under this request's x-request-id."


def internal_error() -> ApiError:
    """Return what a client learns of a fault that is ours: nothing that could hold a secret."""
    return ApiError(500, INTERNAL_ERROR_MESSAGE, code="internal_error")


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of the app, the framework's own too, an OpenAI-format answer."""
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
        message = f"There is nothing at {request.url.path}; see /docs for what there is."
        return ApiError(404, message, code="unknown_url", headers=headers).response()
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = headers.get("Allow") or headers.get("allow", "another")
        message = f"{request.url.path} does not take {request.method}; use {allowed}."
        return ApiError(405, message, code="method_not_allowed", headers=headers).response()
    return ApiError(error.status_code, str(error.detail), headers=headers).response()
