"""Answers with a searchable PDF, and says in a header what was done with its pages."""

import asyncio
import re
from contextlib import aclosing

from starlette.types import Receive, Scope, Send

from ocr_app.api.budget import Lease
from ocr_app.api.context import Service
from ocr_app.api.observe import log_fields
from ocr_app.api.one_document import OneDocument, opened, results_of
from ocr_app.api.searchable_pdf import PageTexts, PdfMaker, PdfOptions, summary
from ocr_app.ocr.abilities import ABILITIES

PDF = "application/pdf"
DONE_HEADER = "x-ocr-pages"

_PIECE_BYTES = 2**20
_PAUSE_S = 0.01
"""Between two pieces, as in `ocr_app.proxy.bodies`: what comes faster piles up before other answers."""

_QUALITY = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")


def prefers_pdf(accept: str) -> bool:
    """Tell whether a header Accept names PDF, and not JSON before it or with a higher quality."""
    best, found = 0.0, ""
    for each in accept.lower().split(","):
        name, _, parameters = each.partition(";")
        given = _QUALITY.search(parameters)
        quality = float(given[1]) if given else 1.0
        if name.strip() in (PDF, "application/json") and quality > best:
            best, found = quality, name.strip()
    return found == PDF


async def answer_with_pdf(
    service: Service,
    asked: OneDocument,
    options: PdfOptions,
    lease: Lease,
    scope: Scope,
    _receive: Receive,
    send: Send,
) -> None:
    """Read a document and send it with its text. A page that was not read stays as it is.

    Args:
        service: The running service.
        asked: The document.
        options: What the client asks.
        lease: Room for the PDF.
        scope: Of ASGI.
        send: Of ASGI.

    Raises:
        RequestError, ApiError: As `results_of` and `PdfMaker`.
    """
    maker, data, texts = PdfMaker(service.documents, service.settings), asked.data, PageTexts()
    await maker.check(data, options)
    asked.options = lines_option(service)
    async with opened(service, asked) as pages:
        results = results_of(service, asked, pages, log_fields(scope))
        async with aclosing(results):  # type: ignore[type-var]
            async for result in results:
                texts.add(result)
    pdf, done = await maker.make(data, texts.lines, options)
    del data
    asked.data = b""
    lease.take(len(pdf))
    await send_pdf(pdf, send, {DONE_HEADER: summary([*done, *texts.unread])})


def lines_option(service: Service) -> dict[str, bool]:
    """Return the option that makes the engine list lines, which are exact; without them they are looked for."""
    return {"lines": True} if ABILITIES[service.settings.engine].lines else {}


async def send_pdf(pdf: bytes, send: Send, headers: dict[str, str]) -> None:
    """Send a PDF piece by piece."""
    given = {"content-type": PDF, "content-length": str(len(pdf)), **headers}
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    for at in range(0, len(pdf), _PIECE_BYTES):
        if at:
            await asyncio.sleep(_PAUSE_S)
        more = at + _PIECE_BYTES < len(pdf)
        await send({"type": "http.response.body", "body": pdf[at : at + _PIECE_BYTES], "more_body": more})
