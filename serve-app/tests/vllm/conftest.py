import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vllm.service import ENVIRONMENT, Service, run_service, vllm_settings
from tools import local_ray

# test_processor imports vLLM into this process, and with it Ray, before the service starts one.
local_ray.set_environment()

HERE = Path(__file__).parent
MISSING = "vLLM is not installed in this environment; `npm run test:vllm` makes one that has it and runs these tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without vLLM; `npm run test:vllm` sets OCR_TEST_VLLM, and then missing is a failure."""
    if importlib.util.find_spec("vllm") is None and not os.environ.get("OCR_TEST_VLLM"):
        for item in items:
            if HERE in Path(item.fspath).parents:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint")
    subprocess.run([sys.executable, str(HERE / "make_checkpoint.py"), str(folder)], check=True)  # noqa: S603
    return folder


@pytest.fixture(scope="session")
def offline(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What vLLM says when it is used directly, with nothing of ours; see offline.py.

    OCR_TEST_OFFLINE names a file that keeps the answers for the next run.
    """
    kept = os.environ.get("OCR_TEST_OFFLINE")
    out = Path(kept) if kept else tmp_path_factory.mktemp("offline") / "answers.json"
    if out.exists():
        return list(json.loads(out.read_text()))
    script = [sys.executable, str(HERE / "offline.py"), str(checkpoint), str(out)]
    subprocess.run(script, check=True, env={**os.environ, **ENVIRONMENT}, timeout=3_600)  # noqa: S603
    return list(json.loads(out.read_text()))


SCALING = {
    "min_replicas": 0,
    "initial_replicas": 0,
    "max_replicas": 1,
    "target_ongoing_requests": 64,
    "metrics_interval_s": 1,
    "look_back_period_s": 5,
    "upscale_delay_s": 1,
    "downscale_delay_s": 3_600,
    "downscale_to_zero_delay_s": 3_600,
}


@pytest.fixture(scope="session")
def service(checkpoint: Path, offline: list[dict[str, Any]]) -> Iterator[Service]:
    """The application, asleep at first. After `offline`, so that two vLLMs never share the machine."""
    settings = vllm_settings(checkpoint, extra_engine_args={"enable_log_requests": True})
    with run_service(settings, {"autoscaling_config": SCALING}) as running:
        yield running
