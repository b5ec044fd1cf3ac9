"""Turns a request into prompts for vLLM: one for each page, or one for all if the client placed the images."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocr_app.engine.types import EngineRequest, Json, Message, TextPart
from ocr_app.ocr.ladder import Attempt
from ocr_app.ocr.options import Guard
from ocr_app.ocr.prompt_choice import Prompt
from ocr_app.ocr.sampling import check_sampling

_STREAM_INTERVAL = 16
"""Tokens in one step for clients that do not stream; a loop is noticed up to that many tokens later."""


@dataclass(frozen=True, slots=True)
class Job:
    """One sequence to run.

    Attributes:
        messages: In OpenAI's format; an image is `{"type": "image_pil", "image_pil": INDEX}` until it is decoded.
        images: Indices of its images in `EngineRequest.pictures`.
    """

    messages: tuple[Mapping[str, Json], ...]
    images: tuple[int, ...]


def plan_jobs(request: EngineRequest, prompt: Prompt) -> tuple[Job, ...]:
    """Return one job for each page, in order.

    A prompt made by a rule is a single user message. A conversation with the model's own prompts stays as it is; with
    several images it is run once for each, unless the text places them itself (`<image>` more than once).
    """
    pages = range(len(request.pictures))
    if prompt.rule is not None:
        return tuple(
            Job(({"role": "user", "content": [_image(page), {"type": "text", "text": prompt.text}]},), (page,))
            for page in pages
        )
    placed = sum(part.text.count("<image>") for m in request.messages for part in m.parts if isinstance(part, TextPart))
    whole = placed > 1 or len(pages) <= 1
    return tuple(
        Job(tuple(_messages(request.messages, keep)), keep)
        for keep in ([tuple(pages)] if whole else [(page,) for page in pages])
    )


def sampling_fields(request: EngineRequest, guard: Guard, attempt: Attempt) -> dict[str, Json]:
    """Return the further fields of vLLM's ChatCompletionRequest, with our defaults for what the client left out."""
    fields = check_sampling(request.options)
    fields.setdefault("skip_special_tokens", False)
    temperature = request.temperature if attempt.temperature is None else attempt.temperature
    fields["temperature"] = 0.0 if temperature is None else temperature
    seed = request.seed if attempt.seed is None else attempt.seed
    if seed is not None:
        fields["seed"] = seed
    fields["vllm_xargs"] = guard.tightened(attempt.ngram_size, attempt.window_size).xargs() or None
    fields["max_tokens"] = request.max_tokens
    fields["stop"] = list(request.stop)
    if not request.stream:
        fields["stream_interval"] = _STREAM_INTERVAL
    return fields


def _messages(messages: Sequence[Message], keep: Sequence[int]) -> Iterator[dict[str, Json]]:
    numbers = itertools.count()
    for message in messages:
        parts: list[Json] = []
        for part in message.parts:
            if isinstance(part, TextPart):
                parts.append({"type": "text", "text": part.text})
            elif (number := next(numbers)) in keep:
                parts.append(_image(number))
        yield {"role": "system" if message.role == "developer" else message.role, "content": parts}


def _image(index: int) -> dict[str, Json]:
    return {"type": "image_pil", "image_pil": index}
