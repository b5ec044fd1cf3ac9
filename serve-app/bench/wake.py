"""From zero to the first answer, by phases: `python -m bench.wake URL [TIMES]`; prints JSON, in seconds.

The service must let its engine sleep soon (downscale delays of a few seconds). The phases come from `/health`, asked
every 20 ms while the request waits: until the engine is asked for, until its replica runs, until it is ready.
"""

import asyncio
import json
import sys
import time
from typing import Any

import httpx

from bench.bodies import chat_body, sample_page

_POLL_S = 0.02
_SLEEP_DEADLINE_S = 180


async def main(url: str, times: int) -> None:
    """Measure and print."""
    body = chat_body(sample_page())
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        print(json.dumps([await _wake(client, body) for _ in range(times)]))


async def _wake(client: httpx.AsyncClient, body: bytes) -> dict[str, float]:
    await _until_asleep(client)
    began = time.perf_counter()
    seen: dict[str, float] = {}
    headers = {"content-type": "application/json"}
    asking = asyncio.create_task(client.post("/v1/chat/completions", content=body, headers=headers))
    while not asking.done():
        engine = await _engine(client)
        now = time.perf_counter() - began
        if engine["replicas_wanted"] > 0:
            seen.setdefault("asked_for", now)
        if engine["phase"]:
            seen.setdefault("replica_runs", now)
        if engine["state"] == "ready":
            seen.setdefault("ready", now)
        await asyncio.sleep(_POLL_S)
    (await asking).raise_for_status()
    return {**seen, "answered": time.perf_counter() - began}


async def _until_asleep(client: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + _SLEEP_DEADLINE_S
    while time.monotonic() < deadline:
        engine = await _engine(client)
        if engine["state"] == "asleep" and engine["replicas_running"] == 0:
            await asyncio.sleep(3)  # so that the handle has recorded an empty queue, as it has after a quiet hour
            return
        await asyncio.sleep(0.5)
    raise TimeoutError(f"the engine did not fall asleep within {_SLEEP_DEADLINE_S} s")


async def _engine(client: httpx.AsyncClient) -> dict[str, Any]:
    engine: dict[str, Any] = (await client.get("/health")).json()["engine"]
    return engine


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3))
