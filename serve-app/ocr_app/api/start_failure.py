"""What replica counts and failed starts mean for the engine's state. Pure."""

import re
from dataclasses import dataclass

from ocr_app.api.engine_state import EngineStatus

# How Serve 2.60 begins the messages of a deployment whose replicas do not start; see `record_replica_startup_failure`
# and `check_curr_status` in ray/serve/_private/deployment_state.py.
_SERVE_FAILURES = ("A replica failed to start with exception", "The deployment failed to start")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_EXCEPTION = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception|Exit)): (.+)$")


@dataclass(frozen=True, slots=True)
class Replicas:
    """Counts of engine replicas.

    Attributes:
        running: Those that Serve gives requests to.
        coming: Those that start.
    """

    running: int
    coming: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A start that failed.

    Attributes:
        reason: Why, in plain words.
        stays: Whether the replica counts as running, to answer requests with the reason until it is replaced.
    """

    reason: str
    stays: bool


def combine(replicas: Replicas, failure: Failure | None, phase: str | None) -> EngineStatus:
    """Return the engine's state."""
    running = max(0, replicas.running - (1 if failure and failure.stays else 0))
    wanted = replicas.running + replicas.coming
    if running:
        return EngineStatus("ready", running=running, wanted=wanted)
    if failure:
        return EngineStatus("failed", reason=failure.reason, wanted=wanted)
    if replicas.coming or phase:
        return EngineStatus("starting", phase=phase, wanted=max(1, wanted))
    return EngineStatus("asleep")


def failure_in(message: str) -> str | None:
    """Return the reason in Serve's message on a deployment, None if it does not report a failed start.

    The message ends in a traceback; clients may see only its last exception.
    """
    if not message.startswith(_SERVE_FAILURES):
        return None
    for line in reversed(_ANSI.sub("", message).splitlines()):
        if (match := _EXCEPTION.match(line.strip())) is not None:
            kind, reason = match.groups()
            return reason if kind == "StartError" else f"{kind}: {reason}"
    return "its process died; see the Engine's logs"
