"""The only file that imports vLLM: AsyncLLM, its OpenAI chat layer, and the resolution modes.

Written for vLLM 0.29.0 (the version in rayproject/ray-llm:2.60.0). What breaks on other versions:

- below 0.26: `OnlineRenderer` and `vllm.renderers` do not exist; the chat layer takes other arguments.
- below 0.16: no DeepSeek-OCR-2; below 0.11.1: no NGramPerReqLogitsProcessor.
- 0.31 and above: the V2 model runner rejects NGramPerReqLogitsProcessor (vllm#56497); `args.environment` sets
  VLLM_USE_V2_MODEL_RUNNER=0, which 0.31 to 0.33 honour.
- any: `OpenAIServingChat.render_chat_request` and `.chat_completion_stream_generator` are overridden below, and
  `DeepseekOCRMultiModalProcessor._get_prompt_updates` and `._get_mm_fields_config` extended. The tests in
  tests/vllm compare the result with vLLM used directly, token by token.

Modes: vLLM's processor for DeepSeek-OCR knows only the mode `gundam`, counts prompt tokens by constants, and works in
one thread. Nothing of its package is patched: `MULTIMODAL_REGISTRY.register_processor`, which vLLM offers for models
of one's own, binds a subclass to the model's class in this process. Pages are resized and tiled by `prepare_page`, in
as many threads as the engine has, and travel through vLLM attached to their image; the processor only hands them on.
The engine's process needs to know nothing of it: the model takes its sizes from the tensors, and the shared field
`ocr_view` keeps pages of different modes out of one batch, which the model could not stack.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image, ImageOps
from vllm.engine.arg_utils import AsyncEngineArgs
from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest
from vllm.entrypoints.openai.chat_completion.serving import OpenAIServingChat
from vllm.entrypoints.openai.models.protocol import BaseModelPath
from vllm.entrypoints.openai.models.serving import OpenAIServingModels
from vllm.entrypoints.serve.engine.protocol import ErrorResponse
from vllm.entrypoints.serve.exception_handling.error_response import create_error_response
from vllm.model_executor.models.deepseek_ocr import (
    DeepseekOCRDummyInputsBuilder,
    DeepseekOCRForCausalLM,
    DeepseekOCRMultiModalProcessor,
    DeepseekOCRProcessingInfo,
)
from vllm.multimodal import MULTIMODAL_REGISTRY
from vllm.multimodal.inputs import MultiModalFieldConfig
from vllm.multimodal.parse import ImageEmbeddingItems, ImageProcessorItems
from vllm.multimodal.processing import PromptReplacement
from vllm.renderers.online_renderer import OnlineRenderer
from vllm.transformers_utils.processors.deepseek_ocr import (
    BASE_SIZE,
    CROP_MODE,
    IMAGE_SIZE,
    DeepseekOCRProcessor,
    ImageTransform,
    dynamic_preprocess,
)
from vllm.v1.engine.async_llm import AsyncLLM
from vllm.v1.engine.exceptions import EngineDeadError

from ocr_app.engine.types import EngineBroken, Json, RequestError
from ocr_app.ocr.modes import MODES, Mode, image_tokens

_PREPARED = "ocr_prepared"
_transform = ImageTransform()
_GREY = (127, 127, 127)


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


@dataclass(frozen=True, slots=True)
class _Prepared:
    view: torch.Tensor  # (3, base, base)
    tiles: torch.Tensor  # (n, 3, tile, tile)
    grid: tuple[int, int]  # columns, rows
    tokens: int


class Runtime:
    """A running vLLM. Constructing it loads the model, which blocks for as long as that takes.

    Args:
        engine_args: See `args.engine_args`.
        model_id: Name of the model in requests.
    """

    def __init__(self, engine_args: Mapping[str, Any], model_id: str) -> None:
        _register_modes()
        # One page a thread: torch's own threads would only get in each other's way.
        torch.set_num_threads(1)
        self._model_id = model_id
        self._llm = AsyncLLM.from_engine_args(AsyncEngineArgs(**engine_args))
        config = self._llm.model_config
        self.has_modes = "DeepseekOCRForCausalLM" in (config.hf_config.architectures or ())
        """Whether all resolution modes work; DeepSeek-OCR-2 has only its own tiling."""
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

    def prepare(self, image: Image.Image, mode: Mode) -> Image.Image:
        """Return a page for `generate`, resized and tiled where `has_modes`; see `prepare_page`."""
        return prepare_page(image, mode, self._dtype) if self.has_modes else image

    async def generate(
        self, request_id: str, messages: Sequence[Mapping[str, Json]], fields: Mapping[str, Json]
    ) -> AsyncIterator[Step]:
        """Run one sequence. Closing the iterator aborts it in the engine.

        Args:
            request_id: Unique among those running.
            messages: In OpenAI's format; an image is `{"type": "image_pil", "image_pil": …}` from `prepare`.
            fields: Further fields of vLLM's ChatCompletionRequest.

        Raises:
            RequestError: vLLM's own words on what is wrong with the request.
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
        except Exception as error:
            raise _client_error(create_error_response(error)) or error from None
        if isinstance(outputs, ErrorResponse):
            raise _client_error(outputs) or RuntimeError(outputs.error.message)
        try:
            async for output in outputs:
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
        finally:
            # Aborts what is not finished: vLLM does so when the generator is closed.
            await outputs.aclose()

    async def check_health(self) -> None:
        """Raise EngineBroken where the engine process is gone."""
        try:
            await self._llm.check_health()
        except EngineDeadError as error:
            raise EngineBroken("vLLM's engine process died") from error

    def shutdown(self) -> None:
        """End the engine process, which frees the GPU's memory."""
        self._llm.shutdown()


def prepare_page(image: Image.Image, mode: Mode, dtype: torch.dtype) -> Image.Image:
    """Resize and tile a page for a mode, as the reference pipeline does. Costs CPU, so call it in a thread.

    Args:
        image: RGB.
        mode: Resolution mode.
        dtype: Of the model.

    Returns:
        A copy of the image with its tensors attached.
    """
    size = MODES[mode]
    crops: Sequence[Image.Image] = ()
    grid = (1, 1)
    if size.tile and max(image.size) > size.tile:
        crops, grid = dynamic_preprocess(image, image_size=size.tile)
    whole = image.resize((size.view, size.view)) if size.squeeze else image
    view = _transform(ImageOps.pad(whole, (size.view, size.view), color=_GREY)).to(dtype)
    # Without tiles still of the tiles' shape: vLLM joins the tiles of a batch.
    tiles = torch.zeros((0, 3, IMAGE_SIZE, IMAGE_SIZE), dtype=dtype)
    if grid != (1, 1):
        tiles = torch.stack([_transform(crop).to(dtype) for crop in crops])
    prepared = _Prepared(view, tiles, (grid[0], grid[1]), image_tokens(mode, *grid))
    page = image.copy()
    page.info = {_PREPARED: prepared}
    return page


class _Chat(OpenAIServingChat):  # type: ignore[misc]
    """vLLM's chat layer without its SSE text: the outputs are handed on as they come."""

    async def render_chat_request(self, request: Any) -> Any:
        # vLLM refuses max_tokens that do not fit beside the prompt. Left out while it checks that, they are clamped
        # to what does fit (vllm.entrypoints.serve.utils.api_utils.get_max_tokens).
        wanted, request.max_tokens = request.max_tokens, None
        try:
            return await super().render_chat_request(request)
        finally:
            request.max_tokens = wanted

    def chat_completion_stream_generator(self, request: Any, result_generator: Any, *args: Any, **kwargs: Any) -> Any:
        return result_generator


def _client_error(response: Any) -> RequestError | None:
    error = response.error
    status = int(error.code)
    if status >= 500:
        return None
    code = "context_length_exceeded" if "context length" in error.message else None
    return RequestError(error.message, param=error.param, code=code, status=400)


class _Info(DeepseekOCRProcessingInfo):  # type: ignore[misc]
    def get_hf_processor(self, **kwargs: object) -> Any:
        fixed = {"image_size": IMAGE_SIZE, "base_size": BASE_SIZE, "crop_mode": CROP_MODE, "strategy": "v1"}
        return self.ctx.get_hf_processor(_Processor, **{**fixed, **kwargs})


class _Processor(DeepseekOCRProcessor):  # type: ignore[misc]
    """Hands on prepared pages; others (vLLM's dummy images) it processes as vLLM does."""

    def __call__(self, *, prompt: str, images: list[Image.Image], **kwargs: Any) -> Any:
        pages: list[_Prepared] = [image.info[_PREPARED] for image in images if _PREPARED in image.info]
        if not pages or len(pages) < len(images):
            return super().__call__(prompt=prompt, images=images, **kwargs)
        batch = self.process_one(prompt="", images=[])
        batch.data.update(
            pixel_values=torch.stack([page.view for page in pages]),
            images_crop=torch.cat([page.tiles for page in pages]),
            images_spatial_crop=torch.tensor([page.grid for page in pages], dtype=torch.long),
            ocr_view=torch.tensor([pages[0].view.shape[-1]]),
        )
        return batch


class _MultiModalProcessor(DeepseekOCRMultiModalProcessor):  # type: ignore[misc]
    def _get_mm_fields_config(self, hf_inputs: Any, hf_processor_mm_kwargs: Any) -> Any:
        fields = dict(super()._get_mm_fields_config(hf_inputs, hf_processor_mm_kwargs))
        if "ocr_view" in hf_inputs:
            fields["ocr_view"] = MultiModalFieldConfig.shared("image", len(hf_inputs["images_spatial_crop"]))
        return fields

    def _get_prompt_updates(self, mm_items: Any, hf_processor_mm_kwargs: Any, out_mm_kwargs: Any) -> Any:
        (stock,) = super()._get_prompt_updates(mm_items, hf_processor_mm_kwargs, out_mm_kwargs)
        images = mm_items.get_items("image", (ImageEmbeddingItems, ImageProcessorItems))
        token = self.info.get_hf_processor(**hf_processor_mm_kwargs).image_token_id

        def replacement(index: int) -> Any:
            info = getattr(images.get(index), "info", {})
            return [token] * info[_PREPARED].tokens if _PREPARED in info else stock.replacement(index)

        return [PromptReplacement(modality="image", target=[token], replacement=replacement)]


def _register_modes() -> None:
    MULTIMODAL_REGISTRY.register_processor(
        _MultiModalProcessor, info=_Info, dummy_inputs=DeepseekOCRDummyInputsBuilder
    )(DeepseekOCRForCausalLM)
