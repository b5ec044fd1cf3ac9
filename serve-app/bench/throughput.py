"""Pages a second, through the service and by the engine called directly: `python -m bench.throughput URL [PAGES]`.

Prints JSON. Service and direct engine take turns, round by round; the other one idles.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable

import httpx

from bench.bodies import chat_body, sample_page
from bench.engine_alone import EngineAlone

_CLIENTS = (1, 2, 4)
_ROUNDS = 3


async def main(url: str, pages: int) -> None:
    """Measure and print."""
    png = sample_page()
    body = chat_body(png)
    engine = EngineAlone("cpu")
    await engine.start()

    async with httpx.AsyncClient(timeout=600) as client:

        async def through_service() -> None:
            answer = await client.post(
                f"{url}/v1/chat/completions", content=body, headers={"content-type": "application/json"}
            )
            answer.raise_for_status()

        await through_service()
        await engine.read([png], clients=1)
        result = {}
        for clients in _CLIENTS:
            seconds = {"service": 0.0, "direct": 0.0}
            for _ in range(_ROUNDS):
                seconds["direct"] += await engine.read([png] * pages, clients=clients)
                seconds["service"] += await _timed(through_service, clients, pages)
            rate = {which: _ROUNDS * pages / took for which, took in seconds.items()}
            result[str(clients)] = {**rate, "share": rate["service"] / rate["direct"]}
    await engine.close()
    print(json.dumps(result))


async def _timed(ask: Callable[[], Awaitable[None]], clients: int, pages: int) -> float:
    left = pages

    async def one_client() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await ask()

    began = time.perf_counter()
    await asyncio.gather(*(one_client() for _ in range(clients)))
    return time.perf_counter() - began


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8))
