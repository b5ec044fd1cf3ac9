"""What the repetition guard costs a step, ours beside vLLM's own, in one run: `python -m bench.guard`.

CPU time of the thread that samples, for one call of `apply` on the batch's logits; on the GPU if there is one. Both get
the same sequences in turn: pages of prose and of tables, about half a context long. No model is loaded.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from bench.guards import CELLS, DEFAULT, GUARDS, WIDE
from bench.load import machine, table

VOCABULARY = 129_280
BEGUN = 4_000
"""Tokens that each sequence has before the first step that is measured."""


def page_tokens(number: int, length: int) -> list[int]:
    """Return the tokens of a made-up page: every other one is a table, whose cells repeat."""
    draw = random.Random(number)  # noqa: S311
    words = [draw.randrange(100_000) for _ in range(400)]
    if number % 2:
        cell, end = CELLS
        cells = ([cell, draw.choice(words[:20]), end] for _ in range(length))
        return [token for cell in cells for token in cell][:length]
    return [draw.choice(words) for _ in range(length)]


def step_ms(guard: Any, pages: Sequence[Sequence[int]], extra: dict[str, Any], steps: int, device: str) -> list[float]:
    """Return the milliseconds of CPU of each step: one more token for every page, then `apply`.

    Args:
        guard: A logits processor without requests.
        pages: Tokens of each sequence, `BEGUN` + `steps` of them.
        extra: `vllm_xargs` of the requests.
        steps: How many to measure.
        device: Of the logits.
    """
    import torch
    from vllm.v1.sample.logits_processor.interface import BatchUpdate

    outputs = [list(page[:BEGUN]) for page in pages]
    params = SimpleNamespace(extra_args=extra)
    added = [(row, params, None, output) for row, output in enumerate(outputs)]
    guard.update_state(BatchUpdate(len(pages), (), added, ()))
    logits = torch.zeros(len(pages), VOCABULARY, device=device)
    guard.apply(logits)
    times = []
    for step in range(BEGUN, BEGUN + steps):
        for output, page in zip(outputs, pages, strict=True):
            output.append(page[step])
        if device != "cpu":
            torch.cuda.synchronize()
        began = time.thread_time()
        guard.update_state(None)
        guard.apply(logits)
        times.append(1000 * (time.thread_time() - began))
    return times


def main() -> None:
    """Measure and print a table."""
    import torch
    from vllm.model_executor.models.deepseek_ocr import NGramPerReqLogitsProcessor

    from ocr_app.engine.vllm.repetition_guard import RepetitionGuard

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", default="1,32,256")
    parser.add_argument("--steps", type=int, default=50, help="of ours; vLLM's own gets a fifth")
    options = parser.parse_args()
    torch.set_num_threads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    rows = []
    for extra in (dict(GUARDS[DEFAULT]), dict(GUARDS[WIDE])):
        for count in map(int, options.sequences.split(",")):
            pages = [page_tokens(number, BEGUN + options.steps) for number in range(count)]
            medians = []
            for kind, steps in (
                (NGramPerReqLogitsProcessor, max(1, options.steps // 5)),
                (RepetitionGuard, options.steps),
            ):
                times = sorted(step_ms(kind(None, torch.device(device), False), pages, extra, steps, device))
                medians.append(times[len(times) // 2])
            vllms, ours = medians
            name = f"{extra['ngram_size']}/{extra['window_size']}, {count}"
            rows.append((name, f"{vllms:.3f}", f"{ours:.3f}", f"{vllms / ours:.0f}"))
    head = ("guard, sequences", "vLLM's, ms of CPU a step", "ours", "times faster")
    where = torch.cuda.get_device_name() if device == "cuda" else "no GPU"
    sys.stdout.write(f"{table(head, rows)}\n{where}; {machine()}\n")


if __name__ == "__main__":
    main()
