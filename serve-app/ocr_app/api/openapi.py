"""The parts of the OpenAPI document that FastAPI cannot see in a handler's signature."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from ocr_app.api.auth import OPEN_PATHS
from ocr_app.api.azure.request import AnalyzeBody
from ocr_app.api.mistral.protocol import OcrResponse
from ocr_app.api.mistral.request import OcrRequest
from ocr_app.api.protocol import ChatCompletion, ChatRequest, ErrorBody

_ERRORS = {
    400: "Bad input; `param` names the field.",
    401: "No API key, or a wrong one.",
    403: "The signature of the URL is wrong or has expired.",
    404: "There is nothing of this name.",
    408: "The body did not arrive in time.",
    413: "Too many bytes, JSON values, pixels, images, pages or files.",
    415: "A Content-Encoding or Content-Type that is not read here.",
    429: "Too many requests are running or waiting, or they hold too many bytes; see Retry-After.",
    500: "A fault of the service, or two engine replicas died while they worked on the request; see Retry-After.",
    501: "This installation cannot do that, for the reason that the message gives.",
    503: "The engine cannot start, or did not start in time, or the front is being replaced; see Retry-After.",
    504: "The answer took too long.",
    507: "The disk of the service is full.",
}


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of error answers with these statuses."""
    return {status: {"model": ErrorBody, "description": _ERRORS[status]} for status in statuses}


CHAT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ChatCompletion,
        "description": "The text; as server-sent events of `chat.completion.chunk` where `stream` is true.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **error_responses(*(status for status in _ERRORS if status not in (403, 501, 507))),
}


OCR_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": OcrResponse,
        "description": "The pages. As server-sent events, one a page, where `stream` is true. A searchable PDF where "
        "the header Accept asks for one.",
        "content": {
            "text/event-stream": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    },
    **error_responses(*(status for status in _ERRORS if status not in (403, 507))),
}


def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs", {})
    inlined: dict[str, Any] = _inline(schema, definitions)
    return inlined


def _inline(node: Any, definitions: dict[str, Any]) -> Any:
    """Replace each `$ref` by its definition, because FastAPI does not add ours to the components of the document."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            return _inline(definitions[reference.rpartition("/")[2]], definitions)
        return {key: _inline(value, definitions) for key, value in node.items()}
    if isinstance(node, list):
        return [_inline(item, definitions) for item in node]
    return node


REQUEST_BODY: dict[str, Any] = {"required": True, "content": {"application/json": {"schema": _schema_of(ChatRequest)}}}

OCR_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": _schema_of(OcrRequest)},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "description": "The fields of the JSON; those that are objects or lists as JSON.",
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}

PROCESS_BODY: dict[str, Any] = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

ANALYZE_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": _schema_of(AnalyzeBody)},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}

ANALYZE_PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": description}
    for name, description in (
        ("api-version", "Any; 2024-11-30 is what this follows."),
        ("pages", "Such as 1-3,7; all if left out."),
        ("output", "`pdf` for a searchable PDF too."),
        ("outputContentFormat", "`text` or `markdown`."),
        ("stringIndexType", "`unicodeCodePoint` or `utf16CodeUnit`; `textElements` counts as the first."),
        ("locale", "Accepted for compatibility; without effect."),
    )
]

ANALYZE_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "It is being read.",
        "headers": {
            "Operation-Location": {"schema": {"type": "string"}},
            "Retry-After": {"schema": {"type": "string"}},
        },
    },
    **error_responses(400, 401, 408, 413, 415, 429, 500, 501, 507),
}


def document(app: FastAPI, *, has_key: bool) -> dict[str, Any]:
    """Return the app's OpenAPI document, without the 422 that FastAPI adds by itself and this app never answers.

    Args:
        app: The whole front.
        has_key: Whether requests need the API key. Swagger UI then asks for it.
    """
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        if has_key:
            schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            schema["security"] = [{"key": []}]
            for path in OPEN_PATHS:
                schema["paths"][path]["get"]["security"] = []
        app.openapi_schema = schema
    return app.openapi_schema
