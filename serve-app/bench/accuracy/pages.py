"""Images of the pages that rules are about."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.accuracy.rules import RulesError
from tools import pdf_to_images

DPI = 144
"""Of the images of PDF pages, as the figures of olmOCR-bench in the documents are made."""


def find(folder: Path, document: str) -> Path:
    """Return where a document is: in the folder, or in `pdfs` in it, as olmOCR-bench has them.

    Raises:
        RulesError: It is in neither.
    """
    for path in (folder / document, folder / "pdfs" / document):
        if path.is_file():
            return path
    raise RulesError(f"The rules name {document}, which is neither in {folder} nor in {folder / 'pdfs'}.")


def images(path: Path, numbers: Sequence[int], dpi: int) -> Iterator[tuple[int, bytes]]:
    """Yield pages of a document as image files, each with its number.

    Args:
        path: A PDF, or an image, which has one page.
        numbers: Of the pages, from 1.
        dpi: For PDFs.

    Raises:
        RulesError: The document cannot be read, or it has no page of that number.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            count = 0
            for file in pdf_to_images.convert(path, Path(folder), dpi=dpi, first=max(numbers)):
                count += 1
                if count in numbers:
                    yield count, file.read_bytes()
    except ValueError as error:
        raise RulesError(str(error)) from error
    if count < max(numbers):
        raise RulesError(f"The rules name page {max(numbers)} of {path}, which has {count}.")
