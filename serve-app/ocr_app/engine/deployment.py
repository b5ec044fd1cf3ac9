"""The Serve deployment `Engine`: one engine a replica, reached by bytes."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from typing import NoReturn

from ray import serve

from ocr_app.engine.coalesce import Coalescer, close
from ocr_app.engine.registry import create_engine
from ocr_app.engine.reporter import Reporter
from ocr_app.engine.serve_view import view_engine
from ocr_app.engine.types import Done, EngineBroken, EngineEvent, EngineRequest, RequestError, StartError
from ocr_app.engine.wire import encode, encode_error
from ocr_app.settings import Settings

log = logging.getLogger("ray.serve")

FAILED_FOR_S = 20.0
"""Seconds for which a replica whose engine cannot start answers with the reason; then Serve may replace it."""


@serve.deployment(name="Engine")
class EngineDeployment:
    """Runs one engine.

    If an engine cannot start, Serve gives up on the deployment for good after three tries unless a replica has run
    before, and every request fails until a new deploy. That is right for a deploy, which should fail with the reason,
    but not for a wake-up: a GPU that is back in a minute must be found again. So a replica that was woken, and is the
    only one, stays instead, answers with the reason, and lets its health check fail a little later.
    """

    # Serve awaits it, which the types of neither know.
    async def __init__(self, settings: Settings) -> None:  # type: ignore[misc]
        self._coalescer = Coalescer()
        self._start_error: StartError | None = None
        self._running = 0
        self._failed_at = 0.0
        reporter = Reporter()
        reporter.report("starting")
        try:
            self._engine = create_engine(settings, reporter.report)
            await self._engine.start()
        except Exception as error:
            self._start_error = (
                error if isinstance(error, StartError) else StartError(f"{type(error).__name__}: {error}")
            )
            self._failed_at = time.monotonic()
            log.exception("the engine cannot start")
            stays = await asyncio.to_thread(_is_lone_wake_up)
            await reporter.failed(str(self._start_error), stays=stays)
            if not stays:
                raise
        else:
            reporter.report("ready")

    async def complete(self, header: bytes, *images: bytes) -> tuple[float, bytes]:
        """Answer a request in one message: the seconds that it took, and every event of it, encoded."""
        started = time.perf_counter()
        if self._start_error is not None:
            return 0.0, encode_error(self._start_error)
        source = self._engine.generate(EngineRequest.from_wire(header, list(images)))
        self._running += 1
        try:
            events: list[EngineEvent] = [event async for event in source]
            answer = encode(events)
        except RequestError as error:
            answer = encode_error(error)
        except EngineBroken as error:
            _end_replica(error)
        finally:
            self._running -= 1
            await close(source)
        return time.perf_counter() - started, answer

    async def stream(self, header: bytes, *images: bytes) -> AsyncIterator[bytes]:
        """Answer a request in as many messages as it takes; an empty first one says that a replica has the request."""
        if self._start_error is not None:
            yield encode_error(self._start_error)
            return
        self._running += 1
        groups = self._coalescer.groups(self._engine.generate(EngineRequest.from_wire(header, list(images))))
        try:
            yield b""
            async for group in groups:
                yield encode(group)
                if isinstance(group[-1], Done):
                    return
        except RequestError as error:
            yield encode_error(error)
        except EngineBroken as error:
            _end_replica(error)
        finally:
            self._running -= 1
            await close(groups)

    async def running(self) -> int:
        """Return how many requests this replica works on; for tests of clients that leave."""
        return self._running

    async def check_health(self) -> None:
        """Raise an error, so that Serve replaces this replica, if its engine is broken for good or did not start."""
        if self._start_error is None:
            await self._engine.check_health()
        elif time.monotonic() - self._failed_at > FAILED_FOR_S:
            raise self._start_error

    async def __del__(self) -> None:
        """Free the engine; Serve awaits this when a replica stops."""
        engine = getattr(self, "_engine", None)
        if engine is not None:
            await engine.close()


def _end_replica(error: EngineBroken) -> NoReturn:
    """End this process, so that its requests go to another replica at once.

    Serve's health checks would need half a minute to notice, and until then every new request would fail.
    """
    log.critical("the engine is broken, this replica ends: %s", error)
    logging.shutdown()
    os._exit(1)


def _is_lone_wake_up() -> bool:
    """Whether this replica starts because of a request (not of a deploy) and no other one runs."""
    view = view_engine(serve.get_replica_context().app_name)
    return view is not None and not view.deploying and not view.running
