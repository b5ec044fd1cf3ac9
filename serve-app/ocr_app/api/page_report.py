"""What an engine says of a page that was alone in its request."""

from collections.abc import Mapping
from typing import Any

from ocr_app.engine.types import Done, EngineEvent, Json, Usage
from ocr_app.ocr.layout_json import LayoutBlock

Events = tuple[EngineEvent, ...]


def report_of(events: Events) -> Mapping[str, Json]:
    """Return the entry of `ocr.pages`; empty if the engine made none."""
    return _only(_extra(events).get("pages"))


def layout_of(events: Events) -> Mapping[str, Json]:
    """Return the entry of `ocr.layout.pages`; empty if the engine knows none."""
    return _only((_extra(events).get("layout") or {}).get("pages"))


def size_of(events: Events) -> tuple[int, int] | None:
    """Return width and height of the upright image that all boxes are on; None if the engine does not say."""
    for known in (layout_of(events), report_of(events)):
        if known.get("width") and known.get("height"):
            return known["width"], known["height"]
    return None


def usage_of(events: Events) -> Usage:
    """Return what the page cost; nothing if it was not read."""
    done = _done(events)
    return done.usage if done else Usage(0, 0)


def blocks_of(layout: Mapping[str, Json]) -> tuple[LayoutBlock, ...]:
    """Return the blocks of a page's layout."""
    return tuple(
        LayoutBlock(block["label"], block["text"], tuple((b[0], b[1], b[2], b[3]) for b in block["boxes"]))
        for block in layout.get("blocks", ())
    )


def _extra(events: Events) -> Mapping[str, Json]:
    done = _done(events)
    return done.extra if done else {}


def _done(events: Events) -> Done | None:
    done = events[-1] if events else None
    return done if isinstance(done, Done) else None


def _only(found: Any) -> Mapping[str, Json]:
    page: Mapping[str, Json] = found[0] if isinstance(found, list) and found else {}
    return page
