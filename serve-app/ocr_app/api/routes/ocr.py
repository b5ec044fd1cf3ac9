"""`POST /v1/ocr`: Mistral's API for a document."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ocr_app.api.context import service_of
from ocr_app.api.mistral.answer import OcrAnswer
from ocr_app.api.openapi import OCR_BODY, OCR_RESPONSES

router = APIRouter()


@router.post(
    "/v1/ocr",
    response_class=Response,
    summary="Read the pages of a document",
    responses=OCR_RESPONSES,
    openapi_extra={"requestBody": OCR_BODY},
)
async def ocr(request: Request) -> Response:
    """Turn a PDF, a TIFF or an image into Markdown, blocks with boxes, tables and pictures, page by page."""
    return OcrAnswer(service_of(request))
