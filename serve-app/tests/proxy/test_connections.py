"""With a real uvicorn and real sockets, with each of its parsers: this fails when uvicorn is no longer what it was."""

import asyncio
import resource
import socket

import pytest
from uvicorn import config
from uvicorn.importer import import_from_string

from ocr_app.proxy.connections import ConnectionLimits, guard_uvicorn, guarded
from tests.proxy.support import Echo, served, until

LIMITS = ConnectionLimits(header_timeout_s=0.5, write_timeout_s=0.5, max_header_bytes=4_096, max_connections=20)
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.fixture(params=["httptools", "h11"])
def protocol(request: pytest.FixtureRequest) -> type[asyncio.Protocol]:
    base = import_from_string(config.HTTP_PROTOCOLS[request.param])
    protocol: type[asyncio.Protocol] = guarded(base, LIMITS)
    return protocol


async def everything(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server closes; a connection that it resets counts as closed."""
    received = b""
    try:
        while data := await asyncio.wait_for(reader.read(65_536), 60):
            received += data
    except ConnectionResetError:
        pass
    return received


async def answer(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.readuntil(b"\r\n0\r\n\r\n"), 60)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def test_a_connection_that_says_nothing_ends(protocol: type[asyncio.Protocol]) -> None:
    async with served(Echo(), http=protocol) as port:
        reader, _ = await connect(port)
        assert await everything(reader) == b""


async def test_headers_that_trickle_end_in_408(protocol: type[asyncio.Protocol]) -> None:
    async with served(Echo(), http=protocol) as port:
        reader, writer = await connect(port)

        async def trickle() -> None:
            writer.write(b"GET / HTTP/1.1\r\n")
            while True:
                writer.write(b"x-a: b\r\n")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        assert (await everything(reader)).startswith(b"HTTP/1.1 408 ")
        trickling.cancel()


async def test_a_second_request_has_the_deadline_too(protocol: type[asyncio.Protocol]) -> None:
    async with served(Echo(), http=protocol, timeout_keep_alive=60) as port:
        reader, writer = await connect(port)
        writer.write(GET)
        await answer(reader)
        writer.write(b"GET / HT")
        assert (await everything(reader)).startswith(b"HTTP/1.1 408 ")


async def test_an_idle_connection_lives_as_long_as_uvicorn_was_told(protocol: type[asyncio.Protocol]) -> None:
    async with served(Echo(), http=protocol, timeout_keep_alive=5) as port:
        reader, writer = await connect(port)
        writer.write(GET)
        await answer(reader)
        await asyncio.sleep(1)  # past the deadline for headers, which does not count here
        writer.write(GET)
        await answer(reader)
        assert await everything(reader) == b""


async def test_a_body_and_an_answer_may_take_longer_than_headers(protocol: type[asyncio.Protocol]) -> None:
    async with served(Echo(), http=protocol) as port:
        reader, writer = await connect(port)
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\na")
        await asyncio.sleep(0.8)
        writer.write(b"b")
        assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")


async def test_requests_in_a_row_and_large_bodies_pass(protocol: type[asyncio.Protocol]) -> None:
    echo = Echo()
    async with served(echo, http=protocol) as port:
        reader, writer = await connect(port)
        post = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n" + b"x" * 300_000
        writer.write(GET + post + GET)
        for _ in range(3):
            assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")
    assert [len(body) for body in echo.bodies] == [0, 300_000, 0]


async def test_hundreds_of_requests_sent_at_once_end_their_connection() -> None:
    # h11 reads the next request after the answer to the one before.
    echo = Echo()
    protocol = guarded(import_from_string(config.HTTP_PROTOCOLS["httptools"]), LIMITS)
    async with served(echo, http=protocol) as port:
        reader, writer = await connect(port)
        writer.write(GET * 17)
        for _ in range(17):
            await answer(reader)
        writer.write(GET * 500)
        await everything(reader)
    assert len(echo.scopes) < 50


@pytest.mark.parametrize("trailers", [False, True])
async def test_endless_headers_and_trailers_end(protocol: type[asyncio.Protocol], trailers: bool) -> None:
    echo = Echo()
    async with served(echo, http=protocol) as port:
        reader, writer = await connect(port)
        head = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
        writer.write(head + b"\r\n1\r\na\r\n0\r\n" if trailers else head)
        sent = 0

        async def pour() -> None:
            nonlocal sent
            while True:
                writer.write(b"x" * 1_000)
                await writer.drain()
                sent += 1_000
                await asyncio.sleep(0)

        pouring = asyncio.create_task(pour())
        await everything(reader)
        pouring.cancel()
        await asyncio.wait([pouring])
    assert echo.bodies == []
    assert sent < 30_000_000


async def test_a_client_that_reads_nothing_loses_its_connection(protocol: type[asyncio.Protocol]) -> None:
    gone = asyncio.Event()

    async def endless(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]

        async def left() -> None:
            while (await receive())["type"] != "http.disconnect":  # type: ignore[operator]
                pass
            gone.set()

        watching = asyncio.create_task(left())
        while not gone.is_set():
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})  # type: ignore[operator]
            await asyncio.sleep(0)
        await watching

    async with served(endless, http=protocol) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(GET)
            await asyncio.wait_for(gone.wait(), 60)


@pytest.mark.parametrize("parser", ["httptools", "h11"])
async def test_a_client_that_reads_slowly_keeps_it(parser: str) -> None:
    # Longer than a busy machine stops a process, and shorter than the whole answer takes.
    protocol = guarded(import_from_string(config.HTTP_PROTOCOLS[parser]), ConnectionLimits(write_timeout_s=2))
    chunks, chunk = 120, b"x" * 65_536

    async def stream(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        for left in reversed(range(chunks)):
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})  # type: ignore[operator]

    async with served(stream, http=protocol) as port:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, ("127.0.0.1", port))
            await loop.sock_sendall(client, GET)
            received = b""
            while not received.endswith(b"\r\n0\r\n\r\n"):
                data = await asyncio.wait_for(loop.sock_recv(client, 65_536), 60)
                assert data, f"closed after {len(received)} bytes"
                received += data
                await asyncio.sleep(0.04)
            assert received.count(b"x") == chunks * len(chunk)


async def test_an_answer_nobody_reads_does_not_keep_a_closed_connection(protocol: type[asyncio.Protocol]) -> None:
    # uvicorn closes after the answer, and then waits for the client to take it.
    async with served(Echo(b"x" * 30_000_000), http=protocol) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(GET.replace(b"host: x", b"host: x\r\nconnection: close"))
            await asyncio.sleep(2)
            client.settimeout(10)
            received = 0
            while data := await asyncio.to_thread(client.recv, 2**20):
                received += len(data)
            assert received < 30_000_000


@pytest.mark.parametrize("parser", ["httptools", "h11"])
async def test_too_many_connections_end_the_one_idle_longest(parser: str) -> None:
    patient = guarded(import_from_string(config.HTTP_PROTOCOLS[parser]), ConnectionLimits(max_connections=20))
    async with served(Echo(), http=patient) as port:
        busy_reader, busy = await connect(port)
        busy.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\na")
        await asyncio.sleep(0.1)
        idle = [await connect(port) for _ in range(60)]
        reader, writer = await connect(port)
        writer.write(GET)
        assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")
        assert await everything(idle[0][0]) == b""
        busy.write(b"b")
        assert (await answer(busy_reader)).startswith(b"HTTP/1.1 200 ")


async def test_the_kernel_asks_whether_a_silent_peer_is_there(protocol: type[asyncio.Protocol]) -> None:
    made: list[socket.socket] = []

    class Looked(protocol):  # type: ignore[valid-type, misc]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            made.append(transport.get_extra_info("socket"))

    async with served(Echo(), http=Looked) as port:
        _, writer = await connect(port)
        writer.write(GET)
        await until(lambda: bool(made))
        assert made[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert made[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
            assert made[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 120_000


@pytest.fixture
def _unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(config.HTTP_PROTOCOLS, "auto", config.HTTP_PROTOCOLS["auto"])
    monkeypatch.setitem(config.WS_PROTOCOLS, "auto", config.WS_PROTOCOLS["auto"])


@pytest.mark.usefixtures("_unguarded")
async def test_servers_that_start_later_are_guarded_and_speak_no_websocket() -> None:
    guard_uvicorn(LIMITS)
    guard_uvicorn(LIMITS)
    echo = Echo()
    async with served(echo) as port:
        reader, writer = await connect(port)
        upgrade = (
            b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: eA==\r\n"
        )
        writer.write(GET.replace(b"host", upgrade + b"host"))
        assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")
        assert echo.scopes[0]["type"] == "http"
        silent, _ = await connect(port)
        assert await everything(silent) == b""


def test_a_uvicorn_of_another_kind_is_named() -> None:
    class Other(asyncio.Protocol):
        pass

    with pytest.raises(RuntimeError, match="has no on_response_complete, timeout_keep_alive_handler"):
        guarded(Other, LIMITS)


def test_connections_take_at_most_half_of_the_file_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 1_000))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    assert ConnectionLimits.for_this_process().max_connections == 500
    assert asked == [(1_000, 1_000)]
