"""The interface between the Api and an engine: a request in, a stream of text deltas out.

Requests and events cross between two Ray actors as bytes (`to_wire`, `from_wire`), never as pickled objects, so
that both sides stay independent of each other's imports and a large image is copied, not re-encoded.
"""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

Json = Any
FinishReason = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of a message."""

    text: str
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ImagePart:
    """Place of a picture in a message: of an image file, or of one page of it.

    Attributes:
        index: Which of `EngineRequest.images` it is in, from 0.
        param: Path of the field that carried the file, such as `messages[0].content[1].image_url.url`, for errors.
        page: Which page of the file, from 0; None for a file of one page.
    """

    index: int
    param: str
    page: int | None = None
    type: Literal["image"] = "image"


class Picture(NamedTuple):
    """What one page of the answer is read from.

    Attributes:
        data: The image file.
        param: Path of the field that carried it, for errors.
        page: Which page of the file, from 0; None for a file of one page.
    """

    data: bytes
    param: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    parts: tuple[TextPart | ImagePart, ...]


def _fields_of(part: TextPart | ImagePart) -> dict[str, Json]:
    if isinstance(part, TextPart):
        return {"type": part.type, "text": part.text}
    return {"type": part.type, "index": part.index, "param": part.param, "page": part.page}


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """A validated request.

    Attributes:
        id: The completion's id (`chatcmpl-…`), for logs and for aborting.
        messages: The conversation, in order.
        images: The encoded image files (PNG, JPEG, …), in order; decoded in the engine only. Each has an ImagePart for
            each of its pages, in order.
        max_tokens: Most tokens to generate; None for as many as fit.
        temperature: None if the client did not set it; the engine's default then applies.
        stop: Texts that end the output; not part of it.
        seed: For sampling engines.
        stream: Whether the client reads the deltas as they come.
        options: Every other field of the client's JSON body, as it came (`vllm_xargs`, `top_p`, …).
    """

    id: str
    messages: tuple[Message, ...]
    images: tuple[bytes, ...] = field(repr=False)
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    stream: bool = False
    options: Mapping[str, Json] = field(default_factory=dict)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What is read, in order: each image, and of a file with several pages each page."""
        parts = (part for message in self.messages for part in message.parts if isinstance(part, ImagePart))
        return tuple(Picture(self.images[part.index], part.param, part.page) for part in parts)

    def to_wire(self) -> tuple[bytes, list[bytes]]:
        """Return the request as JSON bytes (without images) and the images."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "images"}
        # Not dataclasses.asdict, which copies: a long conversation would hold the Api's event loop for 0.1 s.
        fields["messages"] = [{"role": m.role, "parts": [_fields_of(part) for part in m.parts]} for m in self.messages]
        return json.dumps(fields, separators=(",", ":")).encode(), list(self.images)

    @classmethod
    def from_wire(cls, header: bytes, images: list[bytes]) -> "EngineRequest":
        """Return the request that `to_wire` was called on."""
        fields = json.loads(header)
        fields["messages"] = tuple(
            Message(
                role=message["role"],
                parts=tuple(
                    TextPart(part["text"])
                    if part["type"] == "text"
                    else ImagePart(part["index"], part["param"], part["page"])
                    for part in message["parts"]
                ),
            )
            for message in fields["messages"]
        )
        fields["stop"] = tuple(fields["stop"])
        return cls(images=tuple(images), **fields)


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts, as the engine counts tokens."""

    prompt_tokens: int
    completion_tokens: int

    def __add__(self, other: "Usage") -> "Usage":
        """Return the counts of both together."""
        return Usage(self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens)


@dataclass(frozen=True, slots=True)
class Delta:
    """More text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the output.

    Attributes:
        finish_reason: `stop`, or `length` if max_tokens or the context ended it.
        usage: Token counts of the whole request.
        extra: Fields to add to the response under `ocr` (verdicts per image, prompt used, layout).
    """

    finish_reason: FinishReason
    usage: Usage
    extra: Mapping[str, Json] = field(default_factory=dict)


class RequestError(Exception):
    """The client's mistake, found in the engine: answered in OpenAI's error format.

    Args:
        message: What is wrong and how to fix it; shown to the client, so it must not hold secrets.
        param: Path of the field, such as `messages[0].content[1].image_url.url`.
        code: Machine-readable word, such as `invalid_image`.
        status: HTTP status, 400 or 413.
    """

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.status = status


class StartError(Exception):
    """The engine cannot start; the message says why in plain words and goes to clients and `/health`."""


class EngineBroken(Exception):
    """A running engine is broken for good; its replica ends at once, so that its requests go to another one."""


EngineEvent = Delta | Done

Report = Callable[[str], None]
"""Takes a few plain words on what a starting engine is doing; they appear in `/health`."""


class Engine(Protocol):
    """What a replica runs. Constructed cheaply; heavy imports and loading belong in `start`."""

    async def start(self) -> None:
        """Load the model and warm it up; raise StartError with a plain reason if that is impossible."""

    def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        """Yield deltas, then exactly one Done.

        Closing the iterator, because the client has left, frees everything that the request holds.

        Raises:
            RequestError: The client made a mistake that the Api could not see.
            EngineBroken: The engine cannot answer any request from now on.
        """

    async def check_health(self) -> None:
        """Raise an error if the engine is broken for good; the replica is then replaced."""

    async def close(self) -> None:
        """Free everything that the engine holds, such as threads, processes and GPU memory."""
