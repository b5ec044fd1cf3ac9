"""The files of a turn: pictures that the engine reads all at once, or documents that are read page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ocr_app.api.conversation import Turn
from ocr_app.api.errors import ApiError
from ocr_app.api.images import read_file
from ocr_app.api.json_text import JsonText
from ocr_app.api.references import FileResolver
from ocr_app.documents.kinds import kind_of
from ocr_app.engine.images import probe
from ocr_app.engine.types import ImagePart, Message, TextPart
from ocr_app.settings import LimitSettings


@dataclass(frozen=True, slots=True)
class Files:
    """What is read of a turn.

    Attributes:
        messages: The turn's; of pictures with a part for each page, of documents with a part for each file.
        data: The files.
        documents: Whether they are read page by page.
    """

    messages: tuple[Message, ...]
    data: tuple[bytes, ...] = field(repr=False)
    documents: bool


def read_files(
    turn: Turn, limits: LimitSettings, source: JsonText, resolve: FileResolver, *, chosen: bool = False
) -> Files:
    """Return a turn's files.

    They are documents if one is a PDF, or a TIFF that is too much for pictures, or if the client chose pages.

    Args:
        turn: What is read of the conversation.
        limits: Of images; each page counts as one.
        source: The request.
        resolve: Finds the files that the service keeps.
        chosen: Whether the client chose pages.

    Raises:
        ApiError: As `read_file`; 413 for too many images.
        RequestError: As `probe`.
    """
    most = limits.max_images
    if len(turn.files) > most:
        raise ApiError(
            413,
            f"The message has {len(turn.files)} images; at most {most} are accepted.",
            param=turn.files[most].param,
            code="too_many_images",
        )
    data: list[bytes] = []
    pages: list[int] = []
    documents = chosen
    for file in turn.files:
        content = read_file(file, limits, source, resolve)
        kind = kind_of(content)
        data.append(content)
        if kind == "pdf" or (kind == "tiff" and (chosen or len(content) > limits.max_image_bytes)):
            documents = True
        else:
            pages.append(len(probe(content, max_pixels=limits.max_image_pixels, param=file.param).sizes))
    documents |= sum(pages) > most
    if documents:
        return Files(turn.messages, tuple(data), documents=True)
    messages = tuple(Message(message.role, tuple(_spread(message, pages))) for message in turn.messages)
    return Files(messages, tuple(data), documents=False)


def _spread(message: Message, pages: list[int]) -> Iterator[TextPart | ImagePart]:
    for part in message.parts:
        if isinstance(part, ImagePart) and pages[part.index] > 1:
            yield from (ImagePart(part.index, part.param, page) for page in range(pages[part.index]))
        else:
            yield part
