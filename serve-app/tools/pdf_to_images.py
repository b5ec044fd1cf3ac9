"""Turn a document into the image files that the API takes: `python pdf_to_images.py FILE OUTDIR [--dpi N] [--first N]`.

The pages of a PDF, or of a TIFF that has several, become PNG files `page-0001.png`, …; another image file is copied as
it is. Prints the path of each file written, one a line, in order. With --ask, it first prints how many pages there are,
waits for a line on standard input before each page, and ends when standard input does: so pages that nobody has read
yet fill no disk.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocr_app.documents.resolution import POINTS_PER_INCH, Rule, drawing_of, within
from ocr_app.engine.images import decode, probe
from ocr_app.engine.types import RequestError
from ocr_app.settings import DocumentSettings, LimitSettings
from tools.arguments import positive

_LIMITS = LimitSettings()  # what the API accepts by default
_RULE = Rule.of(DocumentSettings(), _LIMITS)


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF; its header may stand anywhere in the first kilobyte."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def convert(source: Path, folder: Path, *, dpi: int | None = None, first: int | None = None) -> Iterator[Path]:
    """Write the pages of a document as image files.

    Args:
        source: A PDF or an image file, which may have several pages too.
        folder: Where to write; made where missing.
        dpi: Resolution of the images; None for that in which the service draws a page, see
            `ocr_app.documents.resolution`. Lowered for a page that would have too many pixels.
        first: Only this many pages; None for all.

    Yields:
        Each file, once it is written.

    Raises:
        ValueError: The file or one of its pages cannot be read, or the API would not take the image; says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not is_pdf(source):
        yield from _from_image(source, folder, first)
        return
    document = _open(source)
    try:
        for index in range(min(len(document), first or len(document))):
            target = _page_path(folder, index)
            _render(document, index, dpi, target)
            yield target
    finally:
        document.close()


def _from_image(source: Path, folder: Path, first: int | None) -> Iterator[Path]:
    pages = check_image(source)
    if pages == 1:
        target = folder / source.name
        if target.resolve() != source.resolve():
            shutil.copyfile(source, target)
        yield target
        return
    data = source.read_bytes()
    for index in range(min(pages, first or pages)):
        target = _page_path(folder, index)
        try:
            decode(data, max_pixels=_LIMITS.max_image_pixels, page=index).save(target)
        except RequestError as error:
            raise ValueError(f"{source} cannot be read: {error}") from error
        yield target


def _page_path(folder: Path, index: int) -> Path:
    return folder / f"page-{index + 1:04d}.png"


def count_pages(source: Path) -> int:
    """Return how many images `convert` makes of a document; raises ValueError as it does."""
    if not is_pdf(source):
        return check_image(source)
    document = _open(source)
    try:
        return len(document)
    finally:
        document.close()


def check_image(path: Path) -> int:
    """Return how many pages an image file has; raises ValueError if the API would not take it, saying why."""
    size = path.stat().st_size
    if size > _LIMITS.max_image_bytes:
        raise ValueError(
            f"{path} has {size:,} bytes; at most {_LIMITS.max_image_bytes:,} are accepted: save it smaller, as a JPEG."
        )
    try:
        return len(probe(path.read_bytes(), max_pixels=_LIMITS.max_image_pixels).sizes)
    except RequestError as error:
        raise ValueError(f"{path} cannot be read as an image: {error}") from error


def _open(source: Path) -> Any:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise ValueError(f"{source} cannot be read as a PDF: {error}") from error
    # Before the first page is looked at, or filled-in fields are not drawn.
    document.init_forms()
    if len(document) == 0:
        document.close()
        raise ValueError(f"{source} has no pages.")
    return document


def _render(document: Any, index: int, dpi: int | None, target: Path) -> None:
    import pypdfium2 as pdfium

    try:
        page = document[index]
        width, height = page.get_size()
        drawing = drawing_of(width, height, _RULE)
        if dpi:
            drawing = within(width, height, dpi / POINTS_PER_INCH, _RULE.max_pixels)
        page.render(scale=drawing.scale, rev_byteorder=True).to_pil().save(target)
        page.close()
    except (pdfium.PdfiumError, RequestError) as error:
        raise ValueError(f"Page {index + 1} cannot be drawn: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Turn a PDF's pages into PNG files; an image is copied as it is.")
    parser.add_argument("file", type=Path, metavar="FILE", help="a PDF or an image")
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where to write")
    parser.add_argument(
        "--dpi", type=positive, default=None, help=f"resolution (default: {_RULE.dpi:g}, small pages more)"
    )
    parser.add_argument("--first", type=positive, default=None, metavar="N", help="only the first N pages")
    parser.add_argument("--ask", action="store_true", help="count the pages, then write one for each line of input")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        print(f"{options.file} is not a file.", file=sys.stderr)
        return 2
    try:
        pages = convert(options.file, options.folder, dpi=options.dpi, first=options.first)
        if options.ask:
            print(count_pages(options.file), flush=True)
        while not options.ask or sys.stdin.readline():
            path = next(pages, None)
            if path is None:
                break
            print(path, flush=True)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
