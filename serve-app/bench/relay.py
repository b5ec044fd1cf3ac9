"""How fast the front relays many streams of an engine that emits tokens at full speed: `python -m bench.relay`.

The whole application on Ray Serve with engine `null`; its tokens go from Engine through Api and Ray's proxy to the
clients, which only count bytes.
"""

import argparse
import asyncio
import contextlib
import sys
from typing import Any

import psutil

from bench.load import machine, run_load, table
from tests.vllm.pages import data_uri, page
from tests.vllm.service import run_service, wait_for


def body(number: int, picture: str) -> dict[str, Any]:
    """Return a small request."""
    content = [{"type": "image_url", "image_url": {"url": picture}}, {"type": "text", "text": f"Page {number}"}]
    return {"model": "deepseek-ocr", "messages": [{"role": "user", "content": content}]}


def cpu_seconds() -> dict[str, float]:
    """Return the CPU time of Ray's processes below this one, by role."""
    used: dict[str, float] = {}
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            name = " ".join(process.cmdline())[:60]
            role = next(
                (
                    r
                    for r in ("ServeReplica:deepseek-ocr:Api", "ServeReplica:deepseek-ocr:Engine", "ProxyActor")
                    if r in name
                ),
                "other",
            )
            used[role] = used.get(role, 0.0) + times.user + times.system
    return used


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", default="1,16,64,256")
    parser.add_argument("--tokens", type=int, default=1_000, help="of one stream")
    options = parser.parse_args()
    picture = data_uri(page(64, 64))
    rows = []
    settings = {"engine": "null", "null": {"tokens": options.tokens}, "queue": {"max_in_flight": 1_024}}
    with run_service(settings, {"num_replicas": 1}) as service:
        wait_for(lambda: service.health()["engine"]["state"] == "ready", "the engine", 300)
        asyncio.run(run_load(service.url, lambda n: body(n, picture), clients=4, requests=8))
        for streams in map(int, options.streams.split(",")):
            before = cpu_seconds()
            load = asyncio.run(run_load(service.url, lambda n: body(n, picture), clients=streams, requests=streams))
            after = cpu_seconds()
            tokens = sum(answer.tokens for answer in load.answers)
            used = {role: after[role] - before.get(role, 0.0) for role in after}
            rows.append(
                (
                    streams,
                    f"{load.tokens_per_s:,.0f}",
                    f"{1000 * sum(used.values()) / tokens * 1000:.1f}",
                    ", ".join(
                        f"{role.rsplit(':', 1)[-1]} {1000 * value / tokens * 1000:.1f}" for role, value in used.items()
                    ),
                    f"{1000 * load.first_token(0.5):.0f}",
                    f"{1000 * load.gap(0.99):.0f}",
                )
            )
    head = ("streams", "tokens/s", "CPU ms / 1,000 tokens", "of that", "first token p50 ms", "p99 gap ms")
    sys.stdout.write(f"{table(head, rows)}\n{machine()}; {options.tokens} tokens a stream\n")


if __name__ == "__main__":
    main()
