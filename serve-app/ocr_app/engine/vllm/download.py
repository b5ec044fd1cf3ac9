"""Downloads the model before vLLM starts, so that the longest part of a first start shows its progress."""

import os
import threading
from pathlib import Path

from ocr_app import model_files
from ocr_app.engine.types import Report
from ocr_app.settings import VllmEngineSettings


def fetch_model(settings: VllmEngineSettings, report: Report, *, interval_s: float = 2) -> str:
    """Return the folder of the model, downloading what is not in the cache yet. Blocks.

    Raises:
        Exception: Any error of huggingface_hub; `startup.explain` turns it into plain words.
    """
    if os.path.isdir(settings.model):
        return settings.model
    from huggingface_hub import snapshot_download  # in vLLM's images, not in the Api's

    stop = threading.Event()
    report("looking for the model")
    watcher = threading.Thread(target=_report_size, args=(settings, report, stop, interval_s), daemon=True)
    watcher.start()
    try:
        weights = settings.load_format != "dummy"
        patterns = [pattern for pattern in model_files.PATTERNS if weights or pattern != "*.safetensors"]
        return str(
            snapshot_download(
                settings.model, revision=settings.revision, cache_dir=settings.download_dir, allow_patterns=patterns
            )
        )
    finally:
        stop.set()
        watcher.join()


def size_of(folder: Path) -> int:
    """Return the bytes in a folder, unfinished downloads included; 0 if there is no such folder."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            try:
                total += 0 if os.path.islink(path) else os.stat(path).st_size
            except OSError:
                continue  # moved to its final place in the meantime
    return total


def _report_size(settings: VllmEngineSettings, report: Report, stop: threading.Event, interval_s: float) -> None:
    from huggingface_hub import constants

    cache = Path(settings.download_dir or constants.HF_HUB_CACHE)
    folder = cache / f"models--{settings.model.replace('/', '--')}"
    before = size_of(folder)
    while not stop.wait(interval_s):
        now = size_of(folder)
        if now != before:
            report(f"downloading the model: {now / 1e9:.1f} GB so far")
            before = now
