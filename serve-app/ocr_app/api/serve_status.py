"""Follows the Engine deployment: Serve's own status, and what engine replicas say of their start."""

import asyncio
import logging
from collections.abc import Callable

from ocr_app.api.engine_state import EngineMonitor, EngineStatus
from ocr_app.api.start_failure import Failure, Replicas, combine, failure_in
from ocr_app.engine.serve_view import ServeView, view_engine

log = logging.getLogger("ocr_app.api")

BUSY_INTERVAL_S = 1.0
"""Seconds between two reads of Serve's status while requests run or the engine starts; each costs about 5 ms."""

IDLE_INTERVAL_S = 5.0
"""Seconds between two reads of Serve's status while no request runs and no engine starts."""

_REPLICAS_REMEMBERED = 16


class ServeStatusPoller:
    """Keeps an `EngineMonitor` up to date; neither it nor anything it calls wakes an engine.

    Args:
        app_name: Name of the Serve application.
    """

    def __init__(self, app_name: str) -> None:
        self.monitor = EngineMonitor(EngineStatus("asleep"))
        self._app_name = app_name
        self._replicas = Replicas(0, 0)
        self._failure: Failure | None = None
        self._starting: str | None = None
        self._phase: str | None = None
        self._message = ""
        self._heard: dict[str, int] = {}
        self._look = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, busy: Callable[[], bool]) -> None:
        """Begin to read Serve's status, in the running event loop; more often while `busy()` is true."""
        self._task = asyncio.get_running_loop().create_task(self._follow(busy))

    def look(self) -> None:
        """Read Serve's status now, not at the end of the interval."""
        self._look.set()

    def note_phase(self, replica: str, number: int, phase: str) -> None:
        """Take what a replica is doing; its last report is `ready`. Reports that arrive too late are dropped."""
        if not self._is_news(replica, number):
            return
        log.info("engine start", extra={"fields": {"replica": replica, "phase": phase}})
        if phase == "ready":
            self._failure, self._starting, self._phase = None, None, None
        else:
            if self._starting != replica:
                self._failure = None
            self._starting, self._phase = replica, phase
        self._update()
        self.look()

    def note_failure(self, replica: str, number: int, reason: str, *, stays: bool) -> None:
        """Take why a replica could not start, and whether it stays to answer requests with that reason."""
        if not self._is_news(replica, number):
            return
        log.error("engine cannot start", extra={"fields": {"reason": reason}})
        self._failure, self._starting, self._phase = Failure(reason, stays), None, None
        self._update(new_failure=True)
        self.look()

    def _is_news(self, replica: str, number: int) -> bool:
        if number <= self._heard.get(replica, -1):
            return False
        self._heard[replica] = number
        if len(self._heard) > _REPLICAS_REMEMBERED:
            del self._heard[next(iter(self._heard))]
        return True

    async def _follow(self, busy: Callable[[], bool]) -> None:
        while True:
            try:
                view = await asyncio.to_thread(view_engine, self._app_name)
                if view is not None:
                    self.take(view)
            except Exception:
                log.warning("Serve's status cannot be read", exc_info=True)
            active = busy() or self.monitor.status.state == "starting"
            try:
                await asyncio.wait_for(self._look.wait(), BUSY_INTERVAL_S if active else IDLE_INTERVAL_S)
            except asyncio.TimeoutError:
                continue
            self._look.clear()

    def take(self, view: ServeView) -> None:
        """Take a new status from Serve."""
        self._replicas = Replicas(view.running, view.coming)
        reason = failure_in(view.message)
        new = reason is not None and view.message != self._message and self._failure is None
        self._message = view.message
        if new and reason is not None:
            # The replica died before it could report why, or the Api started after the failure.
            self._failure = Failure(reason, stays=False)
        if self._replicas.running > (1 if self._failure and self._failure.stays else 0):
            self._failure, self._starting, self._phase = None, None, None
        elif not self._replicas.coming:
            self._starting, self._phase = None, None
        self._update(new_failure=new)

    def _update(self, *, new_failure: bool = False) -> None:
        self.monitor.update(combine(self._replicas, self._failure, self._phase), new_failure=new_failure)
