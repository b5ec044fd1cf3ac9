"""The path to the Engine through Ray Serve's router, which also wakes replicas."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from ray.exceptions import NodeDiedError, OutOfMemoryError, RayActorError, WorkerCrashedError
from ray.serve.exceptions import DeploymentUnavailableError
from ray.serve.handle import DeploymentHandle

from ocr_app.api.engine_client import Answer, EngineFailed, EngineGone
from ocr_app.engine.types import Done, EngineEvent, EngineRequest, StartError
from ocr_app.engine.wire import decode

_GONE = (RayActorError, NodeDiedError, WorkerCrashedError, OutOfMemoryError)


class ServeEngineClient:
    """Replicas of the deployment `Engine`.

    Args:
        handle: The deployment's handle.
    """

    def __init__(self, handle: "DeploymentHandle[Any]") -> None:
        self._complete = handle.complete
        self._stream = handle.options(stream=True).stream

    async def complete(self, request: EngineRequest) -> Answer:
        """Return all events at once; raise RequestError, EngineGone or EngineFailed. Costs less than a stream."""
        header, images = request.to_wire()
        response: Any = self._complete.remote(header, *images)
        with _translated():
            try:
                seconds, message = await response
            except asyncio.CancelledError:
                response.cancel()
                raise
            return Answer(list(decode(message)), seconds)

    async def stream(self, request: EngineRequest) -> AsyncIterator[list[EngineEvent]]:
        """Yield events in groups: an empty one once a replica took the request, at last one that ends in Done."""
        header, images = request.to_wire()
        response: Any = self._stream.remote(header, *images)
        finished = False
        try:
            with _translated():
                async for message in response:
                    events = list(decode(message))
                    finished = bool(events) and isinstance(events[-1], Done)
                    yield events
        finally:
            if not finished:
                response.cancel()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StartError as error:
        raise EngineFailed(str(error)) from None
    except DeploymentUnavailableError:
        # Serve gave up on a deployment whose first replicas all failed; its status says why.
        raise EngineFailed("") from None
    except _GONE as error:
        raise EngineGone(type(error).__name__, getattr(error, "actor_id", None)) from error
