"""What the routes share: made once by `create_app`, found in `request.app.state.service`."""

import time
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from ocr_app.api.admission import Admission
from ocr_app.api.azure.operations import Operations
from ocr_app.api.budget import ByteBudget
from ocr_app.api.dispatch import Dispatcher
from ocr_app.api.engine_client import EngineClient
from ocr_app.api.engine_state import EngineMonitor
from ocr_app.api.files.door import Files
from ocr_app.api.metrics import ColdStarts, Metrics
from ocr_app.api.parse_lanes import ParseLanes
from ocr_app.documents.opener import Opener
from ocr_app.settings import Settings


@dataclass(frozen=True)
class Service:
    """The parts of a running service."""

    settings: Settings
    monitor: EngineMonitor
    admission: Admission
    bodies: ByteBudget
    lanes: ParseLanes
    documents: Opener
    metrics: Metrics
    dispatcher: Dispatcher
    cold_starts: ColdStarts
    files: Files
    operations: Operations
    started: int

    @classmethod
    def assemble(cls, settings: Settings, client: EngineClient, monitor: EngineMonitor, files: Files) -> "Service":
        """Put the parts together."""
        admission = Admission(settings.queue)
        metrics = Metrics(monitor, admission)
        dispatcher = Dispatcher(client, monitor, settings.queue, metrics)
        return cls(
            settings,
            monitor,
            admission,
            ByteBudget(settings.queue.max_bytes_in_flight, settings.queue.retry_after_s),
            ParseLanes(settings, files.content),
            Opener(settings),
            metrics,
            dispatcher,
            ColdStarts(metrics, monitor),
            files,
            Operations(files),
            int(time.time()),
        )


def service_of(request: Request) -> Service:
    """Return the service that a request came to."""
    return cast(Service, request.app.state.service)
