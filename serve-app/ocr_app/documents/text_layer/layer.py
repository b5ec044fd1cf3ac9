"""The text layers of a document's pages."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from ocr_app.documents.text_layer.content import layer_stream
from ocr_app.documents.text_layer.errors import reason
from ocr_app.documents.text_layer.font import LayerFont, deflated
from ocr_app.documents.text_layer.glyphless import NAME
from ocr_app.documents.text_layer.lines_of_blocks import lines_of_blocks
from ocr_app.documents.text_layer.look import Gray, Viewer
from ocr_app.documents.text_layer.order import in_reading_order
from ocr_app.documents.text_layer.places import place_of
from ocr_app.documents.text_layer.strip import Stripper, with_entries
from ocr_app.documents.text_layer.types import PageDone, PageText, TextLine

HAS_TEXT = "it has visible text that can be searched"
HAS_LAYER = "it has an invisible text layer, which only `redo` replaces"
NO_TEXT = "no text was read on it"

_MARK = "/" + NAME
"""Entry of our own in the stream of a text layer, so that it can be taken out again as a whole."""


@dataclass(frozen=True, slots=True)
class _Old:
    """The content of a page without its old invisible text."""

    streams: list[Object]
    forms: Mapping[str, Object]


class Layer:
    """Adds text to the pages of a document.

    Args:
        pdf: The document.
        viewer: Shows it as it was; None if PDFium cannot: pages are then taken for ones without text, and the lines
            of blocks are set evenly.
        redo: Whether to replace invisible text that pages have already.

    Attributes:
        font: Of all layers; to be finished once all pages are done.
    """

    def __init__(self, pdf: Pdf, viewer: Viewer | None, *, redo: bool) -> None:
        self._pdf = pdf
        self._viewer = viewer
        self._redo = redo
        self._stripper = Stripper(pdf)
        self._resources: dict[tuple[int, int, bool], tuple[str, Object]] = {}
        self._seen: set[int] = set()
        self.font = LayerFont(pdf)

    def add(self, text: PageText) -> PageDone:
        """Add the text of a page, or say why not; the page is changed at the very end only."""
        try:
            return self._add(text)
        except MemoryError:
            raise
        except Exception as error:  # what libraries raise on damaged files has no common type
            return PageDone(text.index, "failed", reason(error))

    def _add(self, text: PageText) -> PageDone:
        count = len(self._pdf.pages)
        if not 0 <= text.index < count:
            raise ValueError(f"there is no page {text.index}: the document has {count}, from 0")
        if text.index in self._seen:
            raise ValueError("its text came twice")
        self._seen.add(text.index)
        existing = self._viewer.text(text.index) if self._viewer else "none"
        if existing == "good":
            return PageDone(text.index, "skipped", HAS_TEXT)
        if existing == "invisible" and not self._redo:
            return PageDone(text.index, "skipped", HAS_LAYER)
        page = self._pdf.pages[text.index].obj
        streams = _streams(page)
        old = page.get("/Resources")
        name, resources = self._with_font(old, without_ours=any(_MARK in stream for stream in streams))
        content = layer_stream(self._lines(text), place_of(page, text), self.font, name[1:])
        if not content:
            return PageDone(text.index, "skipped", NO_TEXT)
        if existing == "invisible":
            without = self._without_invisible(streams, old)
            streams, forms = without.streams, without.forms
            if forms:
                resources = with_entries(resources, "/XObject", forms)
        layer = deflated(self._pdf, content)
        layer[_MARK] = True
        page.Resources = resources
        page.Contents = Array([layer, *streams])
        return PageDone(text.index, "replaced" if existing == "invisible" else "added")

    def _lines(self, text: PageText) -> list[TextLine]:
        if text.lines:
            return in_reading_order(text.lines, text.blocks)
        if not text.blocks:
            return []
        return lines_of_blocks(self._image(text), text.width, text.height, text.blocks)

    def _image(self, text: PageText) -> Gray | None:
        if self._viewer is None:
            return None
        across, down = text.width, text.height
        if text.quarter_turns % 2:
            across, down = down, across
        return np.rot90(self._viewer.image(text.index, across, down), text.quarter_turns)

    def _with_font(self, resources: Object | None, *, without_ours: bool) -> tuple[str, Object]:
        """Return the font's name, and a copy of resources that has it; pages that share theirs share the copy.

        Args:
            resources: Of a page.
            without_ours: Whether to leave out the fonts of earlier layers of ours.
        """
        indirect = isinstance(resources, Dictionary) and resources.is_indirect
        key = (*resources.objgen, without_ours) if indirect and resources is not None else None
        if key is not None and key in self._resources:
            return self._resources[key]
        name = "/" + NAME
        copy = with_entries(resources, "/Font", {})
        if without_ours:
            for old in [font for font, _ in copy.Font.items() if font.startswith(name)]:
                del copy.Font[old]
        while name in copy.Font:
            name += "X"
        copy.Font[name] = self.font.reference
        if key is None:
            return name, copy
        self._resources[key] = name, self._pdf.make_indirect(copy)
        return self._resources[key]

    def _without_invisible(self, streams: list[Object], resources: Object | None) -> _Old:
        kept = [stream for stream in streams if _MARK not in stream]
        content = b"\n".join(stream.read_bytes() for stream in kept)
        stripped = self._stripper.strip(content, resources)
        if stripped.content is not None:
            kept = [deflated(self._pdf, stripped.content)]
        return _Old(kept, stripped.forms)


def _streams(page: Object) -> list[Object]:
    """Return the content streams of a page."""
    contents = page.get("/Contents")
    found = list(contents) if isinstance(contents, Array) else [contents]
    return [stream for stream in found if isinstance(stream, Stream)]
