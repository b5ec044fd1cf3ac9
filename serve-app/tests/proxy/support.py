"""An application behind parts of the proxy, called directly or through a real uvicorn."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.proxy.figures import Figures, PublishedFigures


class FixedFigures(PublishedFigures):
    """Figures that are known; `published` is what asking again finds."""

    def __init__(self, figures: Figures, published: Figures | None = None) -> None:
        super().__init__()
        self._figures = figures
        self._published = published or figures

    def current(self) -> Figures:
        return self._figures

    async def fresh(self) -> Figures:
        self._figures = self._published
        return self._figures


class Echo:
    """Answers with the size of the body, and remembers what it was called with."""

    def __init__(self, answer: bytes = b"") -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": self._answer or str(len(body)).encode()})


class Answer:
    """What an application sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self.messages[0]["headers"])

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = json.loads(b"".join(m.get("body", b"") for m in self.messages[1:]))["error"]
        return error


def http_scope(
    path: str = "/v1/models", method: str = "GET", headers: list[tuple[bytes, bytes]] | None = None
) -> Scope:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": headers or []}


async def call(app: ASGIApp, scope: Scope, *messages: Message) -> Answer:
    """Call an application with messages that have all arrived; after the last, the client stays and says no more."""
    answer = Answer()
    arrived = list(messages) or [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if arrived:
            return arrived.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    await app(scope, receive, answer.send)
    return answer


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; only the test's own timeout ends it."""
    while not condition():  # noqa: ASYNC110 - nobody would set an event
        await asyncio.sleep(0.02)


@asynccontextmanager
async def served(app: ASGIApp, **options: Any) -> AsyncIterator[int]:
    """Run uvicorn with an application; gives its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, **options))
    server.force_exit = True  # connections that a test leaves open do not keep it
    task = asyncio.create_task(server._serve(sockets=[listener]))
    await until(lambda: server.started)
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
