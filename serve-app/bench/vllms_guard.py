"""vLLM's own repetition guard beside ours in one engine: it reads the same values by other names."""

from copy import copy
from typing import Any

from vllm.model_executor.models.deepseek_ocr import NGramPerReqLogitsProcessor
from vllm.sampling_params import SamplingParams

from bench.guards import PREFIX


class VllmsGuard(NGramPerReqLogitsProcessor):  # type: ignore[misc]
    """Active for requests that have `vllms_ngram_size`."""

    @classmethod
    def validate_params(cls, params: SamplingParams) -> None:
        """Raise ValueError for wrong values."""
        super().validate_params(_renamed(params))

    def new_req_logits_processor(self, params: SamplingParams) -> Any:
        """Return the guard of one request; None if it has none."""
        return super().new_req_logits_processor(_renamed(params))


def _renamed(params: SamplingParams) -> SamplingParams:
    found = copy(params)
    given = params.extra_args or {}
    values = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    found.extra_args = values or None  # vLLM's guard takes {} for a wrong value
    return found
