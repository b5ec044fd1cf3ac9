"""`null`: the engine that makes words up."""

from pydantic import Field

from ocr_app.settings.section import Section


class NullEngineSettings(Section):
    """Engine `null`: made-up words, to measure and test everything except an engine."""

    tokens: int = Field(default=8, ge=0, le=1_000_000, description="Words of an answer, one token each.")
    latency_s: float = Field(default=0, ge=0, le=3_600, description="Time to the first word, in seconds.")
    token_interval_s: float = Field(
        default=0, ge=0, le=60, description="Time between words, in seconds; 0 is as fast as possible."
    )
    start_s: float = Field(default=0, ge=0, le=3_600, description="Time that a start takes, in seconds.")
    start_error: str = Field(default="", description="If not empty, every start fails with this reason.")
