"""One Ray instance, with its own ports and directory, for every test in this folder."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.scan import two_pages
from tests.e2e.service import AppUnderTest, app_config
from tools import local_ray
from tools.ports import free_port


@pytest.fixture(scope="session")
def ray_instance() -> Iterator[int]:
    """Ray with Serve and an application for each fixture below; the port of the HTTP proxy."""
    directory = tempfile.mkdtemp(prefix="ocr-e2e-", dir="/tmp")
    local_ray.prepare(Path(directory))

    from ray import serve
    from ray.serve.context import _get_global_client
    from ray.serve.schema import ServeDeploySchema

    port = free_port()
    local_ray.start(Path(directory), num_cpus=8)
    try:
        serve.start(proxy_location="HeadOnly", http_options={"host": "127.0.0.1", "port": port})
        client: Any = _get_global_client()
        applications = [
            app_config("main", {"tokens": 2_000, "token_interval_s": 0.02}),
            app_config("failing", {"start_error": "no GPU was found"}),
            app_config("reading", {}, engine="cpu"),
            app_config("paging", {"latency_s": 0.1}),
            app_config("deadly", {"latency_s": 1}) | {"import_path": "tests.e2e.deadly:build"},
        ]
        client.deploy_apps(ServeDeploySchema.model_validate({"applications": applications}))
        wait_until_running(["main", "failing", "reading", "paging", "deadly"])
        yield port
    finally:
        local_ray.stop()
        shutil.rmtree(directory, ignore_errors=True)


def wait_until_running(names: list[str], timeout_s: float = 300) -> None:
    from ray import serve

    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        applications = serve.status().applications
        states = [str(applications[name].status.value) if name in applications else "" for name in names]
        if all(state == "RUNNING" for state in states):
            return
        assert "DEPLOY_FAILED" not in states, applications
        time.sleep(0.2)
    raise AssertionError(f"the applications did not start: {states}")


@pytest.fixture(scope="session")
def main(ray_instance: int) -> AppUnderTest:
    """Words, one each 20 ms, as many as max_tokens asks for."""
    return AppUnderTest("main", f"http://127.0.0.1:{ray_instance}/main")


@pytest.fixture(scope="session")
def failing(ray_instance: int) -> AppUnderTest:
    """An engine that cannot start."""
    return AppUnderTest("failing", f"http://127.0.0.1:{ray_instance}/failing")


@pytest.fixture(scope="session")
def reading(ray_instance: int) -> AppUnderTest:
    """The CPU engine."""
    return AppUnderTest("reading", f"http://127.0.0.1:{ray_instance}/reading")


@pytest.fixture(scope="session")
def paging(ray_instance: int) -> AppUnderTest:
    """An engine that takes 0.1 s for a page."""
    return AppUnderTest("paging", f"http://127.0.0.1:{ray_instance}/paging")


@pytest.fixture(scope="session")
def deadly(ray_instance: int) -> AppUnderTest:
    """An engine that marked requests kill; see deadly.py."""
    return AppUnderTest("deadly", f"http://127.0.0.1:{ray_instance}/deadly")


@pytest.fixture(scope="session")
def scan() -> bytes:
    """A PDF of two pages that are pictures."""
    return two_pages()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as client:
        yield client
