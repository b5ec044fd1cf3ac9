"""Preprocessing of a page by itself (decode, tile, normalise), by number of threads: `python -m bench.preprocess`.

The functions that the engine calls, though it decodes in child processes; needs vLLM installed, no model.
"""

import argparse
import io
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench.load import machine, table
from bench.workload import A4_200_DPI
from ocr_app.engine.images import decode
from ocr_app.ocr.modes import Mode
from tests.vllm.pages import page


def page_file(kind: str) -> bytes:
    """Return an A4 page at 200 dpi as a file."""
    file = io.BytesIO()
    page(*A4_200_DPI).save(file, kind)
    return file.getvalue()


def preprocess(data: bytes, mode: Mode) -> tuple[float, float]:
    """Decode and tile a page as the engine does; return the seconds of both."""
    import torch

    from ocr_app.engine.vllm.processor import prepare_page

    began = time.perf_counter()
    image = decode(data, max_pixels=10**8)
    decoded = time.perf_counter()
    prepare_page(image, mode, torch.bfloat16)
    return decoded - began, time.perf_counter() - decoded


def preprocess_times(mode: Mode, kind: str, repeats: int = 5) -> tuple[float, float]:
    """Return the best of several runs, alone on its thread."""
    data = page_file(kind)
    return min((preprocess(data, mode) for _ in range(repeats)), key=sum)


def main() -> None:
    """Measure and print a table."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", default="1,2,4")
    parser.add_argument("--pages", type=int, default=16)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    modes: tuple[Mode, ...] = ("tiny", "base", "gundam")
    for mode in modes:
        for kind in ("PNG", "JPEG"):
            decode_s, tile_s = preprocess_times(mode, kind)
            data = page_file(kind)
            rates = []
            for threads in map(int, options.threads.split(",")):
                with ThreadPoolExecutor(threads) as pool:
                    began = time.perf_counter()
                    list(pool.map(preprocess, [data] * options.pages, [mode] * options.pages))
                    rates.append(f"{options.pages / (time.perf_counter() - began):.1f}")
            rows.append((f"{mode}, {kind}", f"{1000 * decode_s:.0f}", f"{1000 * tile_s:.0f}", *rates))
    head = ("mode, file", "decode ms", "tile ms", *(f"pages/s, {n} threads" for n in options.threads.split(",")))
    sys.stdout.write(f"A4 at 200 dpi ({A4_200_DPI[0]} x {A4_200_DPI[1]})\n\n{table(head, rows)}\n{machine()}\n")


if __name__ == "__main__":
    main()
