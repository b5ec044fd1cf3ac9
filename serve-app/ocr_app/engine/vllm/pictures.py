"""The pictures of a request: their files stay, their pixels are there only while something is made of them."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ocr_app.engine.images import probe
from ocr_app.engine.types import EngineRequest
from ocr_app.engine.vllm.room import Room
from ocr_app.untrusted.images import Pixels, decode_image
from ocr_app.untrusted.pool import ChildPool

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")


class Size(NamedTuple):
    """Size of a picture in pixels; until it is first decoded as its file says, then upright."""

    width: int
    height: int


class Pictures:
    """The pictures of one request: its images, and the pages of those that have several.

    Args:
        request: The request.
        children: Where files are decoded.
        threads: Where something is made of the pixels.
        room: For the pixels of all requests together.
        max_pixels: Most pixels of one image (width x height).

    Attributes:
        sizes: Of each picture.

    Raises:
        RequestError: An image is damaged or too large, as its header shows.
    """

    def __init__(
        self, request: EngineRequest, children: ChildPool, threads: Executor, room: Room, *, max_pixels: int
    ) -> None:
        self._pictures = request.pictures
        self._children = children
        self._threads = threads
        self._room = room
        self._max_pixels = max_pixels
        self.sizes: list[Size] = []
        for file, param, page in self._pictures:
            # One look at the file is enough for all its pages.
            if not page:
                self.sizes += (Size(*size) for size in probe(file, max_pixels=max_pixels, param=param).sizes)

    async def use(self, index: int, make: "Callable[[Image.Image], T]") -> T:
        """Decode a picture, once there is room for its pixels, and return what `make` makes of them in a thread.

        Raises:
            RequestError: The image cannot be decoded.
        """
        amount = self.sizes[index].width * self.sizes[index].height
        await self._room.take(amount)
        try:
            pixels = await decode_image(self._children, self._pictures[index], max_pixels=self._max_pixels)
            self.sizes[index] = Size(pixels.width, pixels.height)
            work = self._threads.submit(_make, pixels, make)
        except BaseException:
            self._room.give(amount)
            raise
        del pixels
        # Not when this is cancelled, but when the thread has let the pixels go.
        loop = asyncio.get_running_loop()
        work.add_done_callback(lambda _: _in_loop(loop, self._room, amount))
        return await asyncio.wrap_future(work)


def _make(pixels: Pixels, make: "Callable[[Image.Image], T]") -> T:
    image = pixels.image()
    # Its copy is enough.
    pixels.data.close()
    return make(image)


def _in_loop(loop: asyncio.AbstractEventLoop, room: Room, amount: int) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(room.give, amount)
