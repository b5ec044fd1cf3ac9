"""Files that are text already."""

import re

from ocr_app.engine.formats import sniff

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""What no text has; tabs, line ends, page breaks and escapes are allowed."""

_NOT_TEXT = ("rtf", "postscript", "svg")
"""Made of letters, but nobody reads them as they are."""


def as_text(data: bytes, media_type: str) -> str | None:
    """Return a file as text; None if it is none.

    Args:
        data: The file.
        media_type: What the client calls it; a file that is not Unicode is text only if this says so.
    """
    if sniff(data) in _NOT_TEXT:
        return None
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        if not media_type.lower().startswith("text/"):
            return None
        text = data.decode("cp1252", "replace")
    return None if _CONTROL.search(text) else text
