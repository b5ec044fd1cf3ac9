"""`GET /metrics`: Prometheus text. With an API key it needs the key: Prometheus can send a bearer token."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ocr_app.api.context import service_of
from ocr_app.api.openapi import error_responses

router = APIRouter()


@router.get("/metrics", summary="Metrics", response_class=PlainTextResponse, responses=error_responses(401))
async def metrics(request: Request) -> Response:
    """Return every metric in Prometheus's text format."""
    return Response(generate_latest(service_of(request).metrics.registry), media_type=CONTENT_TYPE_LATEST)
