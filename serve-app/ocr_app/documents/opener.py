"""Bytes to open documents."""

import asyncio
import dataclasses
import logging
from collections.abc import Mapping
from importlib.util import find_spec
from mmap import mmap
from typing import Any

from ocr_app.documents.document import Document, DrawnDocument, ImageDocument
from ocr_app.documents.errors import not_available
from ocr_app.documents.kinds import kind_of
from ocr_app.documents.resolution import Rule
from ocr_app.engine.formats import ACCEPTED
from ocr_app.engine.images import probe, sizes_of
from ocr_app.engine.types import RequestError
from ocr_app.settings import Settings
from ocr_app.untrusted.memory import Sealed
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import JobFailed, Limits

log = logging.getLogger("ocr_app.documents")


def pdf_missing() -> str | None:
    """Return why this installation cannot read PDFs; None if it can."""
    missing = [name for name in ("pypdfium2", "PIL", "numpy") if find_spec(name) is None]
    return f"the Python package {missing[0]} is not installed" if missing else None


def accepted_formats() -> tuple[str, ...]:
    """Return the formats of files that this installation reads."""
    return ACCEPTED if pdf_missing() is not None else (*ACCEPTED, "pdf")


class Opener:
    """Opens documents. Its child processes start with the first that needs them.

    Args:
        settings: Of the application: `documents` and `limits`.

    Attributes:
        turns: For `read_pages`: a place for each page of any document that may be drawn or read now.
    """

    def __init__(self, settings: Settings) -> None:
        self._limits = settings.limits
        self._settings = settings.documents
        self._rule = Rule.of(settings.documents, settings.limits)
        self.turns = asyncio.Semaphore(settings.documents.max_pages_in_flight)
        self._starting = asyncio.Lock()
        self._started: ChildPool | None = None

    async def open(self, data: bytes, *, param: str, password: str = "", password_param: str | None = None) -> Document:
        """Open a document; close it when its pages are read.

        Args:
            data: The file. It is copied: let go of it.
            param: Path of the field that carried it, for errors.
            password: Of a PDF; empty for none.
            password_param: Path of the field for the password, for errors.

        Raises:
            RequestError: 400 with code `invalid_pdf`, `encrypted_pdf`, `wrong_pdf_password`, or as `images.probe` does;
                413 `document_too_large`; 501 `pdf_not_available`.
        """
        kind = kind_of(data)
        if kind in ("pdf", "tiff") and len(data) > self._limits.max_document_bytes:
            raise RequestError(
                f"The file has {len(data):,} bytes; at most {self._limits.max_document_bytes:,} are accepted: "
                "split it, or save it with smaller images.",
                param=param,
                code="document_too_large",
                status=413,
            )
        if kind == "pdf":
            return await self._pdf(data, param, password, password_param)
        if kind == "tiff":
            return await self._tiff(data, param)
        probe(data, max_pixels=self._limits.max_image_pixels, param=param)
        return ImageDocument(param, data)

    async def work(
        self, job: str, data: bytes | Sealed, args: Mapping[str, Any], *, cpu_s: float | None = None
    ) -> tuple[Mapping[str, Any], mmap | None]:
        """Do another job on a file in a child process; takes and raises what `ChildPool.run` does."""
        return await (await self._pool()).run(job, data, args, cpu_s=cpu_s)

    @property
    def process_ids(self) -> list[int]:
        """Of the child processes, for tests."""
        return [] if self._started is None else self._started.process_ids

    async def close(self) -> None:
        """End the child processes."""
        if self._started is not None:
            await self._started.close()
            self._started = None

    async def _pdf(self, data: bytes, param: str, password: str, password_param: str | None) -> Document:
        if (missing := pdf_missing()) is not None:
            raise not_available("PDFs", missing, param)
        try:
            pool = await self._pool()
        except JobFailed as error:
            raise not_available("PDFs", f"the process that draws pages cannot start: {error}", param) from error
        file, pages, repaired = await self._opened(pool, data, param, password, password_param)
        # What was written anew has no password any more.
        args = {
            "password": "" if repaired else password,
            "rule": dataclasses.asdict(self._rule),
            "repaired": repaired,
        }
        return DrawnDocument("pdf", param, file, pages, pool, args, repaired=repaired)

    async def _opened(
        self, pool: ChildPool, data: bytes | mmap, param: str, password: str, password_param: str | None
    ) -> tuple[Sealed, int, bool]:
        """Return the document in memory, how many pages it has, and whether it is written anew."""
        first = isinstance(data, bytes)
        file = await asyncio.to_thread(Sealed, data)
        try:
            answer, anew = await pool.run("open_pdf", file, {"password": password, "repair": first})
        except BaseException as error:
            file.close()
            if isinstance(error, RequestError):
                locked = error.code in ("encrypted_pdf", "wrong_pdf_password")
                at = password_param if locked and password_param else param
                raise RequestError(error.message, param=at, code=error.code, status=error.status) from None
            if isinstance(error, JobFailed):
                raise RequestError(f"The PDF cannot be read: {error}.", param=param, code="invalid_pdf") from error
            raise
        if anew is None:
            return file, answer["pages"], not first
        file.close()
        with anew:
            return await self._opened(pool, anew, param, "", password_param)

    async def _tiff(self, data: bytes, param: str) -> Document:
        pages = len(await asyncio.to_thread(sizes_of, "tiff", data, param=param))
        try:
            pool = await self._pool()
        except JobFailed as error:
            raise not_available("this file", f"the process that decodes it cannot start: {error}", param) from error
        file = await asyncio.to_thread(Sealed, data)
        return DrawnDocument("tiff", param, file, pages, pool, {"max_pixels": self._limits.max_image_pixels})

    async def _pool(self) -> ChildPool:
        async with self._starting:
            if self._started is None:
                settings = self._settings
                pool = ChildPool(
                    Limits(cpu_s=settings.page_cpu_s, memory_bytes=settings.page_memory_bytes),
                    workers=settings.processes,
                    work="documents",
                )
                try:
                    await pool.start()
                except BaseException:
                    await pool.close()
                    raise
                self._started = pool
            return self._started
