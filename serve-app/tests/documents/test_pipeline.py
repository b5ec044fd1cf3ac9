"""Pages are read at once and come in order; one that fails is told, and loses no other."""

import asyncio
from collections.abc import Callable

from ocr_app.documents.document import ImageDocument, PageImage, PageSize
from ocr_app.documents.page_kind import PageKind
from ocr_app.documents.pipeline import Page, PageFailed, PageResult, read_pages
from ocr_app.engine.types import Delta, Done, EngineEvent, RequestError, Usage


class Numbered:
    """A document whose pages are their numbers."""

    kind = "pdf"
    param = "file"
    repaired = False

    def __init__(self, pages: int, draw: Callable[[int], None] = lambda _: None) -> None:
        self.pages = pages
        self.draw = draw
        self.drawing = 0

    async def page(self, index: int) -> PageImage:
        self.drawing += 1
        try:
            await asyncio.sleep(0)
            self.draw(index)
            return PageImage(str(index).encode(), PageSize(10, 20, 144))
        finally:
            self.drawing -= 1

    async def kind_of_page(self, index: int) -> PageKind:
        return "digital"

    def close(self) -> None: ...


async def said(page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
    await asyncio.sleep(0.001 * (page.number % 3))
    return Delta(f"read {image.data.decode()}"), Done("stop", Usage(1, 1))


def pages_of(*documents: Numbered | ImageDocument) -> list[Page]:
    places = [(file, document, number) for file, document in enumerate(documents) for number in range(document.pages)]
    return [Page(document, number, at, file) for at, (file, document, number) in enumerate(places)]  # type: ignore[arg-type]


def free() -> asyncio.Semaphore:
    return asyncio.Semaphore(1_000)


async def results(document: Numbered, read: Callable[..., object] = said, window: int = 3) -> list[PageResult]:
    return [result async for result in read_pages(pages_of(document), read, window=window, turns=free())]  # type: ignore[arg-type]


async def test_pages_of_several_documents_in_order() -> None:
    pages = pages_of(Numbered(7), ImageDocument("image", b"picture"), Numbered(2))
    found = [result async for result in read_pages(pages, said, window=4, turns=free())]
    assert [result.page for result in found] == pages
    assert [result.events[0] for result in found][6:9] == [Delta("read 6"), Delta("read picture"), Delta("read 0")]
    assert found[0].size == PageSize(10, 20, 144)
    assert found[7].size is None


async def test_pages_that_fail_are_told() -> None:
    def draw(number: int) -> None:
        if number == 1:
            raise RequestError("Page 2: it is torn.", code="invalid_page")
        if number == 2:
            raise RuntimeError("a fault of ours")

    async def read(page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        if page.number == 3:
            raise PageFailed("too slow", "timeout", TimeoutError())
        return await said(page, image)

    found = await results(Numbered(5, draw), read)
    assert [result.error and result.error.code for result in found] == [
        None, "invalid_page", "internal_error", "timeout", None,
    ]  # fmt: skip
    assert found[1].error
    assert found[1].error.message == "Page 2: it is torn."
    assert "fault of ours" not in str(found[2].error and found[2].error.message)
    assert [bool(result.events) for result in found] == [True, False, False, False, True]
    assert found[3].size == PageSize(10, 20, 144)


async def test_the_engine_gets_the_first_page_first() -> None:
    given: list[int] = []

    class SlowFirst(Numbered):
        async def page(self, index: int) -> PageImage:
            await asyncio.sleep(0.05 if index == 0 else 0)
            return await super().page(index)

    async def read(page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        given.append(page.number)
        return await said(page, image)

    await results(SlowFirst(6), read)
    assert given[0] == 0


async def test_a_first_page_that_fails_holds_nobody_up() -> None:
    def draw(number: int) -> None:
        if number == 0:
            raise RequestError("Page 1: it is torn.", code="invalid_page")

    found = await asyncio.wait_for(results(Numbered(9, draw)), 0.9)
    assert [result.error is None for result in found] == [False, *[True] * 8]


async def test_leaving_ends_all_work() -> None:
    document = Numbered(1_000)
    reading = 0

    async def read(page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        nonlocal reading
        reading += 1
        try:
            await asyncio.sleep(0 if page.number == 0 else 60)
        finally:
            reading -= 1
        return await said(page, image)

    source = read_pages(pages_of(document), read, window=5, turns=free())
    await anext(source)
    await asyncio.sleep(0.01)
    assert reading == 5
    await source.aclose()  # type: ignore[attr-defined]
    assert (reading, document.drawing) == (0, 0)


async def test_callers_share_their_turns() -> None:
    turns = asyncio.Semaphore(3)
    most = reading = 0

    async def read(page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        nonlocal most, reading
        reading += 1
        most = max(most, reading)
        await asyncio.sleep(0.001)
        reading -= 1
        return await said(page, image)

    async def whole() -> int:
        pages = pages_of(Numbered(10))
        return len([result async for result in read_pages(pages, read, window=8, turns=turns) if result.events])

    assert list(await asyncio.gather(whole(), whole(), whole())) == [10, 10, 10]
    assert most <= 3
