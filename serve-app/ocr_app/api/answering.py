"""What every request that has pages read goes through: room for its body, a slot, its log line, its outcome."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.body import read_body
from ocr_app.api.budget import Lease
from ocr_app.api.context import Service
from ocr_app.api.disconnect import ClientGone, until_disconnect
from ocr_app.api.errors import ApiError
from ocr_app.api.inflate import inflate, is_gzip
from ocr_app.api.metrics import outcome_of
from ocr_app.api.observe import log_fields
from ocr_app.engine.types import RequestError

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


class Answering(Response):
    """Does the work while it answers, so that slot, deadline and disconnect cover it from the body to the last byte.

    Args:
        service: The running service.
    """

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    async def parse(self, body: bytes, scope: Scope, lease: Lease, fields: dict[str, Any]) -> Answer:
        """Check a request and return what answers it.

        Args:
            body: All of it, unpacked.
            scope: Of ASGI.
            lease: Room for what the request holds; the body has its own already.
            fields: The request's log line.
        """
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        fields = log_fields(scope)
        outcome = "error"
        try:
            with self._service.bodies.lease() as lease, ExitStack() as held:
                body = await self._body(scope, receive, lease, held)
                fields["body_bytes"] = len(body)
                answer = await self.parse(body, scope, lease, fields)
                # It is held once: as what was parsed.
                del body
                await until_disconnect(receive, _answer(answer, scope, receive, send))
            outcome = fields.get("stream_outcome", "ok")
        except (ClientGone, asyncio.CancelledError) as error:
            outcome = "disconnected"
            if isinstance(error, asyncio.CancelledError):
                raise
        except (ApiError, RequestError) as error:
            outcome = outcome_of(error.status)
            fields["code"] = error.code
            raise
        finally:
            fields["outcome"] = outcome
            self._service.metrics.requests.labels(outcome).inc()

    async def _body(self, scope: Scope, receive: Receive, lease: Lease, held: ExitStack) -> bytes:
        settings = self._service.settings
        self._service.admission.check()
        limit = settings.limits.max_body_bytes
        body = await read_body(receive, scope["headers"], limit=limit, deadlines=settings.http, room=lease)
        # Not before: bodies that never arrive must not take the place of requests.
        held.enter_context(self._service.admission.slot())
        if is_gzip(scope["headers"]):
            body = await inflate(body, limit=limit, room=lease)
        return body


async def _answer(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    await answer(scope, receive, send)
