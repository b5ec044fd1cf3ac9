"""`vllm`: DeepSeek-OCR on a GPU."""

from typing import Any, Literal

from pydantic import Field, model_validator

from ocr_app.ocr.modes import Mode
from ocr_app.settings.prompt_rules import DEFAULT_RULES, PromptRule
from ocr_app.settings.repetition import GuardSettings, LadderSettings, LoopSettings
from ocr_app.settings.section import Section

_REVISIONS = {
    "deepseek-ai/DeepSeek-OCR": "9f30c71f441d010e5429c532364a86705536c53a",
    "deepseek-ai/DeepSeek-OCR-2": "aaa02f3811945a91062062994c5c4a3f4c0af2b0",
}
"""Commits of the supported models."""


class VllmEngineSettings(Section):
    """Engine `vllm`: DeepSeek-OCR on a GPU. A setting has the name of vLLM's engine argument, if there is one."""

    model: str = Field(
        default="deepseek-ai/DeepSeek-OCR",
        min_length=1,
        description="Model on Hugging Face or a folder; deepseek-ai/DeepSeek-OCR-2 is the other supported one "
        "(set revision with it).",
    )
    revision: str | None = Field(
        default=_REVISIONS["deepseek-ai/DeepSeek-OCR"],
        description="Commit of the model; null for a folder.",
    )
    dtype: Literal["bfloat16", "float16", "float32", "auto"] = Field(
        default="bfloat16", description="Type of the weights and activations."
    )
    max_model_len: int = Field(default=8_192, ge=1_024, description="Context of prompt, image and output, in tokens.")
    gpu_memory_utilization: float = Field(
        default=0.85, gt=0, le=1, description="Share of the GPU's memory that vLLM takes."
    )
    max_num_seqs: int = Field(default=256, ge=1, description="Sequences decoded together; one page is one sequence.")
    max_num_batched_tokens: int | None = Field(
        default=None,
        ge=1_280,
        description="Tokens of one step, at least those of the largest page, which never fits otherwise; if null, what "
        "`vllm serve` takes on the GPU: 8,192 on H100 and H200.",
    )
    images_per_prompt: int = Field(
        default=1, ge=1, le=64, description="Images in one prompt of the model (limit_mm_per_prompt)."
    )
    enforce_eager: bool = Field(
        default=False, description="Skip compilation and CUDA graphs: starts sooner, runs slower."
    )
    load_format: str = Field(default="auto", description="How vLLM loads the weights; `dummy` makes random ones.")
    trust_remote_code: bool = Field(default=False, description="Run the Python code in the model's repository.")
    download_dir: str | None = Field(
        default=None, description="Folder of the model cache; HF_HOME of the replica if null."
    )
    compile_cache_dir: str | None = Field(
        default=None, description="Folder that keeps compiled graphs between starts; beside the model cache if null."
    )
    preprocess_threads: int = Field(
        default=4, ge=1, le=64, description="Threads that decode and tile images, off the event loop."
    )
    max_pixels_in_flight: int = Field(
        default=200_000_000,
        ge=1_024,
        description="Most pixels of decoded images held at once, of 7 bytes each; further pages wait for their turn, "
        "and a larger one has it alone.",
    )
    default_mode: Mode = Field(default="gundam", description="Resolution mode if the client names none.")
    page_separator: str = Field(
        default="\n\n<--- Page Split --->\n\n", description="Text between the pages of a request with several images."
    )
    extra_engine_args: dict[str, Any] = Field(
        default_factory=dict,
        description="More of vLLM's engine arguments, by their Python names; they override the other settings.",
    )
    guard: GuardSettings = GuardSettings()
    loops: LoopSettings = LoopSettings()
    ladder: LadderSettings = LadderSettings()
    prompt_rules: tuple[PromptRule, ...] = Field(
        default=DEFAULT_RULES,
        description="How plain instructions become the model's prompts, in order. An instruction that no rule matches "
        "goes to the model as it is; prompts that the model was trained on are never changed.",
    )

    @model_validator(mode="before")
    @classmethod
    def _revision_follows_a_known_model(cls, data: Any) -> Any:
        if isinstance(data, dict) and "revision" not in data and data.get("model") in _REVISIONS:
            return {**data, "revision": _REVISIONS[data["model"]]}
        return data
