"""The client's name for a file, in any script, for display; and its media type."""

import re
import unicodedata

from ocr_app.engine.formats import sniff

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_MOST = 255

_BY_FORMAT = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "heic": "image/heic",
    "avif": "image/avif",
    "jpeg 2000": "image/jp2",
    "pdf": "application/pdf",
}
_UNKNOWN = "application/octet-stream"
_PDF_START = 1_024
"""PDF readers look for the header in so many bytes, because some programs write something before it."""


def display_name(given: str | None) -> str:
    """Return a client's file name without folders and control characters; `file` if nothing of it is left.

    It is shown and given back, and never used as a path.
    """
    last = re.split(r"[/\\]", given or "")[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cs"))
    kept = kept.strip()
    if len(kept) > _MOST:
        # The end has the suffix.
        kept = kept[: _MOST - 21] + "…" + kept[-20:]
    return "file" if kept in ("", ".", "..") else kept


def media_type(start: bytes, declared: str) -> str:
    """Return a file's media type: by its first bytes if they are of a format that is read here, else as declared.

    Args:
        start: The first bytes, 1 KiB or more if there are so many.
        declared: The Content-Type of the client.
    """
    known = _BY_FORMAT.get(sniff(start) or "")
    if known is None and b"%PDF-" in start[:_PDF_START]:
        known = _BY_FORMAT["pdf"]
    if known:
        return known
    plain = declared.partition(";")[0].strip().lower()
    return plain if _MEDIA_TYPE.fullmatch(plain) else _UNKNOWN
