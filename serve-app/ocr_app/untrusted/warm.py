"""What a child imports before its first job, so that no client waits for it."""


def warm_up() -> None:
    """Import the decoders."""
    import numpy  # noqa: F401
    from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

    # Only used by being imported: they register themselves.
    del BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
