"""The real application on Ray Serve with the real vLLM, on loopback, for tests and benchmarks."""

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tools.ports import free_port

SERVE_APP = Path(__file__).parents[2]
START_S = 1_800

# A machine without a GPU and with other work to do: vLLM's threads must not wait for each other, nor time out.
ENVIRONMENT = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(os.cpu_count() or 1)),
    "KMP_BLOCKTIME": "0",
    "VLLM_EXECUTE_MODEL_TIMEOUT_SECONDS": "3600",
    "HF_HUB_OFFLINE": "1",
}


@dataclass
class Service:
    """A running application.

    Attributes:
        url: Of the HTTP front, without `/v1`.
        directory: Ray's temporary directory.
        config: Its serveConfigV2.
    """

    url: str
    directory: Path
    config: dict[str, Any]

    def rescale(self, **autoscaling: Any) -> None:
        """Change the Engine's autoscaling in place, as an update of serveConfigV2 does."""
        self.config["applications"][0]["deployments"][1]["autoscaling_config"].update(autoscaling)
        deploy(self.config)

    def health(self) -> dict[str, Any]:
        """Return `/health`."""
        return dict(httpx.get(f"{self.url}/health", timeout=30).json())

    def engine_processes(self) -> list[psutil.Process]:
        """Return vLLM's engine and worker processes that descend from this test's Ray."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            with contextlib.suppress(psutil.Error):
                ours = process.environ().get("OCR_TEST_SERVICE") == str(self.directory)
                if ours and any(part.startswith("VLLM::") for part in process.info["cmdline"] or ()):
                    found.append(process)
        return found


def vllm_settings(checkpoint: Path, **changes: Any) -> dict[str, Any]:
    """Return the application's settings for the tiny checkpoint."""
    vllm = {
        "model": str(checkpoint),
        "revision": None,
        "load_format": "dummy",
        # Without AVX-512, bfloat16 is eight times slower than this on a CPU.
        "dtype": "float32",
        "enforce_eager": True,
        "max_model_len": 1024,
        "max_num_seqs": 8,
        "default_mode": "tiny",
        # The largest page that could come is a long computation for a CPU.
        "extra_engine_args": {"skip_mm_profiling": True, **changes.pop("extra_engine_args", {})},
    }
    return {"engine": "vllm", "vllm": {**vllm, **changes}, "queue": {"request_timeout_s": 3_000}}


@contextlib.contextmanager
def run_service(settings: dict[str, Any], engine: dict[str, Any] | None = None, *, gpus: int = 0) -> Iterator[Service]:
    """Deploy the application as `npm start` and the cluster do, by a serveConfigV2, and end it afterwards.

    Args:
        settings: The application's, as `args`.
        engine: More options of the deployment `Engine`, such as its autoscaling_config.
        gpus: GPUs that replicas may take.
    """
    from tools import local_ray

    directory = Path(tempfile.mkdtemp(prefix="vl-", dir="/tmp"))
    port = free_port()
    os.environ.update(ENVIRONMENT)
    os.environ["OCR_TEST_SERVICE"] = str(directory)
    local_ray.prepare(directory)
    http = {"host": "127.0.0.1", "port": port}
    config: dict[str, Any] = {
        "proxy_location": "HeadOnly",
        "http_options": http,
        "applications": [
            {
                "name": "deepseek-ocr",
                "route_prefix": "/",
                "import_path": "ocr_app.app:build",
                "args": settings,
                "deployments": [
                    {"name": "Api", "ray_actor_options": {"num_cpus": 0}, "max_ongoing_requests": 10_000},
                    {
                        "name": "Engine",
                        "ray_actor_options": {"num_cpus": 0},
                        "max_ongoing_requests": 1_000,
                        "graceful_shutdown_timeout_s": 5,
                        **(engine or {}),
                    },
                ],
            }
        ],
    }
    try:
        local_ray.start(directory, num_cpus=2, num_gpus=gpus)
        from ray.serve._private.api import serve_start

        serve_start(http_options=http, proxy_location="HeadOnly")
        deploy(config)
        service = Service(f"http://127.0.0.1:{port}", directory, config)
        wait_for(lambda: answers(service), "the front", 300)
        yield service
    finally:
        local_ray.stop(grace_s=20)
        shutil.rmtree(directory, ignore_errors=True)


def deploy(config: dict[str, Any]) -> None:
    """Apply a serveConfigV2 to the running Serve."""
    from ray.serve.context import _get_global_client
    from ray.serve.schema import ServeDeploySchema

    client = _get_global_client()
    assert client is not None
    client.deploy_apps(ServeDeploySchema(**config))


def answers(service: Service) -> bool:
    """Tell whether the front is up."""
    try:
        return "engine" in service.health()
    except (httpx.HTTPError, json.JSONDecodeError):
        return False


def wait_for(condition: Any, what: str, timeout_s: float = START_S) -> None:
    """Wait until a condition holds; fail with its name."""
    until = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {timeout_s} s")
        time.sleep(0.5)
