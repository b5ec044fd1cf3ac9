"""Turn a document into the image files that the API takes: `python pdf_to_images.py FILE OUTDIR [--dpi N] [--first N]`.

The pages of a PDF become PNG files `page-0001.png`, …; an image file is copied as it is. Prints the path of each file
written, one a line, in order.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

DEFAULT_DPI = 144
_LEAST_SIDE_PX = 1_600  # a small page, such as one of a pocket book, becomes larger, because its letters are small
_MOST_PIXELS = 50_000_000  # what the API accepts by default: ocr_app/settings/limits.py
_POINTS_PER_INCH = 72


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF; its header may stand anywhere in the first kilobyte."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def convert(source: Path, folder: Path, *, dpi: int | None = None, first: int | None = None) -> Iterator[Path]:
    """Write the pages of a document as image files.

    Args:
        source: A PDF or an image file.
        folder: Where to write; made where missing.
        dpi: Resolution of the images; None for 144, and more for small pages, whose longer side becomes 1,600
            pixels. Lowered for a page that would have too many pixels.
        first: Only this many pages; None for all.

    Yields:
        Each file, once it is written.

    Raises:
        ValueError: The PDF cannot be read; says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not is_pdf(source):
        target = folder / source.name
        if target.resolve() != source.resolve():
            shutil.copyfile(source, target)
        yield target
        return
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise ValueError(f"{source} cannot be read as a PDF: {error}") from error
    try:
        for index in range(min(len(document), first or len(document))):
            page = document[index]
            width, height = page.get_size()
            wanted = (
                dpi / _POINTS_PER_INCH
                if dpi
                else max(DEFAULT_DPI / _POINTS_PER_INCH, _LEAST_SIDE_PX / max(width, height))
            )
            scale = min(wanted, (_MOST_PIXELS / (width * height)) ** 0.5 * 0.999)
            target = folder / f"page-{index + 1:04d}.png"
            page.render(scale=scale).to_pil().convert("RGB").save(target)
            yield target
    finally:
        document.close()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Turn a PDF's pages into PNG files; an image is copied as it is.")
    parser.add_argument("file", type=Path, metavar="FILE", help="a PDF or an image")
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where to write")
    parser.add_argument(
        "--dpi", type=_positive, default=None, help=f"resolution (default: {DEFAULT_DPI}, small pages more)"
    )
    parser.add_argument("--first", type=_positive, default=None, metavar="N", help="only the first N pages")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        print(f"{options.file} is not a file.", file=sys.stderr)
        return 2
    try:
        for path in convert(options.file, options.folder, dpi=options.dpi, first=options.first):
            print(path, flush=True)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {value}")
    return value


if __name__ == "__main__":
    sys.exit(main())
