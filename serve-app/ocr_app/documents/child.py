"""The jobs on documents, as a child process does them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import TYPE_CHECKING, Any

from ocr_app.documents import errors, pdf, repair
from ocr_app.documents.image_file import encoded
from ocr_app.documents.page_kind import kind_of_page
from ocr_app.documents.resolution import Rule, drawing_of
from ocr_app.documents.rgb_image import rgb_image
from ocr_app.documents.text_layer import job
from ocr_app.engine.images import load_page
from ocr_app.engine.types import RequestError
from ocr_app.untrusted.memory import File

if TYPE_CHECKING:
    from PIL import Image

Write = Callable[[bytes], None]


def open_pdf(file: File, args: Mapping[str, Any], write: Write) -> Mapping[str, Any]:
    """Open a PDF; the child keeps it open for its pages.

    Args:
        file: The PDF.
        args: `password`, a string, empty for none; `repair`, whether to write a broken file anew.
        write: Takes a broken file, written anew.

    Returns:
        `pages`, how many there are; or None, with the file written anew as the result.

    Raises:
        RequestError: 400 `encrypted_pdf`, `wrong_pdf_password` or `invalid_pdf`; 501 `pdf_not_available`.
    """
    password = args["password"]
    try:
        import pypdfium2  # noqa: F401
    except (ImportError, OSError) as error:
        raise errors.not_available("PDFs", f"pypdfium2 cannot be loaded ({error})") from error
    try:
        pages = len(pdf.opened(file, password))
    except pdf.Locked as error:
        raise errors.locked(password) from error
    except pdf.UnknownLock as error:
        raise RequestError(
            "The PDF is encrypted in a way that is not known here: save it without encryption.", code="encrypted_pdf"
        ) from error
    except pdf.Unreadable as error:
        if not args["repair"]:
            raise errors.invalid_pdf("the file is damaged or cut off") from error
        try:
            write(repair.repaired(file.read(), password))
        except repair.LockedError:
            raise errors.locked(password) from error
        except repair.NotRepaired:
            raise errors.invalid_pdf("the file is damaged or cut off") from error
        return {"pages": None}
    if pages < 1:
        raise errors.invalid_pdf("it has no pages")
    return {"pages": pages}


def draw_pdf_page(file: File, args: Mapping[str, Any], write: Write) -> Mapping[str, Any]:
    """Draw a page of a PDF, with its filled-in fields and annotations, upright.

    Args:
        file: The PDF.
        args: `password`; `page`, from 0; `rule`, the fields of a `resolution.Rule`; `repaired`, whether the document
            was damaged.
        write: Takes the image file.

    Returns:
        `width` and `height` in pixels, and `dpi`.

    Raises:
        RequestError: 413 `page_too_large`, or 400 `invalid_page`; it goes on after "Page 3: ".
    """
    with _page(file, args) as page:
        drawing = drawing_of(page.get_width(), page.get_height(), Rule(**args["rule"]))
        # Pixels of 3 bytes, red first: they need no conversion.
        bitmap = page.render(scale=drawing.scale, rev_byteorder=True)
        try:
            image = bitmap.to_pil()
            data = encoded(image)
            if _may_be_blank(image, data) and _is_blank(image):
                _check_blank_page(page, repaired=args["repaired"])
            write(data)
        finally:
            bitmap.close()
        return {"width": bitmap.width, "height": bitmap.height, "dpi": round(drawing.dpi, 2)}


def _may_be_blank(image: "Image.Image", data: bytes) -> bool:
    # A look at all pixels takes a millisecond, and a page of one colour becomes 60 times smaller, if it is no stamp.
    pixels = image.width * image.height * 3
    return pixels < 2**16 or len(data) * 50 < pixels


def _is_blank(image: "Image.Image") -> bool:
    return all(low == high for low, high in (channel.getextrema() for channel in image.split()))


def _check_blank_page(page: Any, *, repaired: bool) -> None:
    """Raise RequestError 400 `invalid_page` if a page on which nothing was drawn should not be blank."""
    if repaired:
        # A picture or the text itself was in the part that is gone.
        raise RequestError("nothing is left of it, because the file is damaged or cut off", code="invalid_page")
    if pdf.has_strange_text(page):
        raise RequestError(
            "its text is in fonts that neither the PDF nor this machine has: save the PDF with its fonts embedded",
            code="invalid_page",
        )


def judge_pdf_page(file: File, args: Mapping[str, Any], write: Write) -> Mapping[str, Any]:
    """Return the `kind` of a page of a PDF, a `page_kind.PageKind`. Takes about as long as drawing it.

    Args and errors are those of `draw_pdf_page`; there is no result.
    """
    with _page(file, args) as page:
        return {"kind": kind_of_page(pdf.facts_of(page))}


@contextmanager
def _page(file: File, args: Mapping[str, Any]) -> Iterator[Any]:
    import pypdfium2

    try:
        page = pdf.opened(file, args["password"])[args["page"]]
        try:
            yield page
        finally:
            page.close()
    except pypdfium2.PdfiumError as error:
        raise RequestError(f"it cannot be drawn ({str(error).rstrip('.')})", code="invalid_page") from error


def draw_tiff_page(file: File, args: Mapping[str, Any], write: Write) -> Mapping[str, Any]:
    """Take a page out of a TIFF, upright.

    Args:
        file: The TIFF.
        args: `page`, from 0; `max_pixels`, the most pixels (width x height).
        write: Takes the image file.

    Returns:
        `width` and `height` in pixels, and `dpi`, None if the file does not say.

    Raises:
        RequestError: As `ocr_app.engine.images.decode`.
    """
    image = load_page(file.read(), args["page"], max_pixels=args["max_pixels"])
    dpi = image.info.get("dpi", (None,))[0]
    write(encoded(image if image.mode == "1" else rgb_image(image)))
    dpi = round(float(dpi), 2) if isinstance(dpi, Real) else 0.0
    return {"width": image.width, "height": image.height, "dpi": dpi if 1 < dpi < 100_000 else None}


def searchable_pdf(file: File, args: Mapping[str, Any], write: Write) -> Mapping[str, Any]:
    """Make a searchable PDF; see `text_layer.job.searchable_pdf`."""
    return job.searchable_pdf(file.read(), args, write)
