"""Answers in place of Serve's HTTP proxy while a dead one is replaced.

Serve needs about 3 s to notice that the proxy of a node died and to start another, more than OpenAI's clients wait
between their attempts. The Api runs beside the head's proxy and can answer the same requests itself: it keeps one
connection to the proxy, and when that ends and nobody listens any more, it listens in its place. Serve opens the port
with SO_REUSEPORT, so the new proxy can join, and then this server stops.

Linux only: elsewhere two listeners do not share a port as they do there.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ocr_app.proxy.listeners import listeners
from ocr_app.proxy.paths import HEALTH_PATH
from ocr_app.proxy.setup import around, guard_connections

log = logging.getLogger("ocr_app.proxy")

_ASK_TIMEOUT_S = 2.0
_POLL_S = 0.1
_PAUSE_S = 1.0
_QUIET_S = 30.0
_GREETING = f"GET {HEALTH_PATH} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Serve's proxy listens, by Serve's own options."""

    host: str
    port: int
    keep_alive_timeout_s: int

    @property
    def connect_host(self) -> str:
        """An address of this machine at which it can be reached."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - only compared


def serve_endpoint(app_name: str) -> Endpoint | None:
    """Ask Serve's controller; None if the application is not the one at `/`, or is being removed."""
    from ray.serve.context import _get_global_client

    client: Any = _get_global_client()
    details = client.get_serve_details()
    app = details["applications"].get(app_name)
    http = details.get("http_options")
    if not app or not http or app["route_prefix"] != "/" or _value(app["status"]) == "DELETING":
        return None
    return Endpoint(http["host"], http["port"], http["keep_alive_timeout_s"])


def _value(status: Any) -> str:
    return str(getattr(status, "value", status))


class StandIn:
    """Watches Serve's proxy of this node, and answers in its place while it is gone.

    Args:
        app: The application that Serve's proxy leads to.
        where: Says where the proxy listens; None if there is nothing to stand in for. Runs in a thread.
    """

    def __init__(self, app: ASGIApp, where: Callable[[], Endpoint | None]) -> None:
        self._app = around(_WithHealth(app))
        self._where = where
        # The proxy that has listened: before it does, the port is not ours to take.
        self._seen: Endpoint | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to watch, in the running event loop; does nothing where it cannot work."""
        if sys.platform == "linux":
            guard_connections()
            self._keep(self._watch())

    async def _watch(self) -> None:
        while True:
            try:
                if (endpoint := await self._ask()) is None:
                    await asyncio.sleep(_PAUSE_S)
                    continue
                await self._until_gone(endpoint)
                # It must not take the port of an application that is ending.
                if await self._ask() == endpoint:
                    await self._stand_in(endpoint)
            except Exception:
                log.warning("Serve's proxy cannot be watched", exc_info=True)
                await asyncio.sleep(_PAUSE_S)

    async def _until_gone(self, endpoint: Endpoint) -> None:
        """Wait for the proxy to listen, unless it did before, and then until nobody does."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(endpoint.connect_host, endpoint.port)
            except ConnectionRefusedError:
                if self._seen == endpoint:
                    return
                await asyncio.sleep(_PAUSE_S)
                continue
            except OSError:  # it ended while it was asked
                await asyncio.sleep(_POLL_S)
                continue
            self._seen = endpoint
            try:
                await _until_closed(reader, writer)
            finally:
                writer.close()

    async def _ask(self) -> Endpoint | None:
        return await asyncio.wait_for(asyncio.to_thread(self._where), _ASK_TIMEOUT_S)

    async def _stand_in(self, endpoint: Endpoint) -> None:
        family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((endpoint.host, endpoint.port))
            # As Serve starts its own, see start_asgi_http_server in ray/serve/_private/http_util.py.
            server = uvicorn.Server(
                uvicorn.Config(
                    self._app,
                    lifespan="off",
                    access_log=False,
                    log_level=None,
                    log_config=None,
                    timeout_keep_alive=endpoint.keep_alive_timeout_s,
                )
            )
            ours = os.fstat(listener.fileno()).st_ino
            serving = self._keep(server.serve(sockets=[listener.dup()]))
            log.warning("Serve's HTTP proxy has ended; the Api answers in its place")
            # The kernel tells nobody that a port has another listener.
            while not serving.done() and not listeners(endpoint.port) - {ours}:  # noqa: ASYNC110
                await asyncio.sleep(_POLL_S)
        # It closes the port now, and ends when its open requests have ended.
        server.should_exit = True
        log.warning("Serve's HTTP proxy is back")

    def _keep(self, work: Awaitable[None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Wait until the other side closes; ask for its health now and then, or it would take the connection for idle."""
    try:
        writer.write(_GREETING)
        while True:
            try:
                if not await asyncio.wait_for(reader.read(65_536), _QUIET_S):
                    return
            except asyncio.TimeoutError:
                writer.write(_GREETING)
    except ConnectionError:
        return


class _WithHealth:
    """Answers Serve's health path, which probes ask."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == HEALTH_PATH:
            await PlainTextResponse("success")(scope, receive, send)
            return
        await self._app(scope, receive, send)
