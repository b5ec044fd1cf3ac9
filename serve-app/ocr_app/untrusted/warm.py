"""What a child imports before its first job, so that no client waits for it."""

from ocr_app.engine import decoders


def warm_up() -> None:
    """Import the decoders."""
    import numpy  # noqa: F401

    decoders.warm_up()
