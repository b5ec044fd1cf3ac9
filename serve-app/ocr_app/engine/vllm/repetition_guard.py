"""Our module in vLLM's engine process: the repetition guard, and the corrections of the models.

vLLM imports it by its name (`args.LOGITS_PROCESSOR`) in every process that runs the model, also in one that was
spawned, and makes a RepetitionGuard there before it loads the model (GPUModelRunner.__init__).
"""

from typing import Any

import torch
from vllm.model_executor.models.deepseek_ocr import NGramPerReqLogitsProcessor
from vllm.utils.torch_utils import async_tensor_h2d

from ocr_app.engine.vllm import model_fixes
from ocr_app.engine.vllm.ngrams import NgramBans


class RepetitionGuard(NGramPerReqLogitsProcessor):  # type: ignore[misc]
    """vLLM's NGramPerReqLogitsProcessor, its `vllm_xargs` and its bans, at a fraction of its time.

    vLLM's compares every n-gram of the window at each step, and writes to the GPU for each sequence. Here a step looks
    the bans up (`NgramBans`) and writes those of the whole batch at once.
    """

    def __init__(self, vllm_config: Any, device: Any, is_pin_memory: bool) -> None:
        model_fixes.apply()
        super().__init__(vllm_config, device, is_pin_memory)
        self.req_info: dict[int, NgramBans] = {}
        self._device = device
        self._never = torch.tensor(-float("inf"), dtype=torch.float32, device=device)

    def _new_state(self, params: Any, prompt_ids: list[int] | None, output_ids: list[int]) -> NgramBans | None:
        values = params.extra_args or {}
        size = values.get("ngram_size")
        if size is None:
            return None
        # vLLM goes on to fill this list, so it always holds the output so far. With asynchronous scheduling too: vLLM
        # puts the last step's tokens in before it asks a logits processor.
        return NgramBans(output_ids, size, values.get("window_size", 100), values.get("whitelist_token_ids") or ())

    def apply(self, logits: torch.Tensor) -> torch.Tensor:
        """Set the logits of forbidden tokens to minus infinity, in place."""
        rows: list[int] = []
        tokens: list[int] = []
        for row, bans in self.req_info.items():
            banned = bans.banned()
            if banned:
                rows += [row] * len(banned)
                tokens += banned
        if rows:
            where = async_tensor_h2d([rows, tokens], device=self._device, dtype=torch.int64)
            logits.index_put_((where[0], where[1]), self._never.to(logits.dtype))
        return logits
