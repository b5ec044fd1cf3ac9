"""The whole answer of `POST /v1/ocr`."""

from collections.abc import Sequence
from typing import Any

from ocr_app.api.completion import some_of
from ocr_app.api.mistral.page import Wanted
from ocr_app.api.mistral.request import OcrRequest


def wanted_of(request: OcrRequest) -> Wanted:
    """Return what a request asks of each page."""
    return Wanted(
        blocks=bool(request.include_blocks),
        table_format=request.table_format,
        header=bool(request.extract_header),
        footer=bool(request.extract_footer),
        image_min_size=request.image_min_size or 0,
        image_limit=request.image_limit,
        confidence=request.confidence_scores_granularity is not None,
    )


def end_of_response(
    pages: Sequence[dict[str, Any]], model: str, doc_size_bytes: int | None, ignored: Sequence[str] = ()
) -> dict[str, Any]:
    """Return all of an answer but its `pages`.

    Args:
        pages: From `page.page_object` and `page.failed_page`, in order.
        model: `model_id` of the settings.
        doc_size_bytes: Of the document; None if it is not known.
        ignored: Fields of the request that had no effect.
    """
    body = {
        "model": model,
        "document_annotation": None,
        "usage_info": usage_info(pages, doc_size_bytes),
    }
    return body | ({"ocr": {"ignored": some_of(ignored)}} if ignored else {})


def usage_info(pages: Sequence[dict[str, Any]], doc_size_bytes: int | None) -> dict[str, int | None]:
    """Return what an answer counts: pages that were read, not those that failed."""
    read = sum("error" not in page.get("ocr", {}) for page in pages)
    return {"pages_processed": read, "doc_size_bytes": doc_size_bytes}
