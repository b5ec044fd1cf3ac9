"""What Ray Serve's HTTP proxy calls when it starts, on a cluster and on a laptop.

`RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH` in runtime-env.json names `middlewares`.
"""

import logging

from starlette.middleware import Middleware
from starlette.types import ASGIApp

from ocr_app.api.observe import configure_logging
from ocr_app.free_memory import give_free_memory_back, give_large_blocks_back
from ocr_app.proxy.answers import ServeAnswersMiddleware
from ocr_app.proxy.bodies import BodyMiddleware
from ocr_app.proxy.connections import ConnectionLimits, guard_uvicorn
from ocr_app.proxy.figures import PublishedFigures
from ocr_app.proxy.headers import HeadersMiddleware
from ocr_app.proxy.paths import PathsMiddleware
from ocr_app.short_pauses import keep_pauses_short

log = logging.getLogger("ocr_app.proxy")


def middlewares() -> list[Middleware]:
    """Guard this process's HTTP servers, and return what lies around Serve, the innermost first."""
    configure_logging("INFO")
    give_large_blocks_back()
    give_free_memory_back()
    guard_connections()
    keep_pauses_short()
    return [
        Middleware(ServeAnswersMiddleware),
        Middleware(BodyMiddleware, figures=PublishedFigures()),
        Middleware(PathsMiddleware),
        Middleware(HeadersMiddleware),
    ]


def guard_connections() -> None:
    """Give connections their deadlines. A failure is logged and no more: an exception would leave the port closed."""
    try:
        guard_uvicorn(ConnectionLimits.for_this_process())
    except Exception:
        log.exception("connections have no deadlines: uvicorn is not the one that this code knows")


def around(app: ASGIApp) -> ASGIApp:
    """Return an application with the same around it as Serve's proxy has."""
    app = BodyMiddleware(app, PublishedFigures())
    return HeadersMiddleware(PathsMiddleware(app))
