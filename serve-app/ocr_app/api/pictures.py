"""The pictures of a turn: its images, and each page of a file that has several."""

from collections.abc import Iterator

from ocr_app.api.conversation import Turn
from ocr_app.api.errors import ApiError
from ocr_app.api.images import read_image
from ocr_app.api.json_text import JsonText
from ocr_app.engine.types import ImagePart, Message, TextPart
from ocr_app.settings import LimitSettings


def read_pictures(turn: Turn, limits: LimitSettings, source: JsonText) -> tuple[tuple[Message, ...], tuple[bytes, ...]]:
    """Return a turn's messages, with a part for each page of an image file, and the files.

    Args:
        turn: What is read of the conversation.
        limits: Of images; each page counts as one.
        source: The request.

    Raises:
        ApiError: As `read_image`; 413 for too many images or pages.
        RequestError: As `read_image`.
    """
    most = limits.max_images
    if len(turn.urls) > most:
        raise ApiError(
            413,
            f"The message has {len(turn.urls)} images; at most {most} are accepted.",
            param=turn.urls[most][0],
            code="too_many_images",
        )
    files: list[bytes] = []
    pages: list[int] = []
    for at, (param, url) in enumerate(turn.urls):
        data, count = read_image(url, param, limits, source)
        # Each image that is still to come has one page at least.
        others = sum(pages) + len(turn.urls) - at - 1
        if count + others > most:
            beside = f" beside {others} other{'s' if others > 1 else ''}" if others else ""
            raise ApiError(
                413,
                f"The file has {count:,} pages, each of which counts as an image{beside}; at most {most} are accepted: "
                "send some pages at a time.",
                param=param,
                code="too_many_images",
            )
        files.append(data)
        pages.append(count)
    messages = tuple(Message(message.role, tuple(_spread(message, pages))) for message in turn.messages)
    return messages, tuple(files)


def _spread(message: Message, pages: list[int]) -> Iterator[TextPart | ImagePart]:
    for part in message.parts:
        if isinstance(part, ImagePart) and pages[part.index] > 1:
            yield from (ImagePart(part.index, part.param, page) for page in range(pages[part.index]))
        else:
            yield part
