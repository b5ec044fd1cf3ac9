"""What came of a page, as an engine says it, to what an answer of `POST /v1/ocr` is made of."""

from collections.abc import Mapping
from typing import Any

from ocr_app.api.engine_client import text_of
from ocr_app.api.mistral.page import PageText
from ocr_app.documents.pipeline import PageResult
from ocr_app.engine.types import Done, EngineEvent, Json
from ocr_app.ocr.layout_json import LayoutBlock


def page_text(result: PageResult) -> PageText:
    """Return what is known of a page; of one that failed, its number and size."""
    report, layout = report_of(result.events), layout_of(result.events)
    size = result.size
    # Boxes are in pixels of the upright image, which the engine may have turned.
    known = (layout, report, {} if size is None else {"width": size.width, "height": size.height})
    sized: Mapping[str, Json] = next((each for each in known if each.get("width") and each.get("height")), {})
    return PageText(
        index=result.page.number,
        markdown=text_of(list(result.events)),
        blocks=blocks_of(layout),
        width=sized.get("width", 0),
        height=sized.get("height", 0),
        dpi=0 if size is None or size.dpi is None else round(size.dpi),
        verdict=report.get("verdict"),
        confidence=_confidence(report),
    )


def report_of(events: tuple[EngineEvent, ...]) -> Mapping[str, Json]:
    """Return an engine's report on the one page of a request; empty if it made none."""
    return _only(events, lambda extra: extra.get("pages"))


def layout_of(events: tuple[EngineEvent, ...]) -> Mapping[str, Json]:
    """Return the layout of the one page of a request; empty if the engine knows none."""
    return _only(events, lambda extra: (extra.get("layout") or {}).get("pages"))


def blocks_of(layout: Mapping[str, Json]) -> tuple[LayoutBlock, ...]:
    """Return the blocks of a page's layout."""
    return tuple(
        LayoutBlock(block["label"], block["text"], tuple((b[0], b[1], b[2], b[3]) for b in block["boxes"]))
        for block in layout.get("blocks", ())
    )


def _only(events: tuple[EngineEvent, ...], find: Any) -> Mapping[str, Json]:
    done = events[-1] if events else None
    found = find(done.extra) if isinstance(done, Done) else None
    page: Mapping[str, Json] = found[0] if isinstance(found, list) and found else {}
    return page


def _confidence(report: Mapping[str, Json]) -> tuple[float, float] | None:
    average, lines = report.get("mean_confidence"), report.get("lines")
    if average is None or not lines:
        return None
    return average, min(line["confidence"] for line in lines)
