"""What the Api knows of the engine: asleep, starting, ready or failed, and since when."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["asleep", "starting", "ready", "failed"]
STATES: tuple[State, ...] = ("asleep", "starting", "ready", "failed")


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The engine at one moment.

    Attributes:
        state: `ready` while any replica can answer, whatever state the others are in.
        reason: Why it failed, in plain words; None in other states.
        phase: What a starting engine is doing, as it reports it.
        running: Replicas that can answer.
        wanted: Replicas that there should be.
    """

    state: State
    reason: str | None = None
    phase: str | None = None
    running: int = 0
    wanted: int = 0


class EngineMonitor:
    """Holds the latest status and tells waiting requests when it changes.

    Attributes:
        status: The latest status.
        since: When the engine last became able or unable to answer, in `time.monotonic` seconds.
        failed_at: When a start last failed, in `time.monotonic` seconds; minus infinity before the first.
    """

    def __init__(self, status: EngineStatus) -> None:
        self.status = status
        self.since = time.monotonic()
        self.failed_at = float("-inf")
        self._changed: asyncio.Future[None] | None = None
        self._listeners: list[Callable[[EngineStatus], None]] = []

    @property
    def ready(self) -> bool:
        """Whether a replica can answer."""
        return self.status.state == "ready"

    def update(self, status: EngineStatus, *, new_failure: bool = False) -> None:
        """Take a new status; `new_failure` says that a start has failed just now."""
        if status == self.status and not new_failure:
            return
        if (status.state == "ready") != self.ready:
            self.since = time.monotonic()
        if new_failure:
            self.failed_at = time.monotonic()
        self.status = status
        for listener in self._listeners:
            listener(status)
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
        self._changed = None

    def listen(self, listener: Callable[[EngineStatus], None]) -> None:
        """Call `listener` with every new status."""
        self._listeners.append(listener)

    def changed(self) -> "asyncio.Future[None]":
        """Return a future that is done at the next change. All waiting requests share it: do not cancel it."""
        if self._changed is None:
            self._changed = asyncio.get_running_loop().create_future()
        return self._changed


def always_ready() -> EngineMonitor:
    """Return the monitor of an engine that runs in this process."""
    return EngineMonitor(EngineStatus("ready", running=1, wanted=1))
