"""A front that reads documents, with an engine that says which page it got."""

import base64
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Literal

import httpx

from ocr_app.api.engine_client import EngineClient, LocalEngineClient
from ocr_app.api.engine_state import EngineMonitor
from ocr_app.api.factory import create_app
from ocr_app.api.parse_lanes import ParseLanes
from ocr_app.api.references import FileResolver
from ocr_app.documents.opener import Opener
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, ImagePart, RequestError, Usage
from ocr_app.ocr.layout_json import LayoutBlock, page_json, piece_of_answer
from ocr_app.ocr.page_break import PAGE_BREAK
from ocr_app.settings import Settings
from tests.api.support import chat

CHAT = "/v1/chat/completions"


def file_part(data: bytes, **fields: Any) -> dict[str, Any]:
    uri = "data:application/pdf;base64," + base64.b64encode(data).decode()
    return {"type": "file", "file": {"file_data": uri, "filename": "a.pdf", **fields}}


class PageEngine:
    """Says which of the request's pages it reads, as any engine reports on it.

    Args:
        act: Called with each page's number in the request, from 1, before its text; may raise or wait.
        layout: Whether the text is the layout.
        blocks: Of each page, on an image of 10 x 20 pixels; by default one of text.
        report: What it says of a page besides.
    """

    def __init__(
        self,
        act: Callable[[int], Any] = lambda number: None,
        *,
        layout: bool = False,
        blocks: Sequence[LayoutBlock] = (),
        report: Mapping[str, Any] | None = None,
    ) -> None:
        self.act = act
        self.layout = layout
        self.blocks = blocks
        self.report = report or {}
        self.requests: list[EngineRequest] = []
        self.running = 0

    async def start(self) -> None: ...

    async def check_health(self) -> None: ...

    async def close(self) -> None: ...

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        self.requests.append(request)
        number = int(request.id.rpartition("-")[2])
        self.running += 1
        try:
            waited = self.act(number)
            if waited is not None:
                await waited
            page = page_json(0, 10, 20, self.blocks or [LayoutBlock("text", f"text {number}", ((1, 2, 3, 4),))])
            yield Delta(piece_of_answer(page, first=True, last=True) if self.layout else f"text {number}")
            report = {"width": 10, "height": 20, "verdict": "ok", **self.report}
            extra: dict[str, Any] = {"prompt": {"rule": "markdown"}, "pages": [report]}
            yield Done("stop", Usage(2, 3), extra if self.layout else {**extra, "layout": {"pages": [page]}})
        finally:
            self.running -= 1

    def refuse(self, *numbers: int) -> "PageEngine":
        """Fail on these pages."""

        def act(number: int) -> None:
            if number in numbers:
                raise RequestError("The image is too odd --> for us.", code="invalid_image")

        self.act = act
        return self


@contextlib.asynccontextmanager
async def reading(
    opener: Opener,
    engine: PageEngine | None = None,
    *,
    client: EngineClient | None = None,
    monitor: EngineMonitor | None = None,
    resolve: FileResolver | None = None,
    api_key: str = "",
    kind: Literal["null", "cpu", "vllm"] = "null",
    **settings: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """A front in this process that opens documents by an opener that others use too."""
    chosen = Settings(engine=kind, **settings)
    app = create_app(chosen, client or LocalEngineClient(engine or PageEngine()), monitor=monitor, api_key=api_key)
    app.state.service = dataclasses.replace(app.state.service, documents=opener)
    if resolve is not None:
        app.state.service = dataclasses.replace(app.state.service, lanes=ParseLanes(chosen, resolve))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://front") as found:
        yield found


async def ask(opener: Opener, *parts: Any, engine: PageEngine | None = None, **fields: Any) -> dict[str, Any]:
    async with reading(opener, engine) as client:
        response = await client.post(CHAT, json=chat(*parts, **fields))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def texts(answer: dict[str, Any]) -> list[str]:
    """The text of each page of an answer."""
    content: str = answer["choices"][0]["message"]["content"]
    return content.split(PAGE_BREAK)


def sources(answer: dict[str, Any]) -> list[tuple[int, int]]:
    """Document and page of each page of an answer."""
    return [(page["document"], page["source_page"]) for page in answer["ocr"]["pages"]]


def events(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def is_one_image(request: EngineRequest) -> bool:
    """Whether a request has one image, as any request for an image has."""
    (picture,) = [part for message in request.messages for part in message.parts if isinstance(part, ImagePart)]
    return len(request.images) == 1 and picture.index == 0 and picture.page is None
