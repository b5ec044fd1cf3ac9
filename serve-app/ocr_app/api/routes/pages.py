"""Pages for people: `GET /`, and `GET /docs`, which shows /openapi.json in a browser without any other server."""

from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from ocr_app import __version__
from ocr_app.api.azure.paths import ANALYZE
from ocr_app.api.context import service_of
from ocr_app.api.errors import unknown_url
from ocr_app.api.swagger_files import SCRIPT, STYLE, swagger_folder

router = APIRouter(include_in_schema=False)

# Scripts of this service only, and none in the page itself. Swagger UI sets styles of its own.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_START = """\
const docs = document.getElementById("docs");
SwaggerUIBundle({ domNode: docs, url: docs.dataset.openapi, validatorUrl: null, tryItOutEnabled: true });
"""
_folder = cache(swagger_folder)


@router.get("/")
async def root(request: Request) -> Response:
    """Say what this is and where to go on; lead a browser to the documentation."""
    base = request.scope.get("root_path", "")
    headers = {"Vary": "Accept"}
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"{base}/docs", headers=headers)
    return JSONResponse(
        {
            "name": "ocr-app",
            "version": __version__,
            "model": service_of(request).settings.model_id,
            "chat": f"{base}/v1/chat/completions",
            "ocr": f"{base}/v1/ocr",
            "process": f"{base}/process",
            "analyze": f"{base}{ANALYZE}",
            "files": f"{base}/v1/files",
            "models": f"{base}/v1/models",
            "health": f"{base}/health",
            "openapi": f"{base}/openapi.json",
            "docs": f"{base}/docs",
        },
        headers=headers,
    )


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Show every path: with Swagger UI, or as a plain table where no installed package has it."""
    base = escape(request.scope.get("root_path", ""))
    body = _plain_table(request.app.openapi(), base) if _folder() is None else _swagger(base)
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>ocr-app</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n{body}\n</html>\n'
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"})


@router.get("/docs/{name}")
async def docs_file(name: str, request: Request) -> Response:
    """Return a file of the documentation page."""
    if name == "start.js":
        return Response(_START, media_type="text/javascript")
    folder = _folder()
    if folder is None or name not in (SCRIPT, STYLE):
        return unknown_url(request.url.path).response()
    kind = "text/javascript" if name == SCRIPT else "text/css"
    return FileResponse(folder / name, media_type=kind, headers={"Cache-Control": "max-age=3600"})


def _swagger(base: str) -> str:
    return (
        f'<link rel="stylesheet" href="{base}/docs/{STYLE}">\n'
        f'<div id="docs" data-openapi="{base}/openapi.json"></div>\n'
        f'<script src="{base}/docs/{SCRIPT}"></script>\n<script src="{base}/docs/start.js"></script>'
    )


def _plain_table(document: dict[str, Any], base: str) -> str:
    rows = "\n".join(
        f"<tr><td>{method.upper()}<td>{escape(path)}<td>{escape(operation['summary'])}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    )
    return (
        f"<h1>{escape(document['info']['title'])} {escape(document['info']['version'])}</h1>\n"
        f"<p>{escape(document['info']['description'])}\n<table>\n{rows}\n</table>\n"
        f'<p><a href="{base}/openapi.json">openapi.json</a> describes every field.'
    )
