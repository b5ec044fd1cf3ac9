"""Which of Pillow's decoders reads a format, and whether it is installed.

AVIF and JPEG 2000 are in Pillow's own wheels, HEIC comes with pi-heif, which an image for GPU workers may lack. Only
the processes of `ocr_app.untrusted` use them.
"""

import functools

from ocr_app.engine.types import RequestError

_PILLOW = {"heic": "HEIF", "jpeg 2000": "JPEG2000"}
_THREADS = 1
"""Of one decoder: its process has the memory and the time of one page."""


def of(name: str, param: str | None) -> str:
    """Return Pillow's name of a format in `formats.ACCEPTED`, its decoder ready.

    Raises:
        RequestError: 400, `unsupported_image_format`: this installation has no decoder for it.
    """
    if not _ready(name):
        phone = " An iPhone takes JPEG with Settings, Camera, Formats, Most Compatible." if name == "heic" else ""
        raise RequestError(
            f"The file is {name.upper()}, for which this engine has no decoder: save it as PNG or JPEG.{phone}",
            param=param,
            code="unsupported_image_format",
        )
    return _PILLOW.get(name, name.upper())


def warm_up() -> None:
    """Import what any format needs, so that no client waits for it."""
    # They register themselves by being imported.
    from PIL import (
        BmpImagePlugin,
        GifImagePlugin,
        Jpeg2KImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    del BmpImagePlugin, GifImagePlugin, Jpeg2KImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin
    del WebPImagePlugin
    for name in ("heic", "avif", "jpeg 2000"):
        _ready(name)


@functools.cache
def _ready(name: str) -> bool:
    from PIL import features

    if name == "heic":
        return _heic()
    if name == "avif":
        return _avif()
    return name != "jpeg 2000" or bool(features.check("jpg_2000"))


def _avif() -> bool:
    from PIL import features

    # Pillow has had AVIF since 11.3.
    if "avif" not in features.modules or not features.check("avif"):
        return False
    from PIL import AvifImagePlugin

    # As many as there are processors otherwise.
    AvifImagePlugin.DEFAULT_MAX_THREADS = _THREADS
    return True


def _heic() -> bool:
    try:
        from pi_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=_THREADS)
    return True
