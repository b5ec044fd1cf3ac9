"""`vllm.guard`, `vllm.loops`, `vllm.ladder`: what is done about pages that repeat themselves."""

from pydantic import Field

from ocr_app.ocr.modes import MODEL_TILES, MOST_TILES
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
    """When an output that repeats itself counts as a loop and is stopped. Tokens are estimated from the text."""

    prose_chars: int = Field(
        default=2_000, ge=50, description="Length of a repeating stretch of prose that runs on, in characters."
    )
    prose_repeats: int = Field(default=10, ge=2, description="Copies in a row of prose that runs on.")
    line_tokens: int = Field(
        default=1_000, ge=50, description="Length of a repeating line or row that does not end, in tokens."
    )
    page_lines: int = Field(
        default=250,
        ge=20,
        description="Times the same line or row stands there that are more than a page has, from that length on.",
    )
    page_tokens: int = Field(
        default=3_400,
        ge=50,
        description="Length of any other repeating stretch, in tokens: tables, forms, labels, lists. It is as long "
        "because a page may honestly hold that much of the same.",
    )
    row_cells: int = Field(default=400, ge=20, description="Cells of one table row that count as a runaway table.")
    count_repeats: int = Field(default=150, ge=10, description="Items of a list that only counts.")
    end_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of these lengths that suffices at the end of an output that was cut off by max_tokens or "
        "the context.",
    )
    check_every: int = Field(default=256, ge=1, description="Characters between two checks of a growing output.")
    window_chars: int = Field(default=16_384, ge=1_024, description="How far back to look for loops, in characters.")


class LadderSettings(Section):
    """Further attempts at a page that loops, for clients that do not stream."""

    max_attempts: int = Field(default=4, ge=1, le=8, description="Most attempts for one page, the first one included.")
    temperature: float = Field(
        default=0.2,
        ge=0,
        le=2,
        description="Temperature of an attempt that has the same view of the page as the first.",
    )
    ngram_size: int = Field(default=20, ge=2, le=MAX_NGRAM, description="ngram_size of such an attempt.")
    window_size: int = Field(default=90, ge=1, le=MAX_WINDOW, description="window_size of such an attempt.")
    max_tiles: int = Field(
        default=MOST_TILES,
        ge=MODEL_TILES,
        le=MOST_TILES,
        description="Most tiles of the attempt that has more of them.",
    )
    tile_overlap: float = Field(
        default=0.03, ge=0, le=0.25, description="Overlap of the two halves of a split page, as a share of its height."
    )
