"""What is wrong with a whole document, in words for the client."""

from ocr_app.engine.types import RequestError


def invalid_pdf(reason: str) -> RequestError:
    """Return the error for a PDF of which no page can be read."""
    return RequestError(f"The PDF cannot be read: {reason}. Print it to a new PDF and send that.", code="invalid_pdf")


def locked(password: str) -> RequestError:
    """Return the error for a PDF that this password does not open; empty for none."""
    if password:
        return RequestError("The password does not open the PDF.", code="wrong_pdf_password")
    return RequestError("The PDF needs a password.", code="encrypted_pdf")


def not_available(files: str, reason: str, param: str | None = None) -> RequestError:
    """Return the error for files that this installation cannot read, such as PDFs."""
    return RequestError(
        f"This service cannot read {files}: {reason}. Turn the pages into images, or ask its operator.",
        param=param,
        code="pdf_not_available",
        status=501,
    )
