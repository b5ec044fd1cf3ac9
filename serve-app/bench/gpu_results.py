"""What `bench.gpu` measured, as a JSON file from which docs/benchmarks/gpu.md is made."""

import datetime
import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench import roofline
from bench.card import nvidia_smi
from bench.load import Load, machine

SEQUENCES = 256
"""Pages that are decoded together at most, on both sides of every comparison."""


def row(load: Load, *, guard: str, busy_percent: float | None, peak_mib: int | None) -> dict[str, Any]:
    """Return the figures of one load."""
    bandwidth = roofline.bandwidth(nvidia_smi("name"))
    bound = roofline.tokens_per_s(bandwidth, min(load.clients, SEQUENCES)) if bandwidth else None
    return {
        "clients": load.clients,
        "pages": len(load.answers),
        "seconds": round(load.seconds, 2),
        "tokens_per_s": round(load.tokens_per_s, 1),
        "pages_per_s": round(load.requests_per_s, 3),
        "first_token_p50_ms": round(1_000 * load.first_token(0.5)),
        "first_token_p99_ms": round(1_000 * load.first_token(0.99)),
        "roofline_tokens_per_s": round(bound) if bound else None,
        "busy_percent": None if busy_percent is None else round(busy_percent),
        "peak_mib": peak_mib,
        "guard": guard,
    }


class Results:
    """The file of results, written after every part, so that a run that is cut short keeps what it has.

    Args:
        path: The file; what it has stays if it comes from the same card, commit and form.
        head: What was measured with, apart from the machine: model, tokens of a page, tiny or not, commit.
    """

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        self._path = path
        self._data: dict[str, Any] = {**_machine(), **head, "parts": {}}
        try:
            earlier = json.loads(path.read_text())
        except (OSError, ValueError):
            return
        if all(earlier.get(key) == self._data[key] for key in ("card", "commit", "tiny", "model", "tokens_a_page")):
            self._data["parts"] = earlier["parts"]

    def keep(self, part: str, figures: Mapping[str, Any]) -> None:
        """Set the figures of a part and write the file."""
        self._data["parts"][part] = figures
        self._data["load"] = machine()
        self._path.write_text(f"{json.dumps(self._data, indent=2)}\n")


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "card": nvidia_smi("name") or None,
        "driver": nvidia_smi("driver_version") or None,
        "memory_mib": int(nvidia_smi("memory.total") or 0) or None,
        "versions": {name: _version(name) for name in ("vllm", "torch", "ray")} | {"python": platform.python_version()},
    }


def _version(name: str) -> str | None:
    for package in (name, f"{name}-cpu"):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return None


def commit() -> str | None:
    """Return the commit of this checkout; None if it is none, as on a machine that it was copied to."""
    folder = Path(__file__).parent
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or None
