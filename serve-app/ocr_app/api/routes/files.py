"""`/v1/files`: files that later requests name by their id or a signed URL. None of it wakes the engine."""

import asyncio
import re
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.context import Service, service_of
from ocr_app.api.disconnect import ClientGone
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.files.content import FileContent
from ocr_app.api.files.fields import PURPOSES
from ocr_app.api.files.listing import select
from ocr_app.api.files.origin import origin_of
from ocr_app.api.files.paths import FILES_PATH
from ocr_app.api.files.preview import DEFAULT_SIDE, LEAST_SIDE, MOST_SIDE, preview, side_of
from ocr_app.api.files.problems import not_found
from ocr_app.api.files.protocol import FileBody, FileDeleted, FileList, FileUrl, file_body, list_body
from ocr_app.api.files.upload import receive_file
from ocr_app.api.observe import log_fields
from ocr_app.api.openapi import error_responses

router = APIRouter()

_FILE_PATH = FILES_PATH + "/{file_id}"
_DEFAULT_HOURS = 24
_MOST_HOURS = 168
_NUMBER = re.compile(r"[0-9]{1,4}")
_PAGE_NAME = re.compile(r"([0-9]{1,6})\.jpg")
_ERRORS = error_responses(400, 401, 404, 501)
_UPLOAD_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "purpose": {"type": "string", "enum": list(PURPOSES)},
                    "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
                    "expires_after[seconds]": {"type": "integer", "description": "OpenAI's name of the lifetime."},
                    "expiry": {"type": "integer", "description": "Mistral's name of the lifetime, in hours."},
                },
            }
        }
    },
}


def _query(name: str, kind: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}, "description": description}


_LIST_QUERY = [
    _query("limit", "integer", "Most files, 1 to 10,000; 10,000 if left out."),
    _query("after", "string", "Id of a file; the list begins after it."),
    _query("order", "string", "`desc`, the newest first, or `asc`."),
    _query("purpose", "string", "Only files of this purpose."),
    _query("page", "integer", "Mistral's: number of the page, from 0."),
    _query("page_size", "integer", "Mistral's: files of a page; 100 if left out."),
    _query("include_total", "boolean", "Mistral's: without effect, the total is always there."),
]


@router.post(
    FILES_PATH,
    summary="Upload a file",
    response_model=FileBody,
    responses=error_responses(400, 401, 408, 413, 415, 429, 501, 507),
    openapi_extra={"requestBody": _UPLOAD_BODY},
)
async def upload_file(request: Request) -> Response:
    """Keep a file for later requests, until it expires or is deleted."""
    return _Upload(service_of(request))


@router.get(
    FILES_PATH,
    summary="List the files",
    response_model=FileList,
    responses=error_responses(400, 401, 501),
    openapi_extra={"parameters": _LIST_QUERY},
)
async def list_files(request: Request) -> JSONResponse:
    """List the files, the newest first."""
    store = service_of(request).files.store
    records = await asyncio.to_thread(store.all)
    return JSONResponse(list_body(select(records, request.query_params)))


@router.get(_FILE_PATH, summary="Describe a file", response_model=FileBody, responses=_ERRORS)
async def get_file(request: Request, file_id: str) -> JSONResponse:
    """Describe a file."""
    files = service_of(request).files
    found = await asyncio.to_thread(files.resolve, file_id)
    return JSONResponse(file_body(found.record))


@router.delete(_FILE_PATH, summary="Delete a file", response_model=FileDeleted, responses=_ERRORS)
async def delete_file(request: Request, file_id: str) -> JSONResponse:
    """Delete a file at once."""
    store = service_of(request).files.store
    if not await asyncio.to_thread(store.delete, file_id):
        raise not_found(file_id)
    return JSONResponse({"id": file_id, "object": "file", "deleted": True})


@router.get(
    _FILE_PATH + "/content",
    summary="Return a file's content",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        **error_responses(400, 401, 403, 404, 429, 501),
    },
)
async def file_content(request: Request, file_id: str) -> Response:
    """Return a file as it was uploaded: with the API key, or by a signed URL while it holds."""
    files = service_of(request).files
    judged = files.judge(request.scope)
    if judged is not None and judged.state != "good":
        raise _bad_signature(judged.state)
    return FileContent(files, await asyncio.to_thread(files.resolve, file_id))


@router.get(
    _FILE_PATH + "/url",
    summary="Sign a URL of a file's content",
    response_model=FileUrl,
    responses=_ERRORS,
    openapi_extra={"parameters": [_query("expiry", "integer", "Hours that it holds, 1 to 168; 24 if left out.")]},
)
async def file_url(request: Request, file_id: str) -> JSONResponse:
    """Return a URL of the content that needs no key; it holds until it expires or the file is gone."""
    files = service_of(request).files
    hours = _hours(request.query_params.get("expiry"))
    found = await asyncio.to_thread(files.resolve, file_id)
    expires = min(int(files.now()) + 3_600 * hours, found.record.expires_at)
    url = origin_of(request.scope) + files.sign(found.record.id, expires)
    return JSONResponse({"url": url, "expires_at": expires}, headers={"Cache-Control": "no-store"})


@router.get(
    _FILE_PATH + "/pages/{name}",
    summary="Return a page of a file as a picture",
    response_class=Response,
    responses={
        200: {
            "description": "The page.",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        },
        **error_responses(400, 401, 404, 413, 429, 501),
    },
    openapi_extra={
        "parameters": [
            _query(
                "side", "integer", f"Longer side in pixels, {LEAST_SIDE} to {MOST_SIDE}; {DEFAULT_SIDE} if left out."
            )
        ]
    },
)
async def file_page(request: Request, file_id: str, name: str) -> Response:
    """Return a page of a PDF, a TIFF or an image as a JPEG; `1.jpg` is the first one. No image is enlarged."""
    number = _PAGE_NAME.fullmatch(name)
    if number is None:
        message = f"There is no {quote(name, 40)}: pages are 1.jpg, 2.jpg and so on."
        raise ApiError(404, message, code="page_not_found")
    side = side_of(request.query_params.get("side"))
    jpeg = await preview(service_of(request), file_id, int(number[1]), side)
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        # The content of a file never changes under its id.
        "Cache-Control": "private, max-age=3600",
    }
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def _hours(text: str | None) -> int:
    if not text:
        return _DEFAULT_HOURS
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= _MOST_HOURS:
        message = f"expiry is {quote(text, 40)}; it must be a whole number of hours from 1 to {_MOST_HOURS}."
        raise ApiError(400, message, param="expiry", code="invalid_value")
    return int(text)


def _bad_signature(state: str) -> ApiError:
    if state == "expired":
        message = "The signed URL has expired; ask for a new one (GET /v1/files/{id}/url)."
        return ApiError(403, message, code="url_expired")
    return ApiError(
        403, "The signature of the URL is wrong; use the URL exactly as it was given.", code="invalid_signature"
    )


class _Upload(Response):
    """Reads the body while it answers, so that it comes piece by piece."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        files, http = self._service.files, self._service.settings.http
        fields = log_fields(scope)
        try:
            record, asked = await receive_file(files, http, scope, receive)
        except ClientGone:
            fields["outcome"] = "disconnected"
            return
        except ApiError as error:
            fields["code"] = error.code
            raise
        fields.update(file=record.id, file_bytes=record.size)
        await JSONResponse(file_body(record, asked.ignored))(scope, receive, send)
