"""Answers that the proxy gives itself, each with a line in its log, since the Api never sees the request."""

import logging

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ocr_app.api.errors import ApiError

log = logging.getLogger("ocr_app.proxy")


async def refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with an error in OpenAI's format."""
    fields = {
        "request_id": Headers(scope=scope).get("x-request-id"),
        "method": scope["method"],
        "path": scope["path"][:200],
        "status": error.status,
        "code": error.code,
    }
    log.info("request", extra={"fields": fields})
    await error.response()(scope, receive, send)
