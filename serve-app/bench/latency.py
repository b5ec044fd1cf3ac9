"""What Ray adds to a request: `python -m bench.latency SERVICE_URL PLAIN_URL [COUNT]`; prints JSON.

The two take turns, request by request, so that other work on the machine disturbs both equally.
"""

import json
import sys
import time

import httpx

from bench.bodies import BODY_SIZES, noise_body
from bench.figures import percentile

_WARM_UP = 20


def main(service: str, plain: str, count: int) -> None:
    """Measure every size and print, in milliseconds."""
    result = {}
    with httpx.Client(timeout=60) as client:
        for name, size in BODY_SIZES.items():
            body = noise_body(size)
            times: dict[str, list[float]] = {"service": [], "plain": []}
            for turn in range(_WARM_UP + count):
                for which, url in (("service", service), ("plain", plain)):
                    took = _ask(client, url, body)
                    if turn >= _WARM_UP:
                        times[which].append(took)
            figures = {f"{which}_p{p}": percentile(values, p) for which, values in times.items() for p in (50, 95)}
            figures |= {f"added_p{p}": figures[f"service_p{p}"] - figures[f"plain_p{p}"] for p in (50, 95)}
            result[name] = {"bytes": len(body), **figures}
    print(json.dumps(result))


def _ask(client: httpx.Client, url: str, body: bytes) -> float:
    began = time.perf_counter()
    response = client.post(f"{url}/v1/chat/completions", content=body, headers={"content-type": "application/json"})
    took = (time.perf_counter() - began) * 1000
    response.raise_for_status()
    return took


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200)
