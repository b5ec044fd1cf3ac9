"""`PUT /process`: Open WebUI's external document loader."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from ocr_app.api.context import service_of
from ocr_app.api.loader.answer import LoaderAnswer
from ocr_app.api.openapi import PROCESS_BODY, error_responses

router = APIRouter()


class PageMetadata(BaseModel):
    """Which page a text is of."""

    page: int
    page_label: str
    total_pages: int
    file_name: str
    verdict: str | None = None
    error: dict[str, str] | None = None


class LoadedPage(BaseModel):
    """The text of a page."""

    page_content: str
    metadata: PageMetadata


@router.put(
    "/process",
    response_model=list[LoadedPage],
    summary="Read a file for Open WebUI",
    responses=error_responses(400, 401, 408, 413, 415, 429, 500, 501, 503, 504),
    openapi_extra={"requestBody": PROCESS_BODY},
)
async def process(request: Request) -> Response:
    """Turn a PDF, a TIFF or an image into the text of its pages; text passes through, all else is refused."""
    return LoaderAnswer(service_of(request))
