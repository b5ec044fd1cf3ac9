"""Image files to pixels, in child processes."""

import logging
from dataclasses import dataclass
from mmap import mmap
from typing import TYPE_CHECKING, Literal

from ocr_app.engine.images import naming_page
from ocr_app.engine.types import Picture, RequestError
from ocr_app.settings import LimitSettings
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import JobFailed, Limits

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

Order = Literal["RGB", "BGR"]

log = logging.getLogger("ray.serve")

# The worst honest file is a WebP: libwebp's two canvases, its copy of the pixels and Pillow's, of 4 bytes each.
_BYTES_A_PIXEL = 17
_BYTES_OF_A_CHILD = 128 * 2**20

_ADVICE = "save it again as a plain PNG or JPEG, or scale it down"


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded image in memory that is freed with this object.

    Attributes:
        width: In pixels.
        height: In pixels.
        data: Row by row, of 3 bytes a pixel.
        order: Of these bytes.
    """

    width: int
    height: int
    data: mmap
    order: Order = "RGB"

    def array(self) -> "npt.NDArray[np.uint8]":
        """Return the pixels, read-only and not copied, of shape (height, width, 3)."""
        import numpy as np

        return np.frombuffer(self.data, dtype=np.uint8).reshape(self.height, self.width, 3)

    def image(self) -> "Image.Image":
        """Return a copy as an image of mode RGB."""
        from PIL import Image

        # Pillow's types do not know that any buffer will do.
        return Image.frombuffer("RGB", (self.width, self.height), self.data, "raw", self.order, 0, 1)  # type: ignore[arg-type]


def child_limits(limits: LimitSettings) -> Limits:
    """Return what a child process may use up for one image of the largest size."""
    return Limits(cpu_s=limits.decode_cpu_s, memory_bytes=_BYTES_OF_A_CHILD + _BYTES_A_PIXEL * limits.max_image_pixels)


async def decode_image(pool: ChildPool, picture: Picture, *, max_pixels: int, order: Order = "RGB") -> Pixels:
    """Decode a picture in a child process; cancelling kills that process.

    Args:
        pool: Of child processes.
        picture: The image file, or a page of it.
        max_pixels: Most pixels (width x height).
        order: Of the bytes of a pixel. Changing it later would take the memory of the image once more.

    Raises:
        RequestError: As `ocr_app.engine.images.decode`; also 400 `invalid_image` if the decoder crashes, takes too long
            or too much memory.
    """
    args = {"max_pixels": max_pixels, "page": picture.page, "order": order}
    try:
        answer, pixels = await pool.run("decode_image", picture.data, args)
    except RequestError as error:
        raise RequestError(error.message, param=picture.param, code=error.code, status=error.status) from None
    except JobFailed as error:
        log.warning("an image of %d bytes could not be decoded: %s", len(picture.data), error.detail or error)
        with naming_page(picture.page):
            raise RequestError(
                f"The image cannot be decoded: {error}; {_ADVICE}.", param=picture.param, code="invalid_image"
            ) from error
    width, height = int(answer["width"]), int(answer["height"])
    if pixels is None or len(pixels) != 3 * width * height:
        raise RuntimeError(f"the job decode_image returned other than {width} x {height} pixels")
    return Pixels(width, height, pixels, order)
