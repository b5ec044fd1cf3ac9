"""Answers `:analyze`: takes a document, says where its result will be, and reads it meanwhile."""

import logging
from contextlib import ExitStack, aclosing
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.answering import Answer, Answering
from ocr_app.api.azure.paths import RESULTS
from ocr_app.api.azure.request import Analyze, read_analyze
from ocr_app.api.azure.result import Result
from ocr_app.api.budget import Lease
from ocr_app.api.context import Service
from ocr_app.api.errors import ApiError, internal_error
from ocr_app.api.files.origin import origin_of
from ocr_app.api.one_document import OneDocument, opened, results_of
from ocr_app.api.pdf_answer import lines_option
from ocr_app.api.searchable_pdf import PageTexts, PdfMaker, PdfOptions
from ocr_app.engine.types import RequestError

log = logging.getLogger("ocr_app.api")

_PARAM = "base64Source"


class AnalyzeAnswer(Answering):
    """Begins to analyze a document."""

    async def parse(self, body: bytes, scope: Scope, lease: Lease, fields: dict[str, Any]) -> Answer:
        """Check the request."""
        content_type = Headers(scope=scope).get("content-type", "")
        query = QueryParams(scope.get("query_string", b"").decode("latin-1"))
        limits = self._service.settings.limits
        asked = await self._service.lanes.beside(lambda: read_analyze(body, content_type, query, limits))
        fields.update(file_bytes=len(asked.data), pdf=asked.pdf)
        # Before the document is taken: a client must be able to come back.
        where = origin_of(scope) + RESULTS
        return partial(self._begin, asked, where, fields.get("request_id"))

    async def _begin(
        self, asked: Analyze, where: str, request_id: str | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        held = ExitStack()
        try:
            # The work goes on when this request has ended, so it has a slot and room of its own.
            held.enter_context(self._service.admission.slot())
            held.enter_context(self._service.bodies.lease()).take(len(asked.data))
            version = asked.version
            found = await self._service.operations.begin(
                lambda: analyze(self._service, asked, held.pop_all(), request_id)
            )
        except BaseException:
            held.close()
            raise
        location = f"{where}/{found}?{urlencode({'api-version': version})}"
        headers = {"Operation-Location": location, "Retry-After": "1"}
        await Response(status_code=202, headers=headers)(scope, receive, send)


async def analyze(service: Service, asked: Analyze, held: ExitStack, request_id: str | None) -> tuple[bytes, bytes]:
    """Read a document.

    Args:
        service: The running service.
        asked: What to do; its document is let go of.
        held: Closed at the end.
        request_id: For the log.

    Returns:
        `analyzeResult`, and the searchable PDF; empty if none is wanted.

    Raises:
        ApiError: It cannot be read.
    """
    fields: dict[str, Any] = {"request_id": request_id}
    outcome = "error"
    try:
        with held:
            found = await _analyze(service, asked, fields)
        outcome = "ok"
        return found
    except ApiError as error:
        fields["code"] = error.code
        raise
    except RequestError as error:
        fields["code"] = error.code
        raise ApiError.from_request_error(error) from None
    except Exception as error:
        log.exception("unexpected error in an analysis", extra={"fields": fields})
        raise internal_error() from error
    finally:
        log.info("analysis", extra={"fields": {**fields, "outcome": outcome}})


async def _analyze(service: Service, asked: Analyze, fields: dict[str, Any]) -> tuple[bytes, bytes]:
    document = OneDocument(asked.data, _PARAM, pages=asked.pages, options=lines_option(service))
    maker, options = PdfMaker(service.documents, service.settings), PdfOptions("", _PARAM)
    data = asked.data if asked.pdf else b""
    asked.data = b""
    if asked.pdf:
        await maker.check(data, options)
    result, texts = Result(asked.unit, asked.version, markdown=asked.markdown), PageTexts()
    async with opened(service, document) as pages:
        document.data = b""
        results = results_of(service, document, pages, fields)
        async with aclosing(results):  # type: ignore[type-var]
            async for page in results:
                result.add(page)
                if asked.pdf:
                    texts.add(page)
    pdf = (await maker.make(data, texts.lines, options))[0] if asked.pdf else b""
    return result.body(), pdf
