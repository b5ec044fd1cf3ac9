"""A document that is open, and its pages as images."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import mmap
from typing import Any, Protocol

from ocr_app.documents.kinds import Kind
from ocr_app.documents.page_kind import PageKind
from ocr_app.engine.types import RequestError
from ocr_app.untrusted.memory import Sealed
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import JobFailed


@dataclass(frozen=True, slots=True)
class PageSize:
    """The size of a drawn page.

    Attributes:
        width: In pixels.
        height: In pixels.
        dpi: Pixels per inch; None if the file does not say.
    """

    width: int
    height: int
    dpi: float | None


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as an image file, upright.

    Attributes:
        data: TIFF, JPEG, or the client's own image file.
        size: None for a client's own file.
    """

    data: bytes = field(repr=False)
    size: PageSize | None = None


class Document(Protocol):
    """A document that is open.

    Attributes:
        kind: What it is.
        param: Path of the field that carried it.
        pages: How many there are.
        repaired: Whether it was damaged and written anew; pages may be missing.
    """

    kind: Kind
    param: str
    pages: int
    repaired: bool

    async def page(self, index: int) -> PageImage:
        """Return a page, from 0; cancelling ends the process that draws it.

        Raises:
            RequestError: The page cannot be drawn; the message names it.
        """

    async def kind_of_page(self, index: int) -> PageKind:
        """Return what a page, from 0, is made of.

        Raises:
            RequestError: The page cannot be looked at; the message names it.
        """

    def close(self) -> None:
        """Free it."""


_MOST_FAILURES = 3
"""Pages of a document that may end their process, or take too long; no more of it are drawn then."""


class DrawnDocument:
    """A document whose pages child processes draw.

    Args:
        kind: What it is.
        param: Path of the field that carried it.
        file: The document; this closes it.
        pages: How many there are.
        pool: Of child processes.
        args: Of the job that draws a page, besides `page`.
        repaired: See `Document`.
    """

    def __init__(
        self,
        kind: Kind,
        param: str,
        file: Sealed,
        pages: int,
        pool: ChildPool,
        args: Mapping[str, Any],
        *,
        repaired: bool = False,
    ) -> None:
        self.kind: Kind = kind
        self.param = param
        self.pages = pages
        self.repaired = repaired
        self._file = file
        self._pool = pool
        self._args = args
        self._failures = 0

    async def page(self, index: int) -> PageImage:
        """Return a page, from 0, drawn by a child process."""
        answer, image = await self._run("draw", index)
        if image is None:
            raise RuntimeError(f"the job draw_{self.kind}_page returned no image")
        with image:
            return PageImage(image[:], PageSize(answer["width"], answer["height"], answer["dpi"]))

    async def kind_of_page(self, index: int) -> PageKind:
        """Return what a page is made of; a TIFF has pictures alone."""
        if self.kind != "pdf":
            return "scanned"
        answer, _ = await self._run("judge", index)
        kind: PageKind = answer["kind"]
        return kind

    async def _run(self, what: str, index: int) -> tuple[Mapping[str, Any], mmap | None]:
        if self._failures >= _MOST_FAILURES:
            raise RequestError(
                f"Page {index + 1}: it is not drawn, because {_MOST_FAILURES} pages of the document took too long or "
                "ended the process that draws them.",
                param=self.param,
                code="invalid_page",
            )
        try:
            return await self._pool.run(f"{what}_{self.kind}_page", self._file, {**self._args, "page": index})
        except RequestError as error:
            raise RequestError(
                f"Page {index + 1}: {error.message.rstrip('.')}.",
                param=self.param,
                code=error.code,
                status=error.status,
            ) from None
        except JobFailed as error:
            self._failures += 1
            raise RequestError(
                f"Page {index + 1}: it cannot be drawn: {error}.", param=self.param, code="invalid_page"
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class ImageDocument:
    """An image, which goes to the engine as it is.

    Args:
        param: Path of the field that carried it.
        data: The file.
    """

    kind: Kind = "image"
    pages = 1
    repaired = False

    def __init__(self, param: str, data: bytes) -> None:
        self.param = param
        self._data = data

    async def page(self, index: int) -> PageImage:
        """Return the image."""
        return PageImage(self._data)

    async def kind_of_page(self, index: int) -> PageKind:
        """Return that it is a picture."""
        return "scanned"

    def close(self) -> None:
        """Let go of the file."""
        self._data = b""
