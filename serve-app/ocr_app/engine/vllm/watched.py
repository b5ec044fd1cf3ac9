"""vLLM with a record of its progress, for the health check."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ocr_app.engine.progress import Progress
from ocr_app.engine.types import Json
from ocr_app.engine.vllm.reader import Sequences
from ocr_app.ocr.modes import MODEL_TILES, Mode

if TYPE_CHECKING:
    from PIL import Image

    from ocr_app.engine.vllm.runtime import Step


class Watched:
    """Passes everything on to `sequences`. A client that reads its answer slowly does not count as work.

    Args:
        sequences: vLLM.
        progress: Gets a step for each prepared page and for each output of vLLM.
    """

    def __init__(self, sequences: Sequences, progress: Progress) -> None:
        self._sequences = sequences
        self._progress = progress
        self.has_modes = sequences.has_modes

    def more_tiles(self, size: tuple[int, int], max_tiles: int) -> bool:
        """Tell whether a page of this size gets other tiles if it may have that many."""
        return self._sequences.more_tiles(size, max_tiles)

    def prepare(self, image: "Image.Image", mode: Mode, max_tiles: int = MODEL_TILES) -> "Image.Image":
        """Return a page for `generate`."""
        with self._progress.working():
            page = self._sequences.prepare(image, mode, max_tiles)
            self._progress.step()
            return page

    async def generate(
        self, request_id: str, messages: Sequence[Mapping[str, Json]], fields: Mapping[str, Json]
    ) -> "AsyncIterator[Step]":
        """Run one sequence; closing the iterator aborts it."""
        steps = self._sequences.generate(request_id, messages, fields)
        try:
            with self._progress.working():
                async for step in steps:
                    self._progress.step()
                    yield step
        finally:
            await steps.aclose()  # type: ignore[attr-defined]
