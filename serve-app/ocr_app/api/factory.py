"""Builds the FastAPI app, which is the same under Ray Serve, under plain uvicorn and in tests."""

from functools import partial

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from ocr_app import __version__
from ocr_app.api.auth import ApiKeyMiddleware
from ocr_app.api.context import Service
from ocr_app.api.engine_client import EngineClient
from ocr_app.api.engine_state import EngineMonitor, always_ready
from ocr_app.api.errors import add_error_handlers
from ocr_app.api.files.door import Files
from ocr_app.api.observe import ObserveMiddleware, configure_logging
from ocr_app.api.openapi import document
from ocr_app.api.paths import PathsMiddleware
from ocr_app.api.routes import azure, chat, health, metrics, models, ocr, pages, process
from ocr_app.api.routes import files as file_routes
from ocr_app.settings import Settings


def create_app(
    settings: Settings,
    client: EngineClient,
    *,
    monitor: EngineMonitor | None = None,
    api_key: str = "",
    files: Files | None = None,
) -> FastAPI:
    """Build the whole HTTP front.

    Args:
        settings: The application's settings.
        client: The path to the engine.
        monitor: The engine's state; if left out, always ready, as an engine in this process is.
        api_key: The key that clients must send; empty for none.
        files: Uploaded files; if left out, in the folder that the settings name, and without one none are kept.
    """
    configure_logging(settings.http.log_level)
    app = FastAPI(
        title="ocr-app",
        version=__version__,
        description="OCR behind OpenAI's chat completions API.",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = Service.assemble(settings, client, monitor or always_ready(), files or Files(settings.files))
    for module in (chat, ocr, process, azure, file_routes, models, health, metrics, pages):
        app.include_router(module.router)
    add_error_handlers(app)
    setattr(app, "openapi", partial(document, app, has_key=bool(api_key)))  # noqa: B010 - FastAPI's documented way, which mypy rejects as an assignment
    # Middleware added later is further out: ids and logs see everything, CORS answers preflights, which have no key.
    if api_key:
        app.add_middleware(ApiKeyMiddleware, key=api_key, signed=app.state.service.files.judge)
    if settings.http.cors_allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.http.cors_allow_origins),
            allow_methods=["DELETE", "GET", "HEAD", "POST"],
            allow_headers=["Authorization", "Content-Encoding", "Content-Type", "X-Request-Id"],
            expose_headers=["X-Request-Id", "Retry-After", "X-OCR-Pages"],
        )
    app.add_middleware(ObserveMiddleware)
    app.add_middleware(PathsMiddleware)
    return app
