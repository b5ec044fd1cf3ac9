"""`files`: what `/v1/files` keeps, how much of it and for how long."""

from pydantic import Field, model_validator

from ocr_app.settings.limits import MOST_BODY_BYTES
from ocr_app.settings.section import Section

FORM_BYTES = 64 * 2**10
"""Room in the body of an upload for all that is not the file: fields, headers and boundaries."""

MOST_LIFETIME_S = 30 * 86_400
"""Longest that OpenAI's clients may ask for, in seconds."""


class FileSettings(Section):
    """Uploaded files: what is kept, and for how long."""

    enabled: bool = Field(default=True, description="Keep files for `/v1/files`; if false, it is answered 501.")
    directory: str = Field(
        default="",
        description="Folder that the files are kept in, for one service alone. If empty, they are in the folder of the "
        "Ray session, which no other service has; they stay when the Api restarts, and end with the pod.",
    )
    max_file_bytes: int = Field(
        default=128 * 2**20,
        ge=1_024,
        le=MOST_BODY_BYTES - FORM_BYTES,
        description="Largest file, in bytes; a larger one is answered 413. limits.max_body_bytes does not bound it, "
        "and queue.max_bytes_in_flight counts it while it arrives.",
    )
    max_total_bytes: int = Field(
        default=2 * 2**30,
        ge=1_024,
        description="Most bytes of all files together; an upload that would go beyond is answered 413. At least "
        "files.max_file_bytes.",
    )
    max_files: int = Field(default=1_000, ge=1, le=100_000, description="Most files; one more is answered 413.")
    lifetime_s: int = Field(
        default=86_400,
        ge=60,
        le=MOST_LIFETIME_S,
        description="Time until a file is removed if its client names none, in seconds.",
    )
    max_lifetime_s: int = Field(
        default=MOST_LIFETIME_S,
        ge=60,
        le=MOST_LIFETIME_S,
        description="Longest time that a client may ask for, in seconds. At least files.lifetime_s.",
    )

    @model_validator(mode="after")
    def _one_file_of_the_largest_size_finds_room(self) -> "FileSettings":
        if self.max_total_bytes < self.max_file_bytes:
            raise ValueError(
                f"files.max_total_bytes ({self.max_total_bytes}) must be at least "
                f"files.max_file_bytes ({self.max_file_bytes}): the largest file would never be accepted"
            )
        return self

    @model_validator(mode="after")
    def _the_usual_lifetime_is_allowed(self) -> "FileSettings":
        if self.max_lifetime_s < self.lifetime_s:
            raise ValueError(
                f"files.max_lifetime_s ({self.max_lifetime_s}) must be at least files.lifetime_s ({self.lifetime_s})"
            )
        return self
