"""Notices that a service that runs on this machine has failed; for run_local.py."""

import http.client
import json
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_TIMEOUT_S = 5.0


def dead_process() -> str | None:
    """Return which of Ray's own processes has ended and how, or None.

    Nothing restarts these (raylet, gcs_server), and without one of them the service is gone. The processes of Ray Serve
    do not count: Serve starts them again.
    """
    from ray._private import worker

    node = worker._global_node
    if node is None:
        return None
    for kind, process in node.dead_processes():
        return f"Ray's {kind} (process {process.pid}) {_how(process.returncode)}"
    return None


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    name = signal.Signals(-code).name
    hint = " (the kernel does that when memory runs out)" if name == "SIGKILL" else ""
    return f"was ended by {name}{hint}"


@dataclass(frozen=True)
class Pace:
    """How often and how patiently /health is asked, in seconds.

    Attributes:
        every: Between two questions.
        patience: How long a problem lasts before it is reported; Serve restarts a replica within this time.
    """

    every: float = 5.0
    patience: float = 15.0


def watch_health(
    port: int, stopping: threading.Event, report: Callable[[str | None], None], pace: Pace | None = None
) -> None:
    """Ask /health until `stopping` is set.

    Args:
        port: Port on 127.0.0.1.
        stopping: Ends this function.
        report: Called once with what is wrong when that lasts, and once with None when it is over.
        pace: How often and how patiently.
    """
    pace = pace or Pace()
    since: float | None = None
    reported = False
    while not stopping.wait(pace.every):
        problem = health_problem(port)
        if problem is None:
            if reported:
                report(None)
            since, reported = None, False
            continue
        now = time.monotonic()
        since = since or now
        if not reported and now - since >= pace.patience:
            report(problem)
            reported = True


def health_problem(port: int) -> str | None:
    """Return what is wrong with the service in a few words, or None if it is well."""
    # Not urllib: this reads no proxy from the environment.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/health")
        response = connection.getresponse()
        body = response.read(65_536)
    except (OSError, http.client.HTTPException):
        return "it does not answer"
    finally:
        connection.close()
    if response.status == http.client.OK:
        return None
    return _engine_failure(body) or f"/health answers {response.status}"


def _engine_failure(body: bytes) -> str | None:
    try:
        reason = json.loads(body)["engine"]["reason"]
    except (ValueError, TypeError, KeyError):
        return None
    return f"its engine has failed: {reason}" if reason else None
