"""The routes of Azure Document Intelligence that Paperless-ngx calls."""

import asyncio
import json
from datetime import datetime, timezone

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.azure.answer import AnalyzeAnswer
from ocr_app.api.azure.operations import Kept, Operation, Operations
from ocr_app.api.azure.paths import ANALYZE, RESULTS
from ocr_app.api.context import service_of
from ocr_app.api.errors import ApiError
from ocr_app.api.files.content import pieces_of
from ocr_app.api.files.door import Files
from ocr_app.api.large_answer import send_pieces
from ocr_app.api.openapi import ANALYZE_BODY, ANALYZE_PARAMETERS, ANALYZE_RESPONSES, error_responses

router = APIRouter()
_ERRORS = error_responses(401, 404, 429, 501)


@router.post(
    ANALYZE,
    status_code=202,
    response_class=Response,
    summary="Read a document as Azure does",
    responses=ANALYZE_RESPONSES,
    openapi_extra={"requestBody": ANALYZE_BODY, "parameters": ANALYZE_PARAMETERS},
)
async def analyze(request: Request) -> Response:
    """Begin to read a document. The header Operation-Location of the answer says where the result will be."""
    return AnalyzeAnswer(service_of(request))


@router.get(
    RESULTS + "/{result_id}",
    summary="Return the result of reading a document",
    response_class=Response,
    responses={200: {"description": "Its state, and the result.", "content": {"application/json": {}}}, **_ERRORS},
)
async def result(request: Request, result_id: str) -> Response:
    """Say whether a document is being read, and what was read."""
    operations = service_of(request).operations
    unfinished = operations.unfinished(result_id)
    if unfinished is not None:
        return _unfinished(unfinished)
    kept = await asyncio.to_thread(operations.kept, result_id)
    kept.file.close()
    created = _time(kept.record.created_at)
    head = {"status": "succeeded", "createdDateTime": created, "lastUpdatedDateTime": created}
    body = json.dumps(head).encode()[:-1] + b', "analyzeResult": ' + kept.json + b"}"
    return Response(body, media_type="application/json")


@router.get(
    RESULTS + "/{result_id}/pdf",
    summary="Return the searchable PDF of a document",
    response_class=Response,
    responses={
        200: {
            "description": "The document with its text.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
        **_ERRORS,
    },
)
async def result_pdf(request: Request, result_id: str) -> Response:
    """Return the PDF, if the request asked for one with `output=pdf`."""
    service = service_of(request)
    return _Pdf(service.operations, service.files, result_id)


def _unfinished(operation: Operation) -> Response:
    now = _time(operation.created)
    body = {"status": operation.state, "createdDateTime": now, "lastUpdatedDateTime": now}
    if operation.error is None:
        return JSONResponse(body, headers={"Retry-After": "1"})
    return JSONResponse({**body, **operation.error.body()})


def _time(unix: int) -> str:
    return datetime.fromtimestamp(unix, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Pdf(Response):
    """Sends the PDF piece by piece; Ray Serve holds what a client does not read, so it counts until the end."""

    def __init__(self, operations: Operations, files: Files, result_id: str) -> None:
        super().__init__()
        self._operations = operations
        self._files = files
        self._id = result_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = await asyncio.to_thread(self._kept)
        with kept.file, self._files.sending.lease() as lease:
            lease.take(kept.pdf_bytes)
            headers = [(b"content-type", b"application/pdf"), (b"content-length", str(kept.pdf_bytes).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send_pieces(pieces_of(kept.file, kept.pdf_bytes), kept.pdf_bytes, send)
            while (await receive())["type"] != "http.disconnect":
                pass

    def _kept(self) -> Kept:
        if self._operations.unfinished(self._id) is not None:
            raise ApiError(404, "The document is not read yet, or could not be.", code="NotFound")
        kept = self._operations.kept(self._id)
        if not kept.pdf_bytes:
            kept.file.close()
            raise ApiError(404, "There is no PDF: it was not asked for with `output=pdf`.", code="NotFound")
        return kept
