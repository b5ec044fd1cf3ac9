"""`http`: the HTTP front."""

from typing import Literal

from pydantic import Field

from ocr_app.settings.section import Section


class HttpSettings(Section):
    """The HTTP front."""

    cors_allow_origins: tuple[str, ...] = Field(
        default=(), description="Origins that browsers may call from; none by default (CORS off)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Level of the JSON logs."
    )
