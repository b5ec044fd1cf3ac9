"""A client that costs little: raw HTTP over asyncio, streams read as bytes and looked into only as far as needed."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

# Both sides begin with an empty piece that only names the role.
_TEXT = re.compile(rb'"content":"[^"]')


@dataclass
class TimedAnswer:
    """One streamed answer.

    Attributes:
        began: When the request was sent, in seconds of `time.perf_counter`.
        arrivals: When each piece of the body with text came, in seconds of `time.perf_counter`.
        ended: When the last byte came, in seconds of `time.perf_counter`.
        tokens: Completion tokens by the server's own count; 0 without usage.
    """

    began: float
    arrivals: list[float] = field(default_factory=list)
    ended: float = 0.0
    tokens: int = 0

    @property
    def first(self) -> float:
        """Seconds to the first text."""
        return (self.arrivals[0] if self.arrivals else self.ended) - self.began


@dataclass(frozen=True)
class Load:
    """What a number of clients saw.

    Attributes:
        clients: How many sent requests at once.
        seconds: From the first request to the last byte.
        answers: All of them.
    """

    clients: int
    seconds: float
    answers: tuple[TimedAnswer, ...]

    @property
    def requests_per_s(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    @property
    def tokens_per_s(self) -> float:
        """Completion tokens a second."""
        return sum(answer.tokens for answer in self.answers) / self.seconds

    def first_token(self, share: float) -> float:
        """Time to the first text below which `share` of the answers stay, in seconds."""
        return quantile([answer.first for answer in self.answers], share)

    def gap(self, share: float) -> float:
        """Time between two pieces of one stream below which `share` of all gaps stay, in seconds."""
        gaps = [b - a for answer in self.answers for a, b in zip(answer.arrivals, answer.arrivals[1:], strict=False)]
        return quantile(gaps, share) if gaps else 0.0


def quantile(values: list[float], share: float) -> float:
    """Return the value below which `share` of them stay (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def run_load(url: str, body: Callable[[int], Mapping[str, Any]], *, clients: int, requests: int) -> Load:
    """Let `clients` send requests at once, each its next one when the last is answered, until `requests` are sent.

    Args:
        url: Of the server, without `/v1`.
        body: Makes the body of request number n.
        clients: How many send requests at once.
        requests: How many requests are sent by all clients together.
    """
    numbers = iter(range(requests))
    answers: list[TimedAnswer] = []

    async def client() -> None:
        for number in numbers:
            answers.append(await ask(url, body(number)))

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(clients, time.perf_counter() - began, tuple(answers))


def run_load_in_processes(
    url: str, body: Callable[[int], Mapping[str, Any]], *, clients: int, requests: int, processes: int
) -> Load:
    """Run a load with the clients spread over processes, for servers faster than one client process.

    Args:
        url: Of the server, without `/v1`.
        body: Makes the body of request number n; must be picklable.
        clients: How many send requests at once, in all processes together.
        requests: How many requests are sent by all clients together.
        processes: Most processes to use.
    """
    processes = min(processes, clients)
    shares = [(clients * n // processes, clients * (n + 1) // processes) for n in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        began = time.perf_counter()
        parts = list(
            pool.map(
                _run_share,
                [url] * processes,
                [partial(_shifted, body, 10_000 * n) for n in range(processes)],
                [end - start for start, end in shares],
                [requests // processes] * processes,
            )
        )
        return Load(clients, time.perf_counter() - began, tuple(answer for part in parts for answer in part.answers))


def _run_share(url: str, body: Callable[[int], Mapping[str, Any]], clients: int, requests: int) -> Load:
    return asyncio.run(run_load(url, body, clients=clients, requests=max(requests, clients)))


def _shifted(body: Callable[[int], Mapping[str, Any]], by: int, number: int) -> Mapping[str, Any]:
    return body(by + number)


async def ask(url: str, body: Mapping[str, Any]) -> TimedAnswer:
    """Send one streaming chat request and read its answer to the end.

    Raises:
        RuntimeError: The answer is not 200, or carries an error.
    """
    parts = urlsplit(url)
    data = json.dumps({**body, "stream": True, "stream_options": {"include_usage": True}}).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    )
    answer = TimedAnswer(time.perf_counter())
    try:
        writer.write(head.encode() + data)
        await writer.drain()
        headers = await reader.readuntil(b"\r\n\r\n")
        tail = b""
        while piece := await reader.read(65_536):
            if _TEXT.search(piece):
                answer.arrivals.append(time.perf_counter())
            tail = (tail + piece)[-4_096:]
        answer.ended = time.perf_counter()
    finally:
        writer.close()
    if b" 200 " not in headers.split(b"\r\n", 1)[0] or b'"error":' in tail:
        raise RuntimeError(f"{headers[:40]!r} {tail[-500:]!r}")
    usage = tail.rfind(b'"completion_tokens":')
    if usage != -1:
        answer.tokens = int(tail[usage + 20 :].split(b",", 1)[0].split(b"}", 1)[0])
    return answer


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """Return a Markdown table; numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---:" if i else "---" for i in range(len(head))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def machine() -> str:
    """Return the machine and its load in a line, to publish beside the figures."""
    import os
    import platform

    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} cores ({platform.machine()}), load average {load} at the end"
