"""Run the application on this machine until standard input ends; started by `npm start` (tools/start).

    python -m tools.run_local --config serve.json --directory /tmp/ocr-xxxx

Reports in JSON lines on file descriptor 3: `{"phase": "..."}` during the start, then `{"ready": true}`;
`{"problem": "reason"}` while it does not answer, `{"problem": null}` once it does again; `{"failed": "reason"}` when it
cannot start, or cannot go on. Standard input ends when the parent ends, also when it is killed.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from tools import local_ray
from tools.watch import dead_process, watch_health

_POLL_S = 0.1
_PROCESS_CHECK_S = 0.5
_LAST_WORDS_S = 1.0  # for what Ray still writes about its end
_START_DEADLINE_S = 180.0


def main() -> int:
    """Start, report, wait, stop."""
    arguments = _arguments()
    stopping = threading.Event()
    _stop_on_signals(stopping)
    threading.Thread(target=_stop_at_end_of_input, args=[stopping], daemon=True).start()
    status = 0
    config = json.loads(arguments.config.read_text())
    lost = threading.Event()
    try:
        _start(arguments.directory, config, stopping, lost)
        if not stopping.is_set():
            _tell(ready=True)
            port = config["http_options"]["port"]
            threading.Thread(target=watch_health, args=[port, stopping, _tell_problem], daemon=True).start()
        stopping.wait()
    except _FailedError as error:
        _tell(failed=str(error))
        status = 1
    except Exception as error:
        if not lost.is_set():
            traceback.print_exc()
            _tell(failed=f"{type(error).__name__}: {error}")
        status = 1
    finally:
        stopping.set()
        local_ray.stop()
    return 1 if lost.is_set() else status


class _FailedError(Exception):
    """The application cannot start; the message says why."""


def _start(directory: Path, config: dict[str, Any], stopping: threading.Event, lost: threading.Event) -> None:
    _tell(phase="Ray")
    local_ray.prepare(directory)
    try:
        local_ray.start(directory, num_cpus=_cpus(config))
    except Exception as error:
        if "timed out during startup" not in str(error):
            raise
        load = os.getloadavg()[0]
        raise _FailedError(
            "Ray tried several times to start and never managed it within 30 s. This machine is busy "
            f"(load average {load:.0f} on {os.cpu_count()} cores); try again when it is less busy."
        ) from error
    # From now on: without one of Ray's processes, the calls below may never return.
    threading.Thread(target=_watch_processes, args=[stopping, lost], daemon=True).start()
    _tell(phase="Ray Serve")
    from ray.serve._private.api import serve_start
    from ray.serve.schema import ApplicationStatus, ServeDeploySchema

    # The same configuration as on the cluster, deployed as the cluster's REST endpoint does it.
    schema = ServeDeploySchema.model_validate(config)
    client = serve_start(
        http_options=config["http_options"],
        proxy_location="HeadOnly",
        global_logging_config=schema.logging_config,
    )
    client.deploy_apps(schema)
    _tell(phase="the application")
    name = schema.applications[0].name
    deadline = time.monotonic() + _START_DEADLINE_S
    while not stopping.wait(_POLL_S):
        app = client.get_serve_details()["applications"].get(name)
        if app is None:
            continue
        if app["status"] == ApplicationStatus.RUNNING:
            return
        if app["status"] in (ApplicationStatus.DEPLOY_FAILED, ApplicationStatus.UNHEALTHY):
            raise _FailedError(_reason(app))
        if time.monotonic() > deadline:
            raise _FailedError(f"not ready after {_START_DEADLINE_S:.0f} s: {_reason(app)}")


def _cpus(config: dict[str, Any]) -> int:
    """CPUs that Ray may assign: enough for every replica, even if the machine has fewer (they share them)."""
    total = 0.0
    for deployment in config["applications"][0]["deployments"]:
        most = deployment.get("autoscaling_config", {}).get("max_replicas", deployment.get("num_replicas", 1))
        total += most * deployment["ray_actor_options"]["num_cpus"]
    return max(1, int(total + 0.999))


def _reason(app: dict[str, Any]) -> str:
    parts = [app["message"]] + [d["message"] for d in app["deployments"].values()]
    return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip())) or str(app["status"])


def _watch_processes(stopping: threading.Event, lost: threading.Event) -> None:
    while not stopping.wait(_PROCESS_CHECK_S):
        reason = dead_process()
        if reason:
            lost.set()
            _tell(failed=reason)
            stopping.set()
            # Ending Ray in good order asks the processes that are gone; the parent ends what is left of the session.
            time.sleep(_LAST_WORDS_S)
            os._exit(1)


def _tell_problem(problem: str | None) -> None:
    _tell(problem=problem)


def _stop_on_signals(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)


def _stop_at_end_of_input(stopping: threading.Event) -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock a thread that waits would hold at exit
        pass
    stopping.set()


def _tell(**event: Any) -> None:
    # If the parent has ended, so does standard input, which stops this process.
    with contextlib.suppress(OSError):
        os.write(3, (json.dumps(event) + "\n").encode())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--config", type=Path, required=True, help="serveConfigV2 as JSON")
    parser.add_argument("--directory", type=Path, required=True, help="empty directory with a short path")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
