"""Which images and documents, and which text of a conversation are read: those of its newest turn.

OpenAI's clients send all earlier turns with every request. The model reads pages and remembers nothing, so that a
conversation becomes one turn: the system messages, the files of the last user message that has any, and the text of
the last user message that has any. A follow-up without a file ("and now as plain text") reads the same page again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ocr_app.api.errors import ApiError
from ocr_app.api.parts import FILE_PARTS, FilePart, OtherContent, PastContent, TextContent
from ocr_app.api.protocol import ChatMessage
from ocr_app.api.references import Reference
from ocr_app.engine.types import ImagePart, Message, TextPart

_Parts = Sequence[TextContent | FilePart | OtherContent | PastContent]


@dataclass(frozen=True, slots=True)
class Turn:
    """What is read of a conversation.

    Attributes:
        messages: The system messages, and one user message with an ImagePart for each file.
        files: Images and documents, in order.
        passed_over: Paths of the files of other turns, which are not read.
    """

    messages: tuple[Message, ...]
    files: tuple[Reference, ...]
    passed_over: tuple[str, ...]


def newest_turn(messages: Sequence[ChatMessage]) -> Turn:
    """Return what is read of a conversation.

    The files are those of the last message of another role if no user message has any: results of tools may have some.

    Raises:
        ApiError: 400 if no message has a file.
    """
    contents = [_content(message) for message in messages]
    files = [_files(content, index) for index, content in enumerate(contents)]
    users = [index for index, message in enumerate(messages) if message.role == "user"]
    pictured = _last(users, lambda index: bool(files[index]))
    if pictured is None:
        pictured = _last(range(len(messages)), lambda index: bool(files[index]))
    if pictured is None:
        raise ApiError(
            400,
            'No image: add a part {"type": "image_url", "image_url": {"url": "data:image/png;base64,..."}} '
            "to a message's content; a PDF is a data URI too.",
            param="messages",
            code="missing_image",
        )
    written = _last(users, lambda index: any(part.text.strip() for part in _texts(contents[index])))
    if written == pictured:
        read = contents[pictured]
    else:
        pictures = [part for part in contents[pictured] if isinstance(part, FILE_PARTS)]
        read = [*pictures, *(_texts(contents[written]) if written is not None else [])]
    return Turn(
        messages=(*_system(messages, contents), Message("user", _as_parts(read, files[pictured]))),
        files=tuple(files[pictured]),
        passed_over=tuple(file.param for index, each in enumerate(files) if index != pictured for file in each),
    )


def _content(message: ChatMessage) -> _Parts:
    if isinstance(message.content, str):
        return [TextContent(type="text", text=message.content)]
    return message.content or []


def _files(content: _Parts, index: int) -> list[Reference]:
    """Return each file in the message at an index."""
    return [
        part.file.below(f"messages[{index}].content[{at}]")
        for at, part in enumerate(content)
        if isinstance(part, FILE_PARTS)
    ]


def _texts(content: _Parts) -> list[TextContent]:
    return [part for part in content if isinstance(part, TextContent)]


def _last(indices: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    return next((index for index in reversed(indices) if fits(index)), None)


def _system(messages: Sequence[ChatMessage], contents: Sequence[_Parts]) -> Iterator[Message]:
    for message, content in zip(messages, contents, strict=True):
        if message.role in ("system", "developer"):
            yield Message(message.role, tuple(TextPart(part.text) for part in _texts(content)))


def _as_parts(content: _Parts, files: Sequence[Reference]) -> tuple[TextPart | ImagePart, ...]:
    """Convert content whose files are these."""
    parts: list[TextPart | ImagePart] = []
    places = (ImagePart(index, file.param) for index, file in enumerate(files))
    for part in content:
        if isinstance(part, FILE_PARTS):
            parts.append(next(places))
        elif isinstance(part, TextContent):
            parts.append(TextPart(part.text))
    return tuple(parts)
