"""Request ids, and one JSON log line for each request, without its content."""

import json
import logging
import re
import sys
import time
import uuid
from datetime import datetime, timezone
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.echo import clip
from ocr_app.api.errors import internal_error

log = logging.getLogger("ocr_app.api")

_FIELD = 300
_TEXT = 8_000
"""Longest message and traceback in a log line, in characters; other fields end at 300."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def request_id_of(given: str) -> str:
    """Return the client's id if it is short and of safe characters, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def log_fields(scope: Scope) -> dict[str, Any]:
    """Return the request's fields for its log line, to be added to; never put content or keys there."""
    fields: dict[str, Any] = scope.setdefault("ocr_app.log", {})
    return fields


class ObserveMiddleware:
    """Gives each request an id and logs how it went.

    The id is the client's own `x-request-id` if that is 1 to 128 letters, digits or `._:-`, else a new one. It is the
    only one in the answer's headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = request_id_of(Headers(scope=scope).get("x-request-id", ""))
        fields = log_fields(scope)
        fields.update(request_id=request_id, method=scope["method"], path=scope["path"])
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        level = logging.INFO
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            level = logging.ERROR
            fields["error"] = type(error).__name__
            log.exception("unexpected error", extra={"fields": {"request_id": request_id}})
            if status is None:
                await internal_error().response()(scope, receive, send_with_id)
        finally:
            fields["status"] = status
            fields["ms"] = round(1000 * (time.perf_counter() - started), 1)
            quiet = scope["path"].endswith(("/health", "/metrics"))
            log.log(logging.DEBUG if quiet else level, "request", extra={"fields": fields})


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON, which a client's text cannot make long."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clip(record.getMessage(), _TEXT),
        }
        for name, value in getattr(record, "fields", {}).items():
            line[name] = clip(value, _FIELD) if isinstance(value, str) else value
        if record.exc_info:
            line["traceback"] = clip(self.formatException(record.exc_info), _TEXT)
        return json.dumps(line, default=str)


def configure_logging(level: str) -> None:
    """Send the package's logs to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("ocr_app")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
