import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from faults.swarm import Swarm
from faults.wire import exchange, request, responses

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNKED = (
    b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
    b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
)


def test_responses_are_taken_apart() -> None:
    first, second = responses(OK + CHUNKED)
    assert (first.status, first.body, first.complete) == (200, b"hi", True)
    assert (second.status, second.body, second.complete) == (400, b"abcde", True)
    assert second.header("x-a") == ["1", "2"]


def test_an_incomplete_response() -> None:
    assert [one.complete for one in responses(OK[:-1])] == [False]
    assert [one.complete for one in responses(CHUNKED[:-3])] == [False]
    assert [one.complete for one in responses(b"HTTP/1.1 204 No Content\r\n\r\n")] == [True]
    assert responses(b"HTTP/1.1 200 OK\r\nContent-Le") == ()
    assert responses(b"SSH-2.0-x\r\n\r\n") == ()
    assert responses(b"") == ()


def test_an_empty_chunked_body() -> None:
    (one,) = responses(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert (one.body, one.complete) == (b"", True)


def test_continue_is_no_answer() -> None:
    assert [one.status for one in responses(b"HTTP/1.1 100 Continue\r\n\r\n" + OK)] == [200]


@contextmanager
def served(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that takes one connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        connection, _ = listener.accept()
        with connection:
            answer(connection)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()


def test_an_answer_before_the_body_was_read_is_seen() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(OK)
        connection.recv(100)  # so that the rest, unread, does not reset what was sent

    with served(refuse) as port:
        seen = exchange(port, request(bytes(20_000_000)), timeout_s=10)
    assert (seen.status, seen.ended) == (200, "complete")


def test_a_second_answer_is_seen() -> None:
    with served(lambda connection: connection.sendall(OK + OK)) as port:
        seen = exchange(port, b"GET / HTTP/1.1\r\n\r\n", timeout_s=10, all_of_it=True)
    assert [one.status for one in seen.responses] == [200, 200]


def test_a_closed_connection_and_a_silent_one() -> None:
    with served(lambda connection: connection.close()) as port:
        assert exchange(port, b"", timeout_s=10).ended == "closed"
    over = threading.Event()

    def say_nothing(_: socket.socket) -> None:
        over.wait(10)

    with served(say_nothing) as port:
        seen = exchange(port, b"x", timeout_s=0.3)
        over.set()
    assert (seen.ended, seen.status) == ("timeout", None)


def test_a_swarm_notices_what_the_server_has_closed() -> None:
    closing = threading.Event()

    def close_later(connection: socket.socket) -> None:
        connection.recv(100)
        closing.wait(10)
        connection.sendall(OK)

    with served(close_later) as port, Swarm(port, 1, b"x") as swarm:
        assert swarm.still_open() == 1
        closing.set()
        for _ in range(100):
            if swarm.still_open() == 0:
                break
            threading.Event().wait(0.05)
        assert swarm.still_open() == 0


def test_a_swarm_that_nobody_takes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Swarm(port, 3) as swarm:
        assert (swarm.refused, swarm.still_open()) == (3, 0)
