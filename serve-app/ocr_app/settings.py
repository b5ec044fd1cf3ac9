"""The settings of the application: every default, bound and unit lives here and nowhere else.

Ray Serve passes the `args` of `serveConfigV2` to `ocr_app.app:build`, which validates them with this model.
`npm run generate` writes its JSON Schema to `serve-app/ocr_app/settings.schema.json`, from which the TypeScript side
reads defaults and checks a stack's `app` settings before anything is created. Secrets are not settings: the API
key comes from the environment variable `OCR_API_KEY`.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitSettings(_Model):
    """What a single request may ask for."""

    max_body_bytes: int = Field(
        default=32 * 2**20, ge=1_024, description="Largest request body, in bytes; a larger one is answered 413."
    )
    max_images: int = Field(default=8, ge=1, le=64, description="Most images in one request.")
    max_image_bytes: int = Field(default=20 * 2**20, ge=1_024, description="Largest decoded image file, in bytes.")
    max_image_pixels: int = Field(default=50_000_000, ge=1_024, description="Most pixels (width x height) of an image.")
    max_tokens: int = Field(
        default=8_192, ge=1, description="Context of the model; larger max_tokens are clamped to it."
    )


class QueueSettings(_Model):
    """How many requests may wait, and for how long."""

    max_in_flight: int = Field(
        default=256, ge=1, description="Requests accepted at once, running and waiting; further ones are answered 429."
    )
    cold_start_deadline_s: Seconds = Field(
        default=1_200, description="Longest wait for an engine that sleeps or starts, in seconds; then 503."
    )
    request_timeout_s: Seconds = Field(
        default=600, description="Longest time for one request once an engine is up, in seconds; then 504."
    )
    keep_alive_interval_s: Seconds = Field(
        default=10, description="Time between SSE comments to a streaming client that still waits, in seconds."
    )
    retry_after_s: int = Field(
        default=10, ge=1, le=3_600, description="Retry-After of 429 and 503 answers, in seconds."
    )


class HttpSettings(_Model):
    """The HTTP front."""

    cors_allow_origins: tuple[str, ...] = Field(
        default=(), description="Origins that browsers may call from; none by default (CORS off)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Level of the JSON logs."
    )


class CpuEngineSettings(_Model):
    """Engine `cpu`: RapidOCR, its models inside the wheel, nothing downloaded."""

    threads: int = Field(default=2, ge=1, le=64, description="Threads of one replica's ONNX Runtime sessions.")
    max_side_px: int = Field(
        default=2_000,
        ge=256,
        le=8_000,
        description="Images are scaled down to this longest side, in pixels, to find lines.",
    )


class PromptRule(_Model):
    """Turns a plain instruction into one of the model's own prompts; the first rule that matches wins."""

    name: str = Field(min_length=1, description="Name of the rule, shown in the response as `ocr.prompt.rule`.")
    pattern: str = Field(
        description="Regular expression searched in the instruction, ignoring case; empty matches always."
    )
    prompt: str = Field(
        min_length=1,
        description="What the model gets, without its `<image>` word; {name} stands for the group (?P<name>).",
    )
    output: Literal["raw", "markdown", "layout"] = Field(
        default="raw", description="Kind of output where the client does not name one."
    )

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


class GuardSettings(_Model):
    """The repetition guard (vLLM's NGramPerReqLogitsProcessor) where the client does not set it itself."""

    ngram_size: int = Field(default=30, ge=2, le=1_000, description="No run of this many tokens occurs twice...")
    window_size: int = Field(default=90, ge=1, le=8_192, description="...within the last this many tokens.")
    whitelist_token_ids: tuple[int, ...] = Field(
        default=(128_821, 128_822), description="Tokens that may always repeat: <td> and </td>."
    )


class LoopSettings(_Model):
    """When an output that repeats itself counts as a loop and is stopped."""

    min_repeats: int = Field(default=5, ge=2, description="Copies in a row of a short piece of prose.")
    min_chars: int = Field(default=400, ge=50, description="Length of the repeating stretch of prose, in characters.")
    block_chars: int = Field(
        default=200, ge=50, description="A piece of prose this long counts from its third copy, in characters."
    )
    table_chars: int = Field(
        default=4_000,
        ge=100,
        description="Length of a repeating stretch of table cells, markup or figures, in characters; "
        "forms and sparse tables repeat honestly.",
    )
    row_cells: int = Field(default=400, ge=20, description="Cells of one table row that count as a runaway table.")
    check_every: int = Field(default=128, ge=1, description="Characters between two looks at a growing output.")
    window_chars: int = Field(default=16_384, ge=1_024, description="How far back loops are searched, in characters.")


class LadderSettings(_Model):
    """What is tried again, for clients that do not stream, when a page loops."""

    max_attempts: int = Field(default=4, ge=1, le=8, description="Most attempts for one page, the first one included.")
    temperature: float = Field(default=0.2, ge=0, le=2, description="Temperature of the attempts after the first.")
    ngram_size: int = Field(default=20, ge=2, le=1_000, description="ngram_size of the attempts after the first.")
    window_size: int = Field(default=1_024, ge=1, le=8_192, description="window_size of the attempts after the first.")
    tile_overlap: float = Field(
        default=0.03, ge=0, le=0.25, description="Overlap of the two halves of a split page, as a share of its height."
    )


_REVISIONS = {
    "deepseek-ai/DeepSeek-OCR": "9f30c71f441d010e5429c532364a86705536c53a",
    "deepseek-ai/DeepSeek-OCR-2": "aaa02f3811945a91062062994c5c4a3f4c0af2b0",
}
"""Commits of the supported models."""


class VllmEngineSettings(_Model):
    """Engine `vllm`: DeepSeek-OCR on a GPU. Field names are those of vLLM's engine arguments where it has them."""

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
        default=None, ge=1, description="Tokens of one step; vLLM's own default where null."
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
        default=None, description="Folder of the model cache; HF_HOME of the replica where null."
    )
    compile_cache_dir: str | None = Field(
        default=None, description="Folder that keeps compiled graphs between starts; beside the model cache where null."
    )
    preprocess_threads: int = Field(
        default=4, ge=1, le=64, description="Threads that decode and tile images, off the event loop."
    )
    default_mode: Literal["tiny", "small", "base", "large", "gundam"] = Field(
        default="gundam", description="Resolution mode where the client names none."
    )
    page_separator: str = Field(
        default="\n\n<--- Page Split --->\n\n", description="Text between the pages of a request with several images."
    )
    extra_engine_args: dict[str, Any] = Field(
        default_factory=dict,
        description="More of vLLM's engine arguments, by their Python names; they win over the rest.",
    )
    guard: GuardSettings = GuardSettings()
    loops: LoopSettings = LoopSettings()
    ladder: LadderSettings = LadderSettings()
    prompt_rules: tuple[PromptRule, ...] = Field(
        default=(
            PromptRule(
                name="locate",
                pattern=r"^\s*(?:locate|where (?:is|are))\s+(?:the\s+)?(?P<what>\S.*?)"
                r"(?:\s+(?:in|on) (?:this|the) (?:image|page|document))?[\s.?!]*$",
                prompt="Locate <|ref|>{what}<|/ref|> in the image.",
            ),
            PromptRule(
                name="layout",
                pattern=r"\b(layout|bounding[ -]?box(es)?|bbox(es)?|coordinates|grounding)\b",
                prompt="<|grounding|>Convert the document to markdown.",
                output="raw",
            ),
            PromptRule(
                name="markdown",
                pattern=r"\b(markdown|md|tables?|html)\b",
                prompt="<|grounding|>Convert the document to markdown.",
                output="markdown",
            ),
            PromptRule(
                name="figure",
                pattern=r"\b(parse|read|extract|digiti[sz]e)\b.*\b(figures?|charts?|plots?|diagrams?|graphs?)\b",
                prompt="Parse the figure.",
            ),
            PromptRule(
                name="describe",
                pattern=r"\b(describe|caption|what('s| is) (in|on|shown))\b",
                prompt="Describe this image in detail.",
            ),
            PromptRule(name="text", pattern="", prompt="Free OCR."),
        ),
        description="How plain instructions become the model's prompts, in order. An instruction that no rule matches "
        "goes to the model as it is; prompts in the model's own words are never changed.",
    )

    @model_validator(mode="before")
    @classmethod
    def _revision_follows_a_known_model(cls, data: Any) -> Any:
        if isinstance(data, dict) and "revision" not in data and data.get("model") in _REVISIONS:
            return {**data, "revision": _REVISIONS[data["model"]]}
        return data


class NullEngineSettings(_Model):
    """Engine `null`: made-up words, to measure and test all that is not an engine."""

    tokens: int = Field(default=8, ge=0, le=1_000_000, description="Words of an answer, one token each.")
    latency_s: float = Field(default=0, ge=0, le=3_600, description="Time to the first word, in seconds.")
    token_interval_s: float = Field(
        default=0, ge=0, le=60, description="Time between words, in seconds; 0 is as fast as possible."
    )
    start_s: float = Field(default=0, ge=0, le=3_600, description="Time that a start takes, in seconds.")
    start_error: str = Field(default="", description="Reason with which every start fails; empty: it works.")


class Settings(_Model):
    """Everything that can be set about the application."""

    model_id: str = Field(default="deepseek-ocr", min_length=1, description="Model id that clients name.")
    engine: Literal["cpu", "vllm", "null"] = Field(
        default="cpu",
        description="Engine behind the API: vllm (DeepSeek-OCR on a GPU), cpu (RapidOCR) or null (returns at once).",
    )
    limits: LimitSettings = LimitSettings()
    queue: QueueSettings = QueueSettings()
    http: HttpSettings = HttpSettings()
    cpu: CpuEngineSettings = CpuEngineSettings()
    null: NullEngineSettings = NullEngineSettings()
    vllm: VllmEngineSettings = VllmEngineSettings()

    @model_validator(mode="after")
    def _keep_alive_is_shorter_than_the_deadlines(self) -> "Settings":
        deadline = min(self.queue.cold_start_deadline_s, self.queue.request_timeout_s)
        if self.queue.keep_alive_interval_s >= deadline:
            raise ValueError(
                f"queue.keep_alive_interval_s ({self.queue.keep_alive_interval_s} s) must be shorter than "
                f"queue.cold_start_deadline_s and queue.request_timeout_s (the smaller is {deadline} s)"
            )
        return self
