"""The pictures of pages, cut out while a page is at hand: nobody keeps or draws it for them again."""

import base64
import logging
from collections.abc import Mapping, Sequence

from ocr_app.api.mistral.page import Wanted
from ocr_app.api.page_report import blocks_of, layout_of, report_of
from ocr_app.documents.document import PageImage
from ocr_app.documents.opener import Opener
from ocr_app.documents.pipeline import Page, ReadPage
from ocr_app.engine.types import EngineEvent, RequestError
from ocr_app.ocr.grounding.blocks import PICTURES
from ocr_app.ocr.layout_json import PixelBox
from ocr_app.untrusted.process import JobFailed

log = logging.getLogger("ocr_app.api")

_MOST = 200
"""Pictures that are cut out of one page; the rest of them is named without its image."""


class PictureCutter:
    """A `ReadPage` that also cuts out pictures.

    Args:
        read: Has the engine read the page.
        opener: Has child processes.
        wanted: Which pictures.
        max_pixels: Most pixels of a page.
        room: Most bytes of all pictures together; None for an answer that lets go of each page.
    """

    def __init__(
        self, read: ReadPage, opener: Opener, wanted: Wanted, max_pixels: int, room: int | None = None
    ) -> None:
        self._read = read
        self._opener = opener
        self._wanted = wanted
        self._max_pixels = max_pixels
        self._room = room
        self._cut: dict[int, dict[PixelBox, str]] = {}

    async def __call__(self, page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        """Read a page."""
        events = await self._read(page, image)
        boxes = _boxes(events, self._wanted)
        if boxes and (self._room is None or self._room > 0):
            self._cut[page.position] = await self._pieces(events, boxes, image)
        return events

    def take(self, page: Page) -> Mapping[PixelBox, str]:
        """Return the pictures of a page as data URIs, and forget them."""
        return self._cut.pop(page.position, {})

    async def _pieces(
        self, events: tuple[EngineEvent, ...], boxes: Sequence[PixelBox], image: PageImage
    ) -> dict[PixelBox, str]:
        layout = layout_of(events)
        args = {
            "boxes": boxes,
            "width": layout["width"],
            "height": layout["height"],
            "turned_degrees": int(report_of(events).get("turned_degrees") or 0),
            "max_pixels": self._max_pixels,
        }
        try:
            answer, result = await self._opener.work("cut_pictures", image.data, args)
        except (JobFailed, RequestError):
            log.warning("the pictures of a page cannot be cut out", exc_info=True)
            return {}
        if result is None:
            return {}
        with result:
            found: dict[PixelBox, str] = {}
            at = 0
            for box, size in zip(boxes, answer["sizes"], strict=True):
                if size:
                    found[box] = "data:image/jpeg;base64," + base64.b64encode(result[at : at + size]).decode()
                at += size
            if self._room is not None:
                self._room -= sum(map(len, found.values()))
            return found


def _boxes(events: tuple[EngineEvent, ...], wanted: Wanted) -> list[PixelBox]:
    least = max(wanted.image_min_size, 1)
    boxes = [box for block in blocks_of(layout_of(events)) if block.label in PICTURES for box in block.boxes]
    large = [box for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= least]
    return large[: _MOST if wanted.image_limit is None else min(_MOST, wanted.image_limit)]
