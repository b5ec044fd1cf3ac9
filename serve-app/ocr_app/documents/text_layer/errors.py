"""The errors of a document that gets no text layer."""

from ocr_app.engine.types import RequestError


def needs_password(given: bool) -> RequestError:
    """The document is encrypted, and there is no password or a wrong one."""
    message = "The password does not open the PDF." if given else "The PDF is encrypted: send its password."
    return RequestError(message, code="encrypted_pdf")


def cannot_be_opened(reason: str) -> RequestError:
    """The file is too damaged for qpdf to repair, or it is no PDF."""
    return RequestError(f"The PDF cannot be read, and could not be repaired: {reason[:300]}", code="invalid_pdf")


def signed() -> RequestError:
    """The document carries signatures, and nobody asked to break them."""
    return RequestError(
        "The PDF is signed: a text layer would make its signatures invalid. Send `force` to add it all the same.",
        code="signed_pdf",
    )
