"""Where requests are parsed, so that none of them holds the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from ocr_app.api.json_text import cut_images
from ocr_app.api.parser import ParsedRequest, parse, parse_cut
from ocr_app.api.references import FileResolver, no_files
from ocr_app.settings import Settings

_LARGE_BODY = 512 * 1024
_LARGE_TEXT = 64 * 1024


class ParseLanes:
    """Parses a usual page at once, anything that may take longer than a few milliseconds beside the event loop.

    Large bodies have one thread, and small ones with much JSON another one: however many come, two of them are parsed
    at a time, and pages do not wait for them.

    Args:
        settings: Limits and the model's id.
        resolve: Finds the files that the service keeps.
    """

    def __init__(self, settings: Settings, resolve: FileResolver = no_files) -> None:
        self._settings = settings
        self._resolve = resolve
        self._small = ThreadPoolExecutor(1, "parse-small")
        self._large = ThreadPoolExecutor(1, "parse-large")

    async def parse(self, body: bytes) -> ParsedRequest:
        """Parse a body as `parser.parse` does, with the same errors."""
        loop = asyncio.get_running_loop()
        if len(body) > _LARGE_BODY:
            return await loop.run_in_executor(self._large, parse, body, self._settings, self._resolve)
        source = cut_images(body)
        if len(source.text) > _LARGE_TEXT:
            return await loop.run_in_executor(self._small, parse_cut, source, self._settings, self._resolve)
        return parse_cut(source, self._settings, self._resolve)
