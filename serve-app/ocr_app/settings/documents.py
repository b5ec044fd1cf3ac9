"""`documents`: PDFs and other files of many pages."""

from pydantic import Field, model_validator

from ocr_app.settings.section import Seconds, Section


class DocumentSettings(Section):
    """PDFs and other files of many pages."""

    dpi: int = Field(default=144, ge=36, le=600, description="Resolution in which pages of PDFs are drawn.")
    min_side_px: int = Field(
        default=1_600,
        ge=256,
        le=8_000,
        description="The longer side of a small page is drawn so long at least, in pixels: its letters are small too.",
    )
    max_side_px: int = Field(
        default=2_600,
        ge=256,
        le=16_000,
        description="The longer side of a large page is drawn so long at most, in pixels, unless the shorter one would "
        "get less than narrow_side_px. At least min_side_px.",
    )
    narrow_side_px: int = Field(
        default=1_000,
        ge=64,
        le=8_000,
        description="Shorter side of a long and narrow page, such as a receipt, in pixels, as far as dpi goes.",
    )
    pages_at_once: int = Field(
        default=8, ge=1, le=256, description="Most pages of one request that are drawn or read at the same time."
    )
    max_pages_in_flight: int = Field(
        default=256,
        ge=1,
        le=10_000,
        description="Most pages of all requests that are drawn or read at the same time; each takes up to 2 MB, as an "
        "image. More wait for their turn.",
    )
    processes: int = Field(default=2, ge=1, le=64, description="Child processes that draw pages, one page at a time.")
    page_cpu_s: Seconds = Field(
        default=30, description="Most CPU time for drawing one page, in seconds; after it the page is given up."
    )
    page_memory_bytes: int = Field(
        default=3 * 2**28, ge=2**27, description="Most memory of a child process that draws pages, in bytes."
    )

    @model_validator(mode="after")
    def _longest_is_not_below_shortest(self) -> "DocumentSettings":
        if self.max_side_px < self.min_side_px:
            raise ValueError(
                f"documents.max_side_px ({self.max_side_px}) must be at least "
                f"documents.min_side_px ({self.min_side_px})"
            )
        return self
