"""`GET /health`: whether the service can take a request, and what the engine is doing.

It does not wake the engine and reveals no secret.
"""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse

from ocr_app import __version__
from ocr_app.api.context import service_of
from ocr_app.documents.opener import accepted_formats

router = APIRouter()


class EngineHealth(BaseModel):
    """State of the engine."""

    kind: Literal["cpu", "vllm", "null"]
    state: Literal["asleep", "starting", "ready", "failed"]
    phase: str | None
    reason: str | None
    replicas_running: int
    replicas_wanted: int


class QueueHealth(BaseModel):
    """Requests running and waiting."""

    in_flight: int
    limit: int


class Health(BaseModel):
    """State of the whole service."""

    status: Literal["ok", "failed"]
    model: str
    engine: EngineHealth
    queue: QueueHealth
    accepts: list[str]
    versions: dict[str, str]


@router.get(
    "/health",
    summary="State of service and engine",
    response_model=Health,
    responses={503: {"model": Health, "description": "The engine's last start failed."}},
)
async def health(request: Request) -> JSONResponse:
    """Answer 200 while a request could be served (a sleeping engine wakes up for it), 503 if its start failed."""
    service = service_of(request)
    status = service.monitor.status
    body = Health(
        status="failed" if status.state == "failed" else "ok",
        model=service.settings.model_id,
        engine=EngineHealth(
            kind=service.settings.engine,
            state=status.state,
            phase=status.phase,
            reason=status.reason,
            replicas_running=status.running,
            replicas_wanted=status.wanted,
        ),
        queue=QueueHealth(in_flight=service.admission.in_flight, limit=service.settings.queue.max_in_flight),
        accepts=list(accepted_formats()),
        versions=_VERSIONS,
    )
    return JSONResponse(body.model_dump(), 503 if body.status == "failed" else 200)


def _versions() -> dict[str, str]:
    versions = {"ocr-app": __version__, "python": platform.python_version()}
    for package in ("ray", "vllm", "rapidocr", "pypdfium2"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


_VERSIONS = _versions()
