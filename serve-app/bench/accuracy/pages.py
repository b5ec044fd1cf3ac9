"""Images of the pages that rules are about."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.accuracy.rules import RulesError
from tools import pdf_to_images

DPI = 144
"""Of the images of PDF pages, as the figures of olmOCR-bench in the documents are made."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to read.

    Attributes:
        document: As the rules name it.
        number: From 1.
        image: The file of an image, PNG or what the document is.
    """

    document: str
    number: int
    image: bytes = field(repr=False)

    def __str__(self) -> str:
        """Return where it is, for messages."""
        return f"{self.document}, page {self.number}"

    @property
    def text_file(self) -> str:
        """Path of the file with its text in a folder of what was read, as olmOCR-bench names it."""
        return f"{self.document.rpartition('.')[0]}_pg{self.number}_repeat1.md"


def find(folder: Path, document: str) -> Path:
    """Return where a document is: in the folder, or in `pdfs` in it, as olmOCR-bench has them.

    Raises:
        RulesError: It is in neither.
    """
    for path in (folder / document, folder / "pdfs" / document):
        if path.is_file():
            return path
    raise RulesError(f"The rules name {document}, which is neither in {folder} nor in {folder / 'pdfs'}.")


def images(folder: Path, document: str, numbers: Sequence[int], dpi: int) -> Iterator[Page]:
    """Yield pages of a document.

    Args:
        folder: See `find`.
        document: A PDF, or an image, which has one page.
        numbers: Of the pages, from 1.
        dpi: For PDFs.

    Raises:
        RulesError: The document is not there, cannot be read, or has no page of that number.
    """
    path, count = find(folder, document), 0
    try:
        with tempfile.TemporaryDirectory() as drawn:
            for file in pdf_to_images.convert(path, Path(drawn), dpi=dpi, first=max(numbers)):
                count += 1
                if count in numbers:
                    yield Page(document, count, file.read_bytes())
    except ValueError as error:
        raise RulesError(str(error)) from error
    if count < max(numbers):
        raise RulesError(f"The rules name page {max(numbers)} of {path}, which has {count}.")
