"""The errors of a document that gets no text layer."""

import re

from ocr_app.engine.types import RequestError

_FILE_OBJECT = re.compile(r"(?:stream )?<_io\.BytesIO[^>]*>:? ?")
_LONGEST_REASON = 200


def reason(error: BaseException) -> str:
    """Return what a library says is wrong, without the name of an object in memory for that of the file."""
    return (_FILE_OBJECT.sub("", str(error)).strip() or type(error).__name__)[:_LONGEST_REASON]


def needs_password(given: bool) -> RequestError:
    """The document is encrypted, and there is no password or a wrong one."""
    message = "The password does not open the PDF." if given else "The PDF is encrypted: send its password."
    return RequestError(message, code="encrypted_pdf")


def cannot_be_opened(why: str) -> RequestError:
    """The file is too damaged for qpdf to repair, or it is no PDF."""
    return RequestError(f"The PDF cannot be read, and could not be repaired: {why}", code="invalid_pdf")


def signed() -> RequestError:
    """The document carries signatures, and nobody asked to break them."""
    return RequestError(
        "The PDF is signed: a text layer would make its signatures invalid. Send `force` to add it all the same.",
        code="signed_pdf",
    )
