"""Applications under test, and what tests need to know of their processes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

SERVE_APP = Path(__file__).parents[2]

DEADLY = "deadly"
"""A request with this field, set to true, ends the process of the engine in deadly.py, as a crash does."""


def app_config(name: str, null: dict[str, Any], engine: str = "null") -> dict[str, Any]:
    """An application of serveConfigV2, with delays short enough for tests."""
    queue = {"cold_start_deadline_s": 60, "request_timeout_s": 60, "keep_alive_interval_s": 0.5}
    return {
        "name": name,
        "route_prefix": f"/{name}",
        "import_path": "ocr_app.app:build",
        "args": {"engine": engine, "null": null, "queue": queue},
        "deployments": [
            {
                "name": "Api",
                "num_replicas": 1,
                "max_ongoing_requests": 1000,
                "health_check_period_s": 1,
                "ray_actor_options": {"num_cpus": 0},
            },
            {
                "name": "Engine",
                "max_ongoing_requests": 32,
                "graceful_shutdown_timeout_s": 5,
                "health_check_period_s": 1,
                "ray_actor_options": {"num_cpus": 0.1},
                "autoscaling_config": {
                    "min_replicas": 0,
                    "initial_replicas": 0,
                    "max_replicas": 1,
                    "target_ongoing_requests": 16,
                    "upscale_delay_s": 2,
                    "downscale_delay_s": 6,
                    "downscale_to_zero_delay_s": 6,
                    "look_back_period_s": 2,
                    "metrics_interval_s": 1,
                },
            },
        ],
    }


@dataclass(frozen=True)
class AppUnderTest:
    """A deployed application."""

    name: str
    url: str

    @property
    def chat(self) -> str:
        return f"{self.url}/v1/chat/completions"

    def health(self) -> dict[str, Any]:
        body: dict[str, Any] = httpx.get(f"{self.url}/health", timeout=30).json()
        return body

    def engine_state(self) -> str:
        return str(self.health()["engine"]["state"])

    def pids(self, deployment: str) -> list[int]:
        """Process ids of a deployment's replicas."""
        title = f"ray::ServeReplica:{self.name}:{deployment}"
        return [
            process.pid for process in psutil.Process().children(recursive=True) if _command(process).startswith(title)
        ]


def _command(process: psutil.Process) -> str:
    """The command line of a process; empty once it has ended, also while it waits to be reaped."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def wait_for(condition: Callable[[], bool], timeout_s: float, what: str) -> None:
    """Wait until a condition holds; errors of the connection count as not yet."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (httpx.HTTPError, ValueError, psutil.Error):
            pass
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {timeout_s} s")
