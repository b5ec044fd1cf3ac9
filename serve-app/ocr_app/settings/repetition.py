"""`vllm.guard`, `vllm.loops`, `vllm.ladder`: what is done about pages that repeat themselves."""

from pydantic import Field

from ocr_app.settings.section import Section

MAX_NGRAM = 256
MAX_WINDOW = 1_024
"""Bounds of the guard, also for clients: it holds the window of every sequence, and reads it again after a restart."""


class GuardSettings(Section):
    """Defaults of the repetition guard; a client may set its own."""

    ngram_size: int = Field(
        default=30,
        ge=2,
        le=MAX_NGRAM,
        description="Length, in tokens, of a run that may not occur twice within the window.",
    )
    window_size: int = Field(
        default=90, ge=1, le=MAX_WINDOW, description="Length, in tokens, of the window in which runs are compared."
    )
    whitelist_token_ids: tuple[int, ...] = Field(
        default=(128_821, 128_822), description="Tokens that may always repeat: <td> and </td>."
    )


class LoopSettings(Section):
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
        "it is larger because forms and sparse tables do repeat.",
    )
    row_cells: int = Field(default=400, ge=20, description="Cells of one table row that count as a runaway table.")
    check_every: int = Field(default=128, ge=1, description="Characters between two checks of a growing output.")
    window_chars: int = Field(default=16_384, ge=1_024, description="How far back to look for loops, in characters.")


class LadderSettings(Section):
    """Further attempts at a page that loops, for clients that do not stream."""

    max_attempts: int = Field(default=4, ge=1, le=8, description="Most attempts for one page, the first one included.")
    temperature: float = Field(default=0.2, ge=0, le=2, description="Temperature of the attempts after the first.")
    ngram_size: int = Field(default=20, ge=2, le=MAX_NGRAM, description="ngram_size of the attempts after the first.")
    window_size: int = Field(
        default=1_024, ge=1, le=MAX_WINDOW, description="window_size of the attempts after the first."
    )
    tile_overlap: float = Field(
        default=0.03, ge=0, le=0.25, description="Overlap of the two halves of a split page, as a share of its height."
    )
