"""Our application beside bare vLLM on a GPU: `python -m bench.gpu [--model NAME]`, in serve-app, inside the GPU image.

Without --model the weights are random ones of the real size, which cost the same to compute. Bare vLLM and ours run one
after the other: each takes the GPU for itself. Prints a Markdown table for docs/benchmarks.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench import roofline
from bench.bare import bare_arguments, bare_vllm
from bench.compare import NO_LOOPS, body
from bench.load import Load, machine, run_load_in_processes, table
from bench.preprocess import A4_200_DPI, preprocess_times
from ocr_app.settings import VllmEngineSettings
from tests.vllm.make_checkpoint import make_checkpoint
from tests.vllm.pages import page
from tests.vllm.service import run_service, wait_for

CONTEXT = 8_192
SEQUENCES = 256
REFUSAL = (
    "No GPU here (nvidia-smi finds none), so there is nothing to measure. Run this inside the image of the GPU workers "
    "on a machine with an NVIDIA GPU; `npm run bench -- vllm` measures what can be measured without one.\n"
)


class BusyMeter:
    """Samples the GPU's busy share until stopped."""

    def __init__(self) -> None:
        self.samples: list[int] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "BusyMeter":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            self.samples.append(int(nvidia_smi("utilization.gpu")))

    @property
    def share(self) -> float:
        """Mean busy share, in per cent."""
        return sum(self.samples) / len(self.samples) if self.samples else 0.0


def nvidia_smi(field: str) -> str:
    """Return one field of the first GPU; '' without one."""
    if shutil.which("nvidia-smi") is None:
        return ""
    command = ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader,nounits"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.splitlines()[0].strip() if done.returncode == 0 and done.stdout.strip() else ""


def full_page(tokens: int, number: int) -> dict[str, Any]:
    """Return a request for an A4 page at 200 dpi."""
    return body(number, tokens, image=page(*A4_200_DPI, f"Page {number}"))


@contextlib.contextmanager
def ours(settings: dict[str, Any]) -> Iterator[str]:
    """Run the application with one replica that has the GPU."""
    options = {
        "num_replicas": 1,
        "max_ongoing_requests": SEQUENCES,
        "ray_actor_options": {"num_cpus": 0, "num_gpus": 1},
    }
    with run_service(settings, options, gpus=1) as service:
        wait_for(lambda: service.health()["engine"]["state"] == "ready", "the engine")
        yield service.url


def measure(url: str, clients: list[int], ask: Callable[[int], dict[str, Any]]) -> list[tuple[Load, float]]:
    """Return the load and the GPU's busy share for each number of clients."""
    run_load_in_processes(url, ask, clients=2, requests=4, processes=1)
    results = []
    for count in clients:
        with BusyMeter() as meter:
            load = run_load_in_processes(url, ask, clients=count, requests=max(8, 2 * count), processes=8)
        results.append((load, meter.share))
        sys.stderr.write(f"{count} clients: {load.tokens_per_s:.0f} tokens/s\n")
    return results


def rows(name: str, results: list[tuple[Load, float]], gb_per_s: int | None) -> list[tuple[Any, ...]]:
    """Return the table's rows of one side."""
    found = []
    for load, busy in results:
        bound = roofline.tokens_per_s(gb_per_s, min(load.clients, SEQUENCES)) if gb_per_s else None
        found.append(
            (
                f"{name}, {load.clients}",
                f"{load.tokens_per_s:,.0f}",
                f"{bound:,.0f}" if bound else "?",
                f"{100 * load.tokens_per_s / bound:.0f} %" if bound else "?",
                f"{load.requests_per_s:.2f}",
                f"{1000 * load.first_token(0.5):.0f}",
                f"{1000 * load.first_token(0.99):.0f}",
                f"{busy:.0f} %",
            )
        )
    return found


def main() -> int:
    """Measure both sides and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="real weights, such as deepseek-ai/DeepSeek-OCR; random ones if left out")
    parser.add_argument("--revision")
    parser.add_argument("--clients", default="1,16,64,256")
    parser.add_argument("--tokens", type=int, default=1_000, help="of one page")
    options = parser.parse_args()
    name = nvidia_smi("name")
    if not name:
        sys.stderr.write(REFUSAL)
        return 2
    clients = [int(count) for count in options.clients.split(",")]
    ask = partial(full_page, options.tokens)
    lines: list[tuple[Any, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        if options.model is None:
            make_checkpoint(Path(folder), real_size=True)
        model = options.model or folder
        vllm = {
            "model": model,
            "revision": options.revision,
            "load_format": "auto" if options.model else "dummy",
            "max_model_len": CONTEXT,
            "max_num_seqs": SEQUENCES,
            "loops": NO_LOOPS,
            "preprocess_threads": 16,
        }
        with bare_vllm(bare_arguments(VllmEngineSettings(**vllm), model), {}) as url:
            lines += rows("bare", measure(url, clients, ask), roofline.bandwidth(name))
        queue = {"max_in_flight": 1_024, "request_timeout_s": 3_600}
        with ours({"engine": "vllm", "vllm": vllm, "queue": queue}) as url:
            lines += rows("ours", measure(url, clients, ask), roofline.bandwidth(name))
    head = ("side, clients", "tokens/s", "roofline", "share", "pages/s", "first token p50 ms", "p99", "GPU busy")
    decode_s, tile_s = preprocess_times("gundam", "PNG")
    sys.stdout.write(
        f"{name}; {options.model or 'random weights of the real size'}; {options.tokens} tokens a page\n\n"
        f"{table(head, lines)}\nPreprocessing a page: {1000 * decode_s:.0f} ms decoding, {1000 * tile_s:.0f} ms "
        f"tiling; {machine()}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
