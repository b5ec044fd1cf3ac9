"""A page of a stored file as a picture for people."""

import asyncio
import re

from ocr_app.api.context import Service
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.engine.types import RequestError
from ocr_app.untrusted.process import JobFailed

DEFAULT_SIDE = 1_600
LEAST_SIDE, MOST_SIDE = 32, 4_000
"""The longer side of a picture, in pixels."""

_SIDE = re.compile(r"[0-9]{1,5}")


def side_of(text: str | None) -> int:
    """Return the longer side that a client asks for; raise ApiError 400 if it is none."""
    if not text:
        return DEFAULT_SIDE
    if not _SIDE.fullmatch(text) or not LEAST_SIDE <= int(text) <= MOST_SIDE:
        message = f"side is {quote(text, 40)}; it must be a whole number of pixels from {LEAST_SIDE} to {MOST_SIDE}."
        raise ApiError(400, message, param="side", code="invalid_value")
    return int(text)


async def preview(service: Service, file_id: str, number: int, side: int) -> bytes:
    """Return a page as a JPEG file.

    Args:
        service: The running service.
        file_id: Of the stored file: a PDF, a TIFF or an image.
        number: Of the page, from 1.
        side: Its longer side in pixels; a smaller image stays as it is.

    Raises:
        ApiError: 404 for a file or a page that is not there, 501 where no files are kept, 429 if too much is held.
        RequestError: The file is no document that is read here, or the page cannot be drawn.
    """
    found = await asyncio.to_thread(service.files.resolve, file_id)
    with service.bodies.lease() as lease:
        lease.take(found.record.size)
        data = await asyncio.to_thread(service.files.read, found)
        async with service.documents.turns:
            document = await service.documents.open(data, param="file_id")
            del data
            try:
                if not 1 <= number <= document.pages:
                    raise _no_page(number, document.pages)
                image = (await document.page(number - 1)).data
            finally:
                document.close()
            return await _smaller(service, image, side)


async def _smaller(service: Service, image: bytes, side: int) -> bytes:
    args = {"max_pixels": service.settings.limits.max_image_pixels, "side": side}
    try:
        _, jpeg = await service.documents.work("preview_page", image, args)
    except JobFailed as error:
        raise RequestError(f"The page cannot be drawn: {error}.", code="invalid_page") from error
    if jpeg is None:
        raise RuntimeError("the job preview_page returned no image")
    with jpeg:
        return jpeg[:]


def _no_page(number: int, pages: int) -> ApiError:
    return ApiError(404, f"There is no page {number}: the file has {pages}.", code="page_not_found")
