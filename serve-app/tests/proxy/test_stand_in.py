"""With a process in place of Serve's proxy, which listens as Serve does and dies as that may."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
from uvicorn import config

from ocr_app.proxy.listeners import listeners
from ocr_app.proxy.stand_in import Endpoint, StandIn
from tests.proxy.support import Echo, until
from tools.ports import free_port

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="works on Linux only"),
    pytest.mark.timeout(90),
]

PROXY = """
import socket, sys, uvicorn
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"proxy"})
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None)).run(sockets=[s])
"""


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config.HTTP_PROTOCOLS, "auto", config.HTTP_PROTOCOLS["auto"])
    monkeypatch.setitem(config.WS_PROTOCOLS, "auto", config.WS_PROTOCOLS["auto"])


class Node:
    """A port, the proxies that listen there, and an Api beside them."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint: Endpoint | None = Endpoint("127.0.0.1", self.port, 90)
        self.proxies: list[subprocess.Popen[bytes]] = []
        self.stand_in = StandIn(Echo(b"api"), lambda: self.endpoint)

    async def start_proxy(self) -> None:
        before = listeners(self.port)
        self.proxies.append(self._spawn())
        await until(lambda: bool(listeners(self.port) - before))

    def _spawn(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", PROXY, str(self.port)])  # noqa: S603 - our own script

    def kill_proxy(self) -> None:
        self.proxies[-1].kill()
        self.proxies[-1].wait()

    async def ask(self, path: str = "/") -> str | None:
        try:
            async with httpx.AsyncClient() as client:
                response = await client.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)
                return response.text
        except httpx.TransportError:
            return None

    async def until_answered(self, answer: str, path: str = "/") -> None:
        while await self.ask(path) != answer:  # noqa: ASYNC110 - nobody would set an event
            await asyncio.sleep(0.05)

    async def until_watched(self) -> None:
        await until(lambda: self.stand_in._seen is not None)


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    node = Node()
    yield node
    for task in list(node.stand_in._tasks):
        task.cancel()
    await asyncio.wait([asyncio.create_task(asyncio.sleep(0)), *node.stand_in._tasks], timeout=5)
    for proxy in node.proxies:
        proxy.kill()
        proxy.wait()


async def test_it_answers_while_the_proxy_is_gone_and_leaves_when_one_is_back(node: Node) -> None:
    await node.start_proxy()
    node.stand_in.start()
    await node.until_watched()
    for _ in range(2):
        node.kill_proxy()
        await node.until_answered("api")
        assert await node.ask("/-/healthz") == "success"
        await node.start_proxy()
        await node.until_answered("proxy")
        await until(lambda: len(listeners(node.port)) == 1)
        assert await node.ask() == "proxy"


async def test_it_does_not_take_the_port_before_a_proxy_listened(node: Node) -> None:
    node.stand_in.start()
    await asyncio.sleep(1.5)
    assert await node.ask() is None


async def test_it_does_not_take_the_port_of_an_application_that_ends(node: Node) -> None:
    await node.start_proxy()
    node.stand_in.start()
    await node.until_watched()
    node.endpoint = None
    node.kill_proxy()
    await asyncio.sleep(1.5)
    assert await node.ask() is None


async def test_a_request_that_runs_when_the_proxy_is_back_is_finished(node: Node) -> None:
    release = asyncio.Event()

    async def slow(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"a", "more_body": True})  # type: ignore[operator]
        await release.wait()
        await send({"type": "http.response.body", "body": b"z"})  # type: ignore[operator]

    node.stand_in = StandIn(slow, lambda: node.endpoint)
    await node.start_proxy()
    node.stand_in.start()
    await node.until_watched()
    node.kill_proxy()
    await node.until_answered("success", "/-/healthz")
    running = asyncio.create_task(node.ask())
    await asyncio.sleep(0.5)
    await node.start_proxy()
    await until(lambda: len(listeners(node.port)) == 1)
    assert not running.done()
    release.set()
    assert await running == "az"
