"""Answers with a searchable PDF, and says in a header what was done with its pages."""

import re
from contextlib import aclosing

from starlette.types import Receive, Scope, Send

from ocr_app.api.context import Service
from ocr_app.api.large_answer import send_large
from ocr_app.api.observe import log_fields
from ocr_app.api.one_document import OneDocument, opened, results_of
from ocr_app.api.searchable_pdf import PageTexts, PdfMaker, PdfOptions, summary
from ocr_app.ocr.abilities import ABILITIES

PDF = "application/pdf"
DONE_HEADER = "x-ocr-pages"

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
    scope: Scope,
    _receive: Receive,
    send: Send,
) -> None:
    """Read a document and send it with its text. A page that was not read stays as it is.

    Args:
        service: The running service.
        asked: The document.
        options: What the client asks.
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
    # It is about as large as the document, whose room this request still has.
    del data
    asked.data = b""
    await send_large(pdf, send, PDF, {DONE_HEADER: summary([*done, *texts.unread])})


def lines_option(service: Service) -> dict[str, bool]:
    """Return the option that makes the engine list lines, which are exact; without them they are looked for."""
    return {"lines": True} if ABILITIES[service.settings.engine].lines else {}
