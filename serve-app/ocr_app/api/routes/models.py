"""`GET /v1/models` and `GET /v1/models/{id}`: answered without an engine."""

from fastapi import APIRouter
from starlette.requests import Request

from ocr_app.api.context import Service, service_of
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.openapi import error_responses
from ocr_app.api.protocol import ModelBody, ModelList

router = APIRouter()


@router.get("/v1/models", summary="List the models", responses=error_responses(401))
async def list_models(request: Request) -> ModelList:
    """List the only model; this does not wake the engine."""
    return ModelList(object="list", data=[_model(service_of(request))])


@router.get("/v1/models/{model_id:path}", summary="Describe a model", responses=error_responses(401, 404))
async def get_model(request: Request, model_id: str) -> ModelBody:
    """Describe the model; this does not wake the engine."""
    service = service_of(request)
    known = service.settings.model_id
    if model_id != known:
        message = f"The model {quote(model_id, 100)} does not exist; use {known!r}."
        raise ApiError(404, message, param="model", code="model_not_found")
    return _model(service)


def _model(service: Service) -> ModelBody:
    return ModelBody(id=service.settings.model_id, object="model", created=service.started, owned_by="ocr-app")
