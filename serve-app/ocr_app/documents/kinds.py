"""What a file is, by its content; names and media types are often wrong."""

from typing import Literal

from ocr_app.engine.formats import ACCEPTED, sniff

Kind = Literal["pdf", "tiff", "image"]

_HEADER_WITHIN = 1024
"""Bytes in which a PDF's header may stand, as readers of PDF have it."""


def kind_of(data: bytes) -> Kind | None:
    """Return what kind of document a file is by its first bytes; None if it is none that is read."""
    name = sniff(data)
    if name == "tiff":
        return "tiff"
    if name in ACCEPTED:
        return "image"
    # Mail gateways and scanners put lines of their own before the header.
    return "pdf" if b"%PDF-" in data[:_HEADER_WITHIN] else None
