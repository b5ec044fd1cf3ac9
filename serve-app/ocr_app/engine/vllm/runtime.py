"""A running vLLM: AsyncLLM and its OpenAI chat layer.

Only this file, `processor.py`, `processor2.py`, `model_fixes.py` and `repetition_guard.py` import vLLM.

Written for vLLM 0.29.0 (the version in rayproject/ray-llm:2.60.0). What breaks on other versions:

- below 0.26: `OnlineRenderer` and `vllm.renderers` do not exist; the chat layer takes other arguments.
- below 0.16: no DeepSeek-OCR-2; below 0.11.1: no NGramPerReqLogitsProcessor.
- 0.31 and above: the V2 model runner rejects NGramPerReqLogitsProcessor (vllm#56497); `args.environment` sets
  VLLM_USE_V2_MODEL_RUNNER=0, which 0.31 to 0.33 honour.
- any: `OpenAIServingChat.render_chat_request` and `.chat_completion_stream_generator` are overridden below, and
  `_get_prompt_updates` and `_get_mm_fields_config` of both models' processors extended in `processor.py`. The
  tests in tests/vllm compare the result with vLLM used directly, token by token. `model_fixes.py` replaces functions of
  the models; the engine does not start if they are not those of 0.29.0.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from vllm.engine.arg_utils import AsyncEngineArgs
from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest
from vllm.entrypoints.openai.chat_completion.serving import OpenAIServingChat
from vllm.entrypoints.openai.models.protocol import BaseModelPath
from vllm.entrypoints.openai.models.serving import OpenAIServingModels
from vllm.entrypoints.serve.engine.protocol import ErrorResponse
from vllm.entrypoints.serve.exception_handling.error_response import create_error_response
from vllm.exceptions import VLLMClientError
from vllm.renderers.online_renderer import OnlineRenderer
from vllm.usage.usage_lib import UsageContext
from vllm.v1.engine.async_llm import AsyncLLM
from vllm.v1.engine.exceptions import EngineDeadError

from ocr_app.engine.types import EngineBroken, Json, RequestError, StartError
from ocr_app.engine.vllm import model_fixes, processor, processor2
from ocr_app.engine.vllm.args import LOGITS_PROCESSOR
from ocr_app.ocr.modes import MODEL_TILES, Mode


@dataclass(frozen=True, slots=True)
class Step:
    """More output of one sequence.

    Attributes:
        text: New text.
        tokens: Number of new tokens.
        prompt_tokens: Of the whole prompt.
        finish_reason: `stop` or `length` in the last step, else None.
    """

    text: str
    tokens: int
    prompt_tokens: int
    finish_reason: str | None


class Runtime:
    """A running vLLM. Constructing it loads the model, which blocks for as long as that takes.

    Args:
        engine_args: See `args.engine_args`.
        model_id: Name of the model in requests.

    Raises:
        StartError: The models of this version of vLLM cannot be corrected, or `engine_args` leave the corrections out.
    """

    def __init__(self, engine_args: Mapping[str, Any], model_id: str) -> None:
        model_fixes.check()
        if LOGITS_PROCESSOR not in engine_args["logits_processors"]:
            raise StartError(f"vllm.extra_engine_args.logits_processors must contain '{LOGITS_PROCESSOR}'.")
        processor.register_modes()
        processor2.register_pages()
        # Each thread prepares one page: torch's own threads would only slow them down.
        torch.set_num_threads(1)
        self._model_id = model_id
        # As `vllm serve` calls itself: vLLM chooses max_num_batched_tokens by it and by the GPU (8,192 on an H100),
        # and takes 2,048 on every GPU for a user that it does not know.
        self._llm = AsyncLLM.from_engine_args(
            AsyncEngineArgs(**engine_args), usage_context=UsageContext.OPENAI_API_SERVER
        )
        config = self._llm.model_config
        architectures = config.hf_config.architectures or ()
        self.has_modes = "DeepseekOCRForCausalLM" in architectures
        """Whether all resolution modes work; DeepSeek-OCR-2 has only its own tiling."""
        self.batched_tokens = self._llm.vllm_config.scheduler_config.max_num_batched_tokens
        """Tokens of one step, as vLLM chose or was told."""
        self._is_ocr2 = "DeepseekOCR2ForCausalLM" in architectures
        self._dtype = config.dtype
        models = OpenAIServingModels(
            engine_client=self._llm,
            base_model_paths=[BaseModelPath(name=model_id, model_path=str(engine_args["model"]))],
        )
        renderer = OnlineRenderer(
            model_config=config,
            renderer=self._llm.renderer,
            request_logger=None,
            chat_template=None,
            chat_template_content_format="auto",
        )
        self._chat = _Chat(
            self._llm,
            models,
            "assistant",
            online_renderer=renderer,
            request_logger=None,
            chat_template=None,
            chat_template_content_format="auto",
        )

    def more_tiles(self, size: tuple[int, int], max_tiles: int) -> bool:
        """Tell whether a page of this size (width, height) gets other tiles in mode gundam if it may have that many."""
        return processor.tile_grid(size, max_tiles) != processor.tile_grid(size, MODEL_TILES)

    def prepare(self, image: Image.Image, mode: Mode, max_tiles: int = MODEL_TILES) -> Image.Image:
        """Return a page for `generate`, resized and tiled; costs CPU, so call it in a thread."""
        if self.has_modes:
            return processor.prepare_page(image, mode, self._dtype, max_tiles)
        return processor2.prepare_page(image, self._dtype) if self._is_ocr2 else image

    async def generate(
        self, request_id: str, messages: Sequence[Mapping[str, Json]], fields: Mapping[str, Json]
    ) -> AsyncIterator[Step]:
        """Run one sequence. Closing the iterator aborts it in the engine.

        Args:
            request_id: Unique among those running.
            messages: In OpenAI's format; an image is `{"type": "image_pil", "image_pil": …}` from `prepare`. The pages
                are taken out of them, so that they are freed while the sequence runs.
            fields: Further fields of vLLM's ChatCompletionRequest.

        Raises:
            RequestError: The request is wrong; with vLLM's own message.
            EngineBroken: The engine process died.
        """
        try:
            request = ChatCompletionRequest(
                messages=[{"role": "user", "content": ""}],
                model=self._model_id,
                stream=True,
                request_id=request_id,
                **fields,
            )
            # Assigned, not validated: pydantic would copy the images.
            request.messages = list(messages)
            outputs = await self._chat.create_chat_completion(request)
        except EngineDeadError as error:
            raise EngineBroken("vLLM's engine process died") from error
        except AssertionError:
            # vLLM cuts the prompt before it puts the image's tokens in, and then does not find the image's place.
            if fields.get("truncate_prompt_tokens") is None:
                raise
            raise RequestError(
                "'truncate_prompt_tokens' cuts an image out of the prompt: raise it or leave it out.",
                param="truncate_prompt_tokens",
                code="invalid_value",
            ) from None
        except Exception as error:
            raise _client_error(create_error_response(error)) or error from None
        finally:
            inputs = self._chat.inputs.pop(request_id, ())
            _forget_pages(messages)
        if isinstance(outputs, ErrorResponse):
            raise _client_error(outputs) or RuntimeError(outputs.error.message)
        try:
            async for output in outputs:
                # vLLM's engine has its own copy now; these would stay as long as the sequence runs.
                for each in inputs:
                    each.pop("mm_kwargs", None)
                completion = output.outputs[0]
                if completion.finish_reason in ("error", "abort"):
                    raise RuntimeError(f"vLLM ended the request with '{completion.finish_reason}'")
                yield Step(
                    completion.text,
                    len(completion.token_ids),
                    len(output.prompt_token_ids or ()),
                    completion.finish_reason,
                )
        except EngineDeadError as error:
            raise EngineBroken("vLLM's engine process died") from error
        except VLLMClientError as error:
            # vLLM compares token ids with the vocabulary only when the first output is asked for.
            raise _client_error(create_error_response(error)) or error from None
        finally:
            # Aborts what is not finished: vLLM does so when the generator is closed.
            await outputs.aclose()

    async def check_health(self) -> None:
        """Raise EngineBroken if the engine process is gone."""
        try:
            await self._llm.check_health()
        except EngineDeadError as error:
            raise EngineBroken("vLLM's engine process died") from error

    def shutdown(self) -> None:
        """End the engine process, which frees the GPU's memory."""
        self._llm.shutdown()


class _Chat(OpenAIServingChat):  # type: ignore[misc]
    """vLLM's chat layer without its SSE text: the outputs are passed on as they come.

    Attributes:
        inputs: What vLLM's engine gets, by request id; whoever sends a request takes them out.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inputs: dict[str, Any] = {}

    async def render_chat_request(self, request: Any) -> Any:
        # vLLM refuses max_tokens that do not fit beside the prompt. Left out while it checks that, they are clamped
        # to what does fit (vllm.entrypoints.serve.utils.api_utils.get_max_tokens).
        wanted, request.max_tokens = request.max_tokens, None
        try:
            result = await super().render_chat_request(request)
            if not isinstance(result, ErrorResponse):
                self.inputs[request.request_id] = result[1]
            return result
        finally:
            request.max_tokens = wanted

    def chat_completion_stream_generator(self, request: Any, result_generator: Any, *args: Any, **kwargs: Any) -> Any:
        return result_generator


def _forget_pages(messages: Sequence[Mapping[str, Json]]) -> None:
    for message in messages:
        for part in message["content"]:
            if part["type"] == "image_pil":
                part["image_pil"] = None


def _client_error(response: Any) -> RequestError | None:
    error = response.error
    status = int(error.code)
    if status >= 500:
        return None
    # Of some fields vLLM says the name only in its words: "min_tokens must be …".
    first = error.message.split(" ", 1)[0]
    param = error.param or (first if first in ChatCompletionRequest.model_fields else None)
    code = "context_length_exceeded" if "context length" in error.message else "invalid_value" if param else None
    return RequestError(error.message, param=param, code=code, status=400)
