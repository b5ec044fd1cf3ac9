"""The types of OpenAI's chat completions over HTTP, as far as this service reads them.

Fields that are not named here are allowed, as OpenAI allows them. Those of the body itself reach the engine as
`EngineRequest.options`; those of messages and their parts are dropped. A list is checked up to its first bad item.
Tags of unions begin with `:` so that `parser` can leave them out of the paths in errors.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ocr_app.api.parts import ContentPart, PastPart, Wire

MAX_TOKENS_BOUND = 1_000_000
"""A max_tokens above this is refused as a mistake; up to it, it is lowered to the model's context."""


def _content_tag(content: Any) -> str:
    return ":parts" if isinstance(content, list) else ":string"


def _past_content_tag(content: Any) -> str:
    return ":none" if content is None else _content_tag(content)


Content = Annotated[
    Annotated[str, Tag(":string")] | Annotated[list[ContentPart], Field(fail_fast=True), Tag(":parts")],
    Discriminator(_content_tag),
]
PastContents = Annotated[
    Annotated[str, Tag(":string")]
    | Annotated[list[PastPart], Field(fail_fast=True), Tag(":parts")]
    | Annotated[None, Tag(":none")],
    Discriminator(_past_content_tag),
]


class AskingMessage(Wire):
    """What the client says."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content


class PastMessage(Wire):
    """An earlier answer, or what a tool said. Its text is not read; `tool_calls` and the like may stand beside it."""

    role: Literal["assistant", "tool", "function"]
    content: PastContents = None


def _message_tag(message: Any) -> str:
    role = message.get("role") if isinstance(message, dict) else getattr(message, "role", None)
    return ":past" if role in ("assistant", "tool", "function") else ":asking"


ChatMessage = Annotated[
    Annotated[AskingMessage, Tag(":asking")] | Annotated[PastMessage, Tag(":past")], Discriminator(_message_tag)
]


class StreamOptions(Wire):
    """What a streamed answer holds besides the text."""

    include_usage: bool | None = Field(default=None, description="Send usage in a last chunk.")


def _stop_tag(stop: Any) -> str:
    return ":list" if isinstance(stop, list) else ":string"


StopText = Annotated[str, Field(min_length=1, max_length=1_000)]
Stop = Annotated[
    Annotated[StopText, Tag(":string")] | Annotated[list[StopText], Field(max_length=4), Tag(":list")],
    Discriminator(_stop_tag),
]
Penalty = Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)]
TokenCount = Annotated[int, Field(ge=1, le=MAX_TOKENS_BOUND)]


class ChatRequest(Wire):
    """Body of `POST /v1/chat/completions`."""

    model_config = ConfigDict(extra="allow", strict=True)

    model: str = Field(description="The model's id; `GET /v1/models` names it.")
    messages: list[ChatMessage] = Field(
        min_length=1,
        fail_fast=True,
        description="The images and documents of the last user message that has any are read.",
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: TokenCount | None = Field(default=None, description="Clamped to the model's context.")
    max_completion_tokens: TokenCount | None = Field(default=None, description="Newer name of max_tokens; it wins.")
    temperature: float | None = Field(default=None, ge=0, le=2, allow_inf_nan=False)
    top_p: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    stop: Stop | None = None
    n: int | None = Field(default=None, ge=1, le=1, description="Only 1: each request gets one answer.")
    seed: int | None = Field(default=None, ge=-(2**63), le=2**63 - 1)
    user: str | None = Field(default=None, max_length=1_000)


class ErrorDetail(BaseModel):
    """An error: what is wrong, and with which field."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """Body of every error."""

    error: ErrorDetail


class UsageBody(BaseModel):
    """Token counts, as the engine counts tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnswerMessage(BaseModel):
    """The message of an answer, with its text."""

    role: Literal["assistant"]
    content: str
    refusal: None


class Choice(BaseModel):
    """The only choice of an answer."""

    index: int
    message: AnswerMessage
    logprobs: None
    finish_reason: Literal["stop", "length"]


class ChatCompletion(BaseModel):
    """Answer of a request without `stream`."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: UsageBody
    ocr: dict[str, Any] | None = Field(default=None, description="What the engine adds, such as verdicts per image.")


class ModelBody(BaseModel):
    """A model that clients can name."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    """The list of models; it has one entry."""

    object: Literal["list"]
    data: list[ModelBody]
