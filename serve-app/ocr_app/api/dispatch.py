"""Gives a validated request to an engine: waits until it is up, keeps deadlines, tries again if a replica dies."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from ocr_app.api.careful_client import CarefulClient
from ocr_app.api.engine_client import Answer, EngineClient, EngineFailed, EngineGone
from ocr_app.api.engine_state import EngineMonitor
from ocr_app.api.errors import ApiError
from ocr_app.api.metrics import Metrics
from ocr_app.api.suspects import Suspects
from ocr_app.engine.coalesce import close
from ocr_app.engine.types import EngineEvent, EngineRequest
from ocr_app.settings import QueueSettings

log = logging.getLogger("ocr_app.api")

T = TypeVar("T")
Groups = AsyncIterator[list[EngineEvent]]


class Dispatcher:
    """Gives requests to the engine.

    Args:
        client: The path to the engine.
        monitor: Its state.
        settings: Deadlines.
        metrics: Where waits and retries are counted.
    """

    def __init__(self, client: EngineClient, monitor: EngineMonitor, settings: QueueSettings, metrics: Metrics) -> None:
        self._client = CarefulClient(client, Suspects())
        self._monitor = monitor
        self._settings = settings
        self._metrics = metrics

    async def complete(self, request: EngineRequest) -> Answer:
        """Return the whole answer.

        Raises:
            ApiError: 503 if the engine cannot start or does not start in time, 504 if the answer takes too long, 500
                if two replicas died under the request.
            RequestError: The engine found a mistake in the request.
        """
        arrival = _Arrival(self._monitor, self._settings)
        answer = await self._attempts(arrival, lambda: self._client.complete(request, arrival.waits))
        self._metrics.queue_wait.observe(max(0.0, time.monotonic() - arrival.at - answer.seconds))
        return answer

    async def open(
        self, request: EngineRequest, tick: Callable[[], Awaitable[None]]
    ) -> tuple[list[EngineEvent], Groups]:
        """Return a stream's first group with text or end, and the groups after it.

        If a replica dies before there is a first group, the request goes to another one, and the client only waits
        longer.

        Args:
            request: The request.
            tick: Called every `keep_alive_interval_s` seconds until there is a first group.

        Raises:
            ApiError: 503 if the engine cannot start or does not start in time, 504 if the answer takes too long, 500
                if two replicas died under the request.
            RequestError: The engine found a mistake in the request.
        """
        arrival = _Arrival(self._monitor, self._settings)

        async def attempt() -> tuple[list[EngineEvent], Groups]:
            groups = self._client.stream(request, arrival.waits)
            try:
                while not (group := await groups.__anext__()):
                    self._metrics.queue_wait.observe(time.monotonic() - arrival.at)
                return group, groups
            except BaseException:
                await close(groups)
                raise

        return await self._attempts(arrival, attempt, tick)

    async def _attempts(
        self,
        arrival: "_Arrival",
        attempt: Callable[[], Coroutine[Any, Any, T]],
        tick: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        # Ends: two deaths under a request are an ApiError.
        while True:
            arrival.check()
            task = asyncio.ensure_future(attempt())
            try:
                return await self._watch(task, arrival, tick)
            except EngineFailed as error:
                raise arrival.failed(str(error)) from None
            except EngineGone as error:
                log.warning("engine replica gone", extra={"fields": {"error": str(error), "replica": error.replica}})
                self._metrics.retries.inc()
                arrival.begin_anew()
            finally:
                if not task.done():
                    task.cancel()
                    await asyncio.wait([task])

    async def _watch(
        self, task: "asyncio.Future[T]", arrival: "_Arrival", tick: Callable[[], Awaitable[None]] | None
    ) -> T:
        interval = self._settings.keep_alive_interval_s
        next_tick = time.monotonic() + interval
        while True:
            now = time.monotonic()
            # The deadline comes nearer when a suspect gets its turn, but not nearer than the second of these.
            until = min(arrival.deadline(), now + self._settings.request_timeout_s)
            if tick is not None:
                until = min(until, next_tick)
            either: list[asyncio.Future[Any]] = [task, self._monitor.changed()]
            await asyncio.wait(either, timeout=max(0.0, until - now), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            arrival.check()
            if tick is not None and time.monotonic() >= next_tick:
                await tick()
                next_tick = time.monotonic() + interval


class _Arrival:
    """When a request came, and its deadline, which depends on that and on the state of the engine."""

    def __init__(self, monitor: EngineMonitor, settings: QueueSettings) -> None:
        self.at = time.monotonic()
        self.retry_after = {"Retry-After": str(settings.retry_after_s)}
        self._begun = self.at
        self._waits = False
        self._monitor = monitor
        self._settings = settings
        # A request that comes some time after a failure may try again: the cause may be gone by then.
        self._patience = max(self.at - settings.retry_after_s, 0.0)

    def deadline(self) -> float:
        """Return the time to give up at, in `time.monotonic` seconds."""
        return max(self._begun, self._monitor.since) + self._allowed()

    def begin_anew(self) -> None:
        """Give the request its whole time again: its replica died."""
        self._begun = time.monotonic()

    def waits(self, waits: bool) -> None:
        """Note whether the request waits for a suspect's turn; its time begins when it has it."""
        if self._waits and not waits:
            self.begin_anew()
        self._waits = waits

    def check(self) -> None:
        """Raise ApiError if waiting longer is of no use."""
        monitor = self._monitor
        if monitor.status.state == "failed" and monitor.failed_at >= self._patience:
            raise self.failed("")
        if time.monotonic() < self.deadline():
            return
        if monitor.ready:
            raise self.too_slow()
        raise ApiError(
            503,
            f"The engine did not start within {self._settings.cold_start_deadline_s:g} s "
            f"(it is {monitor.status.phase or monitor.status.state}); try again later.",
            code="engine_not_ready",
            headers=self.retry_after,
        )

    def failed(self, reason: str) -> ApiError:
        """Return the error for an engine that cannot start."""
        known = reason or self._monitor.status.reason or "see the service's logs"
        return ApiError(503, f"The engine cannot start: {known}.", code="engine_failed", headers=self.retry_after)

    def too_slow(self) -> ApiError:
        """Return the error for a request that took too long."""
        return ApiError(504, f"The answer took longer than {self._allowed():g} s.", code="timeout")

    def _allowed(self) -> float:
        settings = self._settings
        if not self._monitor.ready:
            return settings.cold_start_deadline_s
        # Many suspects take long. Clients are told to wait as long as for a start.
        if self._waits:
            return max(settings.request_timeout_s, settings.cold_start_deadline_s)
        return settings.request_timeout_s
