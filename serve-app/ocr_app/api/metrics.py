"""Prometheus metrics of the service. The Api is one replica, so one registry sees every request."""

import time
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ocr_app.api.admission import Admission
from ocr_app.api.engine_state import STATES, EngineMonitor, EngineStatus
from ocr_app.engine.types import Usage

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
_START_SECONDS = (1, 2.5, 5, 10, 20, 40, 60, 120, 240, 480, 960)


class Metrics:
    """Every metric; names start with `ocr_`."""

    def __init__(self, monitor: EngineMonitor, admission: Admission) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ocr_requests",
            "Chat completion requests, by outcome: ok, client_error, overloaded, unavailable, timeout, "
            "disconnected or error.",
            ["outcome"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "ocr_request_seconds", "Time of a whole request that succeeded.", buckets=_SECONDS, registry=self.registry
        )
        self.first_token = Histogram(
            "ocr_first_token_seconds", "Time to a stream's first text.", buckets=_SECONDS, registry=self.registry
        )
        self.queue_wait = Histogram(
            "ocr_queue_seconds", "Time before an engine took a request.", buckets=_SECONDS, registry=self.registry
        )
        self.pages = Counter("ocr_pages", "Images in requests that succeeded.", registry=self.registry)
        self.tokens = Counter("ocr_tokens", "Tokens, by kind.", ["kind"], registry=self.registry)
        self.cold_starts = Counter(
            "ocr_cold_starts",
            "Wake-ups of a sleeping engine, by result: ready or failed.",
            ["result"],
            registry=self.registry,
        )
        self.cold_start_seconds = Histogram(
            "ocr_cold_start_seconds",
            "Time from a sleeping engine's first request until it was ready.",
            buckets=_START_SECONDS,
            registry=self.registry,
        )
        self.retries = Counter(
            "ocr_engine_retries", "Requests given to another replica because theirs died.", registry=self.registry
        )
        in_flight = Gauge("ocr_requests_in_flight", "Requests running and waiting.", registry=self.registry)
        in_flight.set_function(lambda: admission.in_flight)
        state = Gauge("ocr_engine_state", "1 for the engine's state.", ["state"], registry=self.registry)
        for name in STATES:
            state.labels(name).set_function(partial(_is_state, monitor, name))
        replicas = Gauge("ocr_engine_replicas", "Engine replicas, by kind.", ["kind"], registry=self.registry)
        replicas.labels("running").set_function(lambda: monitor.status.running)
        replicas.labels("wanted").set_function(lambda: monitor.status.wanted)
        for result in ("ready", "failed"):
            self.cold_starts.labels(result)
        for outcome in ("ok", "client_error", "overloaded", "unavailable", "timeout", "disconnected", "error"):
            self.requests.labels(outcome)

    def succeeded(self, pages: int, usage: Usage, seconds: float) -> None:
        """Count a request that was answered, and how many pages were read for it."""
        self.latency.observe(seconds)
        self.pages.inc(pages)
        self.tokens.labels("prompt").inc(usage.prompt_tokens)
        self.tokens.labels("completion").inc(usage.completion_tokens)


def _is_state(monitor: EngineMonitor, state: str) -> float:
    return float(monitor.status.state == state)


def outcome_of(status: int) -> str:
    """Return the outcome label of an HTTP status."""
    named = {429: "overloaded", 503: "unavailable", 504: "timeout"}
    if status in named:
        return named[status]
    if status < 400:
        return "ok"
    return "client_error" if status < 500 else "error"


class ColdStarts:
    """Times wake-ups: from the first request that finds no engine until one is ready.

    Args:
        metrics: Where they are counted.
        monitor: The engine's state.
    """

    def __init__(self, metrics: Metrics, monitor: EngineMonitor) -> None:
        self._metrics = metrics
        self._monitor = monitor
        self._since: float | None = None
        monitor.listen(self._changed)

    def request_came(self) -> None:
        """Count a request as a wake-up if the engine is not ready and no wake-up is running."""
        if self._since is None and not self._monitor.ready:
            self._since = time.monotonic()

    def _changed(self, status: EngineStatus) -> None:
        if self._since is None or status.state not in ("ready", "failed"):
            return
        seconds, self._since = time.monotonic() - self._since, None
        self._metrics.cold_starts.labels(status.state).inc()
        if status.state == "ready":
            self._metrics.cold_start_seconds.observe(seconds)
