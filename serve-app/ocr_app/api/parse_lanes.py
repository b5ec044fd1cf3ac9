"""Where requests are parsed, so that none of them holds the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ocr_app.api.json_text import cut_images
from ocr_app.api.parser import ParsedRequest, parse, parse_cut
from ocr_app.api.references import FileResolver, no_files
from ocr_app.settings import Settings

_LARGE_BODY = 512 * 1024
_LARGE_TEXT = 64 * 1024

T = TypeVar("T")


class ParseLanes:
    """Parses a usual page at once, anything that may take longer than a few milliseconds beside the event loop.

    Large bodies, and requests that name a file that the service keeps, have one thread, and small ones with much JSON
    another one: however many come, two of them are parsed at a time, and pages do not wait for them.

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
        if len(body) > _LARGE_BODY:
            return await self.beside(lambda: parse(body, self._settings, self._resolve))
        source = cut_images(body)
        if len(source.text) > _LARGE_TEXT:
            return await self.beside(lambda: parse_cut(source, self._settings, self._resolve), large=False)
        try:
            return parse_cut(source, self._settings, _not_here)
        except _ReadsDisk:
            return await self.beside(lambda: parse_cut(source, self._settings, self._resolve))

    async def beside(self, work: Callable[[], T], *, large: bool = True) -> T:
        """Do the work of a request in a thread; `large` work, such as decoding a document, has one of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._large if large else self._small, work)


class _ReadsDisk(BaseException):
    """The request names a file that is on the disk."""


def _not_here(file_id: str, param: str) -> bytes:
    raise _ReadsDisk
