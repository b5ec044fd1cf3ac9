"""PDFs through `/v1/ocr`: `python -m bench.documents URL null|cpu`; prints JSON.

With engine `null`: pages a second beside PDFium alone on all cores, memory over a long document, its first page, and
`/health` meanwhile. With engine `cpu`: pages a second beside the engine called directly. What is compared takes turns.
"""

import asyncio
import base64
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import psutil

from bench.engine_alone import EngineAlone
from faults.processes import role_of
from faults.watch import HealthWatch
from ocr_app.documents.image_file import encoded
from ocr_app.documents.resolution import Rule, drawing_of
from ocr_app.settings import Settings

_ROUNDS = 3
_PAGES = {"null": 100, "cpu": 16}
_LONG = 1_000
_SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sample.pdf"
_RULE = Rule.of(Settings().documents, Settings().limits)
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main(url: str, engine: str) -> None:
    """Measure and print."""
    measured = measure_null(url) if engine == "null" else asyncio.run(measure_cpu(url))
    print(json.dumps(measured))


def measure_null(url: str) -> dict[str, Any]:
    """Compare with PDFium, then send a long document."""
    pages = _PAGES["null"]
    pdf = document(pages)
    seconds = {"service": 0.0, "drawn": 0.0, "encoded": 0.0}
    with ProcessPoolExecutor(_CORES, get_context("spawn")) as pool, httpx.Client(timeout=600) as client:
        shares = [(pdf, range(first, pages, _CORES)) for first in range(_CORES)]
        list(pool.map(_draw, shares))
        _read(client, url, pdf)
        for _ in range(_ROUNDS):
            for which, encode in (("drawn", False), ("encoded", True)):
                began = time.perf_counter()
                list(pool.map(_draw, [(*share, encode) for share in shares]))
                seconds[which] += time.perf_counter() - began
            began = time.perf_counter()
            _read(client, url, pdf)
            seconds["service"] += time.perf_counter() - began
        rates = {which: _ROUNDS * pages / took for which, took in seconds.items()}
        return {**rates, "long": _long(client, url)}


async def measure_cpu(url: str) -> dict[str, float]:
    """Compare with the engine called directly by two clients, with the same pages as images."""
    pages = _PAGES["cpu"]
    pdf = document(pages)
    images = list(_drawn(pdf, range(pages), encode=True))
    engine = EngineAlone("cpu")
    await engine.start()
    seconds = {"service": 0.0, "direct": 0.0}
    async with httpx.AsyncClient(timeout=600) as client:
        body = _body(document(1))
        (await client.post(f"{url}/v1/ocr", json=body)).raise_for_status()
        await engine.read(images[:1], clients=1)
        for _ in range(_ROUNDS):
            seconds["direct"] += await engine.read(images, clients=2)
            began = time.perf_counter()
            (await client.post(f"{url}/v1/ocr", json=_body(pdf))).raise_for_status()
            seconds["service"] += time.perf_counter() - began
    await engine.close()
    return {which: _ROUNDS * pages / took for which, took in seconds.items()}


def document(pages: int) -> bytes:
    """Return the sample page of `npm start` so many times in one PDF."""
    with pikepdf.open(_SAMPLE) as sample, pikepdf.new() as made:
        for _ in range(pages):
            made.pages.append(sample.pages[0])
        buffer = io.BytesIO()
        made.save(buffer)
        return buffer.getvalue()


def _draw(share: tuple[Any, ...]) -> int:
    return sum(1 for _ in _drawn(*share))


def _drawn(pdf: bytes, numbers: range, encode: bool = False) -> Iterator[bytes]:
    """Draw pages as the service does, and make files of them if that is asked for."""
    import pypdfium2

    opened = pypdfium2.PdfDocument(pdf)
    opened.init_forms()
    for number in numbers:
        page = opened[number]
        drawing = drawing_of(page.get_width(), page.get_height(), _RULE)
        bitmap = page.render(scale=drawing.scale, rev_byteorder=True)
        yield encoded(bitmap.to_pil()) if encode else b""
        bitmap.close()
        page.close()
    opened.close()


def _body(pdf: bytes, **more: Any) -> dict[str, Any]:
    url = "data:application/pdf;base64," + base64.b64encode(pdf).decode()
    return {"model": "deepseek-ocr", "document": {"type": "document_url", "document_url": url}, **more}


def _read(client: httpx.Client, url: str, pdf: bytes) -> None:
    client.post(f"{url}/v1/ocr", json=_body(pdf)).raise_for_status()


def _long(client: httpx.Client, url: str) -> dict[str, Any]:
    """Send a document of 1,000 pages as a stream; look at memory, at the first page, and at `/health` meanwhile."""
    alone = min(_until_first(client, url, document(1)) for _ in range(_ROUNDS))
    watch = HealthWatch(int(url.rpartition(":")[2]))
    memory: dict[int, int] = {}
    began, first = time.perf_counter(), 0.0
    for count in _events(client, url, document(_LONG)):
        first = first or time.perf_counter() - began
        if count in (50, _LONG):
            memory[count] = _memory()
    took = time.perf_counter() - began
    seen = watch.stop()
    return {
        "pages_per_s": _LONG / took,
        "first_page_s": first,
        "first_page_alone_s": alone,
        "memory_grown_bytes": memory[_LONG] - memory[50],
        "health": asdict(seen),
    }


def _until_first(client: httpx.Client, url: str, pdf: bytes) -> float:
    began = time.perf_counter()
    events = _events(client, url, pdf)
    next(events)
    took = time.perf_counter() - began
    for _ in events:
        pass
    return took


def _events(client: httpx.Client, url: str, pdf: bytes) -> Iterator[int]:
    """Yield how many pages have come, page by page."""
    count = 0
    with client.stream("POST", f"{url}/v1/ocr", json=_body(pdf, stream=True)) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines():
            if '"ocr.page"' in line:
                count += 1
                yield count
    if count == 0:
        raise RuntimeError("no page came")


def _memory() -> int:
    """Return what the Api and its child processes have for themselves, in bytes."""
    for process in psutil.process_iter(["cmdline"]):
        if role_of(process.info["cmdline"] or ()) == "Api":
            return sum(each.memory_full_info().uss for each in (process, *process.children(recursive=True)))
    raise RuntimeError("the Api is not among the processes")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
