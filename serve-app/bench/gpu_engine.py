"""vLLM by itself, as our engine starts it: `python -m bench.gpu_engine VARIANT OUT`, for `bench.gpu`.

No HTTP and no Ray: what the GPU does at most. In a process of its own, which gives the GPU back when it ends.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bench.card import BusyMeter, used_mib
from bench.gpu_results import row
from bench.guards import DEFAULT, GUARDS
from bench.load import Load, TimedAnswer
from bench.workload import Workload
from ocr_app.engine.vllm import startup
from ocr_app.engine.vllm.args import LOGITS_PROCESSOR, engine_args, environment
from ocr_app.ocr.modes import MODES, Mode
from ocr_app.ocr.prompts import FREE_OCR
from ocr_app.settings import VllmEngineSettings

if TYPE_CHECKING:
    from PIL import Image

    from ocr_app.engine.vllm.runtime import Runtime

VARIANTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "base": {},
        "batched-2048": {"max_num_batched_tokens": 2_048},
        "batched-8192": {"max_num_batched_tokens": 8_192},
        # The graphs have fixed sizes, so that only the mode gundam works.
        "encoder-graphs": {"compilation_config": {"cudagraph_mm_encoder": True}},
        "untuned": {},
        "eager": {"enforce_eager": True},
    }
)
"""vLLM's engine arguments in which a variant differs from what the engine has; `untuned` does without our folder of
tuned kernels."""


def main() -> None:
    """Measure a variant and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("out", type=Path)
    parser.add_argument("workload", type=json.loads, help="fields of bench.workload.Workload")
    options = parser.parse_args()
    work = Workload(**options.workload)
    with tempfile.TemporaryDirectory() as folder:
        log = startup.write_log_config(Path(folder), Path(folder) / "vllm.log")
        settings = work.settings(**VARIANTS[options.variant])
        os.environ.update(environment(settings, os.environ, log))
        if options.variant == "untuned":
            os.environ.pop("VLLM_TUNED_CONFIG_FOLDER", None)
        figures = asyncio.run(_measure(options.variant, work, settings))
    options.out.write_text(json.dumps(figures))


async def _measure(variant: str, work: Workload, settings: VllmEngineSettings) -> dict[str, Any]:
    from ocr_app.engine.vllm.runtime import Runtime

    arguments = engine_args(settings, work.model)
    arguments["logits_processors"] = [LOGITS_PROCESSOR, "bench.vllms_guard:VllmsGuard"]
    began = time.perf_counter()
    runtime = Runtime(arguments, "deepseek-ocr")
    try:
        figures: dict[str, Any] = {
            "start_s": round(time.perf_counter() - began, 1),
            "memory_mib": used_mib(),
            "batched_tokens": runtime.batched_tokens,
            "loads": [],
            "encoder": {},
        }
        mode: Mode = "gundam" if variant == "encoder-graphs" or not work.tiny else "tiny"
        page = runtime.prepare(work.page(), mode)
        await _load(runtime, page, work, 2, DEFAULT, requests=2)  # warm
        for clients in work.clients:
            figures["loads"].append(await _load(runtime, page, work, clients, DEFAULT))
        if variant == "base":
            for guard in [name for name in GUARDS if name != DEFAULT]:
                figures["loads"].append(await _load(runtime, page, work, work.clients[-1], guard))
        modes: Sequence[Mode] = tuple(MODES)
        if variant == "encoder-graphs" or work.tiny:
            modes = (mode,)
        for name in modes:
            prepared = runtime.prepare(work.page(), name)
            pages = 2 if work.tiny else 64
            figures["encoder"][name] = await _load(runtime, prepared, work, pages, DEFAULT, requests=pages, tokens=1)
    finally:
        runtime.shutdown()
    return figures


async def _load(
    runtime: "Runtime",
    page: "Image.Image",
    work: Workload,
    clients: int,
    guard: str,
    *,
    requests: int | None = None,
    tokens: int | None = None,
) -> dict[str, Any]:
    """Let `clients` read pages at once; `tokens` of each page if not those of the workload."""
    numbers = iter(range(requests or work.requests(clients)))
    answers: list[TimedAnswer] = []

    async def client() -> None:
        for number in numbers:
            answers.append(
                await _read(runtime, page, f"{id(numbers)}-{number}", tokens or work.tokens_of(number), guard)
            )

    with BusyMeter() as meter:
        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        load = Load(clients, time.perf_counter() - began, tuple(answers))
    figures = row(load, guard=guard, busy_percent=meter.busy_percent, peak_mib=meter.peak_mib)
    sys.stderr.write(f"{json.dumps(figures)}\n")
    return figures


async def _read(runtime: "Runtime", page: "Image.Image", name: str, tokens: int, guard: str) -> TimedAnswer:
    fields: dict[str, Any] = {
        "temperature": 0.0,
        "max_tokens": tokens,
        "ignore_eos": True,
        "skip_special_tokens": False,
        "vllm_xargs": GUARDS[guard] or None,
    }
    parts: Sequence[Any] = ({"type": "image_pil", "image_pil": page}, {"type": "text", "text": FREE_OCR})
    answer = TimedAnswer(time.perf_counter())
    async for step in runtime.generate(name, [{"role": "user", "content": list(parts)}], fields):
        answer.arrivals.append(time.perf_counter())
        answer.tokens += step.tokens
    answer.ended = time.perf_counter()
    return answer


if __name__ == "__main__":
    main()
