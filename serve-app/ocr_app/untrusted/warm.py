"""What a child imports before its first job, so that no client waits for it."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Literal

from ocr_app.engine import decoders

Work = Literal["images", "documents"]
"""What a child is there for: decoding images for an engine, or drawing pages of documents."""


def _images() -> None:
    import numpy  # noqa: F401

    decoders.warm_up()


def _documents() -> None:
    # Without it there are no PDFs, but TIFFs.
    with contextlib.suppress(ImportError, OSError):
        import pypdfium2  # noqa: F401
    from PIL import JpegImagePlugin, PngImagePlugin, TiffImagePlugin

    del JpegImagePlugin, PngImagePlugin, TiffImagePlugin


WARM_UP: Mapping[str, Callable[[], None]] = {"images": _images, "documents": _documents}
