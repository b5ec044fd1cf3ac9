import subprocess
import sys
from collections.abc import Mapping

import pytest

from tools.local_ray import _without_proxy

# A channel to a server in the same process, as Ray Serve's proxy opens one to a replica.
_CHANNEL = """
import grpc
from concurrent.futures import ThreadPoolExecutor
server = grpc.server(ThreadPoolExecutor(1))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
channel = grpc.insecure_channel(f"127.0.0.1:{port}")
try:
    grpc.channel_ready_future(channel).result(timeout=5)
    print("connected")
except grpc.FutureTimeoutError:
    print("not connected")
"""
_DEAD = "http://127.0.0.1:9"
_PROXIES = {"http_proxy": _DEAD, "https_proxy": _DEAD}


def _connect(environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-c", _CHANNEL]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def test_grpc_goes_through_a_proxy_by_default() -> None:
    assert _connect(_PROXIES) == "not connected"


@pytest.mark.parametrize(
    "variables",
    [
        _without_proxy(_PROXIES),
        {"grpc_proxy": ""},  # in a pod this must be enough: a replica's address is in no list
    ],
)
def test_grpc_bypasses_a_proxy(variables: dict[str, str]) -> None:
    assert _connect({**_PROXIES, **variables}) == "connected"


def test_the_users_own_list_is_kept() -> None:
    assert _without_proxy({"NO_PROXY": "a.example, .corp"})["no_proxy"] == "a.example,.corp,localhost,127.0.0.1,::1"
    assert _without_proxy({"no_proxy": "*"})["no_proxy"] == "*"
