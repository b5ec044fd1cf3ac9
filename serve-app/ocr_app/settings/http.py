"""`http`: the HTTP front."""

from typing import Literal

from pydantic import Field

from ocr_app.settings.section import Seconds, Section


class HttpSettings(Section):
    """The HTTP front."""

    cors_allow_origins: tuple[str, ...] = Field(
        default=(), description="Origins that browsers may call from; none by default (CORS off)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Level of the JSON logs."
    )
    body_timeout_s: Seconds = Field(
        default=300,
        description="Longest time for a request body to arrive, in seconds; after it the answer is 408. "
        "An image of 20 MB takes 220 s at 1 Mbit/s.",
    )
    body_idle_timeout_s: Seconds = Field(
        default=20,
        description="Longest time between two pieces of a request body, in seconds; after it the answer is 408.",
    )
