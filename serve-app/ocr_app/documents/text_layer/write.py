"""A PDF in, the same PDF with an invisible text layer out."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Pdf

from ocr_app.documents.text_layer.errors import cannot_be_opened, needs_password, reason, signed
from ocr_app.documents.text_layer.layer import Layer
from ocr_app.documents.text_layer.look import Viewer
from ocr_app.documents.text_layer.signatures import is_signed
from ocr_app.documents.text_layer.types import PageDone, PageText, Write

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PIECE_BYTES = 2**20


def add_text_layer(
    data: bytes,
    pages: Iterable[PageText],
    write: Write,
    *,
    password: str = "",
    redo: bool = False,
    force: bool = False,
) -> list[PageDone]:
    """Write a copy of a PDF with an invisible text layer under the content of its pages.

    All that the PDF has stays as it is, its streams byte for byte; so does its encryption, with the same passwords
    and permissions. A page that cannot be done stays as it was.

    Args:
        data: The PDF. A damaged one is repaired.
        pages: The text of its pages; those left out stay as they are.
        write: Takes the result.
        password: The user's or the owner's, if the PDF needs one.
        redo: Whether to replace invisible text that pages have already.
        force: Whether to change a signed PDF, which makes its signatures invalid.

    Returns:
        What was done with each of `pages`, in their order.

    Raises:
        RequestError: Code `encrypted_pdf` (no password, or a wrong one), `invalid_pdf` or `signed_pdf`.
    """
    with _open(data, password) as pdf:
        if is_signed(pdf) and not force:
            raise signed()
        viewer = _viewer(data, password, pdf)
        try:
            layer = Layer(pdf, viewer, redo=redo)
            done = [layer.add(text) for text in pages]
        finally:
            if viewer is not None:
                viewer.close()
        layer.font.finish()
        try:
            with io.BufferedWriter(_Sink(write), _PIECE_BYTES) as file:
                pdf.save(file, encryption=pdf.is_encrypted, compress_streams=False)
        except pikepdf.PdfError as error:
            raise cannot_be_opened(reason(error)) from error
    return done


class _Sink(io.RawIOBase):
    """A file that hands on what is written to it."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        piece = bytes(data)
        self._write(piece)
        return len(piece)


def _open(data: bytes, password: str) -> Pdf:
    try:
        pdf = Pdf.open(io.BytesIO(data), password=password, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise needs_password(bool(password)) from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError) as error:
        raise cannot_be_opened(reason(error)) from error
    if not len(pdf.pages):
        pdf.close()
        raise cannot_be_opened("it has no pages")
    return pdf


def _viewer(data: bytes, password: str, pdf: Pdf) -> Viewer | None:
    """Return PDFium's view of a document, or of what qpdf makes of it; None if PDFium refuses both."""
    count = len(pdf.pages)
    if viewer := Viewer.open(data, password, count):
        return viewer
    repaired = io.BytesIO()
    try:
        pdf.save(repaired)
    except pikepdf.PdfError:
        return None
    return Viewer.open(repaired.getvalue(), "", count)
