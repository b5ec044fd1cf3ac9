"""A Ray on one machine that other machines and users cannot reach, and that starts fast.

For `npm start`, tests and benchmarks.

Ray 2.60 has no option for any of this, so a few of its private names are set, only in this file; serve-app/
requirements pins Ray exactly, and tests/tools/start/start.test.ts looks at the sockets that are really open.
"""

import contextlib
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.ports import free_port

# Imported by every worker before it starts its servers.
_WORKER_MODULE = "tools.ray_loopback"
_SERVE_APP = Path(__file__).resolve().parent.parent
_START_ATTEMPTS = 3
_OBJECT_STORE_BYTES = 256 * 2**20  # a few of the largest requests (32 MiB); Ray's default is 30 % of the memory
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def set_environment() -> None:
    """Set what Ray reads when it is imported, and its processes inherit.

    For programs that import a library which imports Ray before `prepare` can be called, such as vLLM.
    """
    # The switches of Ray Serve that a cluster has too.
    switches = json.loads((_SERVE_APP / "ocr_app" / "runtime-env.json").read_text())
    os.environ.pop("RAY_ADDRESS", None)
    paths = [str(_SERVE_APP), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ.update(
        RAY_AUTH_MODE="token",
        RAY_USAGE_STATS_ENABLED="0",
        # A call to Ray after `stop` must fail: by default it would start another Ray, which other machines can reach.
        RAY_ENABLE_AUTO_CONNECT="0",
        RAY_preload_python_modules=_WORKER_MODULE,
        PYTHONPATH=os.pathsep.join(dict.fromkeys(paths)),
        **{name: switch["value"] for name, switch in switches.items()},
        **_without_proxy(os.environ),
    )


def _without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables that let requests to this machine bypass any proxy; a proxy's 127.0.0.1 is another machine.

    gRPC, by which Ray Serve's proxy reaches a replica, takes its proxy from `grpc_proxy` before `https_proxy` and
    `http_proxy`, and none if that is empty (https://github.com/grpc/grpc/blob/master/doc/environment_variables.md).
    """
    own = re.split(r"[\s,]+", environment.get("no_proxy") or environment.get("NO_PROXY") or "")
    names = "*" if "*" in own else ",".join(dict.fromkeys(filter(None, (*own, *_LOOPBACK))))
    return {"grpc_proxy": "", "no_proxy": names, "NO_PROXY": names}


def prepare(directory: Path) -> None:
    """Make Ray ask for a secret that only this user can read; call this before `import ray`.

    Args:
        directory: An empty directory of this instance, with a short path: Ray puts sockets below it.
    """
    if "ray" in sys.modules and os.environ.get("RAY_AUTH_MODE") != "token":
        raise RuntimeError("Ray was imported before its environment was set: call set_environment() first.")
    set_environment()
    token = directory / "token"
    token.touch(mode=0o600)
    token.write_text(secrets.token_hex(32))
    os.environ["RAY_AUTH_TOKEN_PATH"] = str(token)


def start(directory: Path, *, num_cpus: int, num_gpus: int = 0) -> None:
    """Start Ray below `directory`, connected to this process: its processes end with this one.

    Ray gives its own processes 30 s to start, which a busy machine may exceed, so it is tried a few times.

    Args:
        directory: The one that `prepare` was called with.
        num_cpus: CPUs that replicas may reserve, however many the machine has.
        num_gpus: GPUs that replicas may reserve.
    """
    import ray
    from ray._private import node, parameter, ray_constants

    # What Ray does on macOS and Windows: 127.0.0.1 is the address of the node, and its servers listen there only
    # (https://github.com/ray-project/ray/issues/18730). Elsewhere it replaces 127.0.0.1 by an outside address.
    ray_constants.ENABLE_RAY_CLUSTER = False

    # Three processes that a cluster needs and one machine does not: the autoscaler's monitor, the copier of worker
    # logs, and the dashboard's server, which starts even with include_dashboard=False. They cost 5 s of CPU time.
    original = parameter.RayParams.__init__

    def without_helpers(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.no_monitor = True
        self.include_log_monitor = False
        # Otherwise the node waits until its agent, which imports a lot, has told which port it took.
        self.metrics_agent_port = free_port()

    parameter.RayParams.__init__ = without_helpers  # type: ignore[method-assign]
    node.Node.start_api_server = lambda self, **kwargs: None  # type: ignore[method-assign]

    for attempt in range(_START_ATTEMPTS):
        try:
            ray.init(
                address="local",
                num_cpus=num_cpus,
                num_gpus=num_gpus,
                object_store_memory=_OBJECT_STORE_BYTES,
                include_dashboard=False,
                log_to_driver=False,
                configure_logging=False,
                _temp_dir=str(directory / f"ray{attempt}"),
            )
        except Exception as error:
            if "timed out during startup" not in str(error) or attempt == _START_ATTEMPTS - 1:
                raise
        else:
            return


def stop(*, grace_s: float = 3) -> None:
    """End Ray and all its processes. Does nothing if it never started.

    Args:
        grace_s: Seconds that its processes get to end by themselves.
    """
    ray = sys.modules.get("ray")
    if ray is None:
        return
    import psutil  # Ray brings its own copy; importable once Ray is

    children = psutil.Process().children(recursive=True)
    _stop_handles()
    ray.shutdown()
    _, left = psutil.wait_procs(children, timeout=grace_s)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=2)


def _stop_handles() -> None:
    """Deployment handles of this process report their load from threads of their own, which outlive Ray."""
    context = sys.modules.get("ray.serve.context")
    client: Any = getattr(context, "_global_client", None)
    if client is not None:
        client.shutdown_cached_handles()
