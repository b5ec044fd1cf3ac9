"""DeepSeek-OCR on this machine's GPU: `python -m bench.gpu [PART...] [OPTIONS]`, in serve-app, inside the GPU image.

Parts, each of which has the GPU for itself: variants of the engine alone (`bench.gpu_engine`), bare `vllm serve`, and
our service with the same arguments. Without --model the weights are random ones of the real size, which cost the same
to compute. Figures go to a JSON file, part by part; `npm run bench -- gpu` makes docs/benchmarks/gpu.md of it.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.bare import bare_arguments, bare_vllm
from bench.card import BusyMeter, nvidia_smi, used_mib, wait_until_free
from bench.compare import body
from bench.gpu_engine import VARIANTS
from bench.gpu_results import Results, commit, row
from bench.guards import DEFAULT, VLLMS
from bench.load import run_load_in_processes
from bench.workload import PICTURES, Workload
from ocr_app.engine.vllm.args import environment
from tests.vllm.make_checkpoint import make_checkpoint
from tests.vllm.service import ENVIRONMENT, Service, deploy, run_service, wait_for

SERVE_APP = Path(__file__).parents[1]
RESULTS = SERVE_APP.parent / "docs" / "benchmarks" / "gpu.json"
PARTS = ("base", "batched-2048", "bare", "ours")
"""What is measured if nothing is named."""
REFUSAL = (
    "No GPU here (nvidia-smi finds none), so there is nothing to measure. Run this inside the image of the GPU workers "
    "on a machine with an NVIDIA GPU; --tiny shows on a CPU that it runs, and `npm run bench -- vllm` measures what "
    "can be measured without one.\n"
)


def main() -> int:
    """Measure the parts; return the exit code."""
    options = _options()
    if not options.tiny and not nvidia_smi("name"):
        sys.stderr.write(REFUSAL)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        if options.model is None:
            make_checkpoint(Path(folder), real_size=not options.tiny)
        clients, tokens = ([1, 2], 8) if options.tiny else (options.clients, options.tokens)
        work = Workload(options.model or folder, options.model is None, clients, tokens, options.tiny)
        results = Results(
            options.out,
            {
                "commit": options.commit or commit(),
                "tiny": options.tiny,
                "model": options.model or "random weights",
                "tokens_a_page": tokens,
            },
        )
        at_rest, failed = used_mib(), list[str]()
        for part in options.parts:
            wait_until_free(at_rest)
            sys.stderr.write(f"{part}\n")
            try:
                for figures in _measure(part, work, options.ongoing):
                    results.keep(part, figures)
            except Exception as error:  # the others may do, and time on a GPU is dear
                traceback.print_exc()
                failed.append(f"{part}: {error}")
    sys.stdout.write("".join(f"{line}\n" for line in (options.out, *failed)))
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    known = (*VARIANTS, "bare", "ours")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(known)}; {', '.join(PARTS)} if none")
    parser.add_argument("--model", help="real weights, such as deepseek-ai/DeepSeek-OCR; random ones if left out")
    parser.add_argument(
        "--clients", type=lambda text: [int(count) for count in text.split(",")], default="1,32,128,256"
    )
    parser.add_argument("--tokens", type=int, default=1_000, help="of one page, on average")
    parser.add_argument(
        "--ongoing", type=int, default=128, help="requests that our engine has by default; also measured"
    )
    parser.add_argument("--commit", help="of what is measured, where the folder is no checkout")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--tiny", action="store_true", help="a small form for a machine without a GPU; needs --out")
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    if unknown := set(options.parts) - set(known):
        parser.error(f"there is no part {', '.join(sorted(unknown))} (known: {', '.join(known)})")
    if options.tiny and options.out == RESULTS:
        parser.error("--tiny measures nothing worth to be kept: name another file with --out")
    return options


def _measure(part: str, work: Workload, ongoing: int) -> Iterator[dict[str, Any]]:
    """Yield the figures of a part, each time with more of them."""
    if part == "bare":
        # Our engine's environment too: its runner, its tuned kernels, its compile cache.
        ours = environment(work.settings(), os.environ, Path(os.devnull))
        del ours["VLLM_LOGGING_CONFIG_PATH"]
        with bare_vllm(bare_arguments(work.settings(), work.model), {**ours, **_machine(work)}) as url:
            yield {"loads": _loads(url, work, work.clients, VLLMS)}
    elif part == "ours":
        with _ours(work) as service:
            figures: dict[str, Any] = {"loads": _loads(service.url, work, work.clients)}
            yield figures
            # What a location has by default, where bare vLLM has no such limit.
            service.config["applications"][0]["deployments"][1]["max_ongoing_requests"] = ongoing
            deploy(service.config)
            yield {**figures, "ongoing": ongoing, "limited": _loads(service.url, work, work.clients[-1:])}
    else:
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            workload = json.dumps(dataclasses.asdict(work))
            command = [sys.executable, "-m", "bench.gpu_engine", part, out.name, workload]
            subprocess.run(command, check=True, cwd=SERVE_APP, env={**os.environ, **_machine(work)})  # noqa: S603
            yield dict(json.loads(Path(out.name).read_text()))


def _machine(work: Workload) -> dict[str, str]:
    """Return what vLLM needs to know of a machine without a GPU, or without a network."""
    return ENVIRONMENT if work.tiny else {"HF_HUB_OFFLINE": "1"} if work.dummy else {}


@contextlib.contextmanager
def _ours(work: Workload) -> Iterator[Service]:
    """Run the application with one replica that has the GPU, and as many requests at once as vLLM decodes together."""
    gpus = 0 if work.tiny else 1
    sequences = work.settings().max_num_seqs
    options = {
        "num_replicas": 1,
        "max_ongoing_requests": sequences,
        "ray_actor_options": {"num_cpus": 0, "num_gpus": gpus},
    }
    settings = {"engine": "vllm", "vllm": work.vllm(), "queue": {"max_in_flight": 1_024, "request_timeout_s": 3_600}}
    with run_service(settings, options, gpus=gpus) as service:
        wait_for(lambda: service.health()["engine"]["state"] == "ready", "the engine")
        yield service


def _loads(url: str, work: Workload, clients: list[int], guard: str = DEFAULT) -> list[dict[str, Any]]:
    """Return the figures for each number of clients; `guard` is the name of the one that the side has."""
    for number in range(PICTURES):
        work.picture(number)  # drawn now; the processes of the clients inherit them
    ask = partial(_request, work)
    run_load_in_processes(url, ask, clients=2, requests=2, processes=1)
    rows = []
    for count in clients:
        with BusyMeter() as meter:
            load = run_load_in_processes(url, ask, clients=count, requests=work.requests(count), processes=8)
        rows.append(row(load, guard=guard, busy_percent=meter.busy_percent, peak_mib=meter.peak_mib))
        sys.stderr.write(f"{json.dumps(rows[-1])}\n")
    return rows


def _request(work: Workload, number: int) -> dict[str, Any]:
    return body(number, work.tokens_of(number), work.picture(number))


if __name__ == "__main__":
    sys.exit(main())
