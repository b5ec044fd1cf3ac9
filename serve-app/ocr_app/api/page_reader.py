"""Pages of documents to requests for the engine."""

import dataclasses

from ocr_app.api.dispatch import Dispatcher
from ocr_app.api.errors import ApiError
from ocr_app.documents.document import PageImage
from ocr_app.documents.pipeline import Page, PageFailed
from ocr_app.engine.types import EngineEvent, EngineRequest, ImagePart, Message, RequestError


class PageReader:
    """Has the engine read pages, each in a request of its own; it is a `pipeline.ReadPage`.

    Args:
        dispatcher: The way to the engine.
        pattern: What the requests have in common: an ImagePart stands for each document, in order.
    """

    def __init__(self, dispatcher: Dispatcher, pattern: EngineRequest) -> None:
        self._dispatcher = dispatcher
        self._pattern = pattern

    async def __call__(self, page: Page, image: PageImage) -> tuple[EngineEvent, ...]:
        """Return what the engine says of a page.

        Raises:
            RequestError, PageFailed: The page cannot be read; the message names it.
        """
        place = f"Page {page.number + 1}"
        try:
            answer = await self._dispatcher.complete(request_for(self._pattern, page, image))
        except RequestError as error:
            message = f"{place}: {error.message}"
            raise RequestError(message, param=error.param, code=error.code, status=error.status) from error
        except ApiError as error:
            raise PageFailed(f"{place}: {error.message}", error.code or "server_error", error) from error
        return tuple(answer.events)


def request_for(pattern: EngineRequest, page: Page, image: PageImage) -> EngineRequest:
    """Return the request for one page: its image stands where its document stood, the other documents are gone."""
    messages = tuple(
        Message(
            message.role,
            tuple(
                ImagePart(0, part.param) if isinstance(part, ImagePart) else part
                for part in message.parts
                if not isinstance(part, ImagePart) or part.index == page.file
            ),
        )
        for message in pattern.messages
    )
    name = f"{pattern.id}-{page.position + 1}"
    return dataclasses.replace(pattern, id=name, messages=messages, images=(image.data,), stream=False)
