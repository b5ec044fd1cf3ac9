"""What came of a page, as an engine says it, to what an answer of `POST /v1/ocr` is made of."""

from collections.abc import Mapping

from ocr_app.api.engine_client import text_of
from ocr_app.api.mistral.page import PageText
from ocr_app.api.page_report import blocks_of, layout_of, report_of, size_of
from ocr_app.documents.pipeline import PageResult
from ocr_app.engine.types import Json


def page_text(result: PageResult) -> PageText:
    """Return what is known of a page; of one that failed, its number and size."""
    report, drawn = report_of(result.events), result.size
    # Boxes are in pixels of the upright image, which the engine may have turned.
    width, height = size_of(result.events) or ((0, 0) if drawn is None else (drawn.width, drawn.height))
    return PageText(
        index=result.page.number,
        markdown=text_of(result.events),
        blocks=blocks_of(layout_of(result.events)),
        width=width,
        height=height,
        dpi=0 if drawn is None or drawn.dpi is None else round(drawn.dpi),
        verdict=report.get("verdict"),
        confidence=_confidence(report),
    )


def _confidence(report: Mapping[str, Json]) -> tuple[float, float] | None:
    average, lines = report.get("mean_confidence"), report.get("lines")
    if average is None or not lines:
        return None
    return average, min(line["confidence"] for line in lines)
