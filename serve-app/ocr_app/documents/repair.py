"""A second try at PDFs that PDFium refuses, such as one that was cut off: qpdf finds the objects that are there."""

import io


class NotRepaired(Exception):
    """qpdf cannot read it either, or is not installed; says why."""


class LockedError(Exception):
    """It needs a password, or another one."""


def repaired(data: bytes, password: str) -> bytes:
    """Return the PDF written anew, without a password.

    Raises:
        NotRepaired, LockedError: See there.
    """
    try:
        import pikepdf
    except ImportError as error:
        raise NotRepaired("pikepdf is not installed") from error
    try:
        with pikepdf.open(io.BytesIO(data), password=password) as pdf:
            if not len(pdf.pages):
                raise NotRepaired("no page is left in it")
            buffer = io.BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except pikepdf.PasswordError as error:
        raise LockedError from error
    # Which error a broken object becomes depends on where it is looked at.
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise NotRepaired(type(error).__name__) from error
