"""Our module in vLLM's engine process: the repetition guard, and the corrections of the models.

vLLM imports it by its name (`args.LOGITS_PROCESSOR`) in every process that runs the model, also in one that was
spawned, and makes a RepetitionGuard there before it loads the model (GPUModelRunner.__init__).
"""

from typing import Any

from vllm.model_executor.models.deepseek_ocr import NGramPerReqLogitsProcessor

from ocr_app.engine.vllm import model_fixes


class RepetitionGuard(NGramPerReqLogitsProcessor):  # type: ignore[misc]
    """The repetition guard; inactive for a request without `ngram_size`."""

    def __init__(self, vllm_config: Any, device: Any, is_pin_memory: bool) -> None:
        model_fixes.apply()
        super().__init__(vllm_config, device, is_pin_memory)
