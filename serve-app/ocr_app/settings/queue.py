"""`queue`: how many requests may wait, and for how long."""

from pydantic import Field

from ocr_app.settings.section import Seconds, Section


class QueueSettings(Section):
    """How many requests may wait, and for how long."""

    max_in_flight: int = Field(
        default=256, ge=1, description="Requests accepted at once, running and waiting; more are answered 429."
    )
    max_bytes_in_flight: int = Field(
        default=2**30,
        ge=1_024,
        description="Most bytes of request bodies held at once: arriving, running and waiting; more are answered 429. "
        "At least limits.max_body_bytes.",
    )
    cold_start_deadline_s: Seconds = Field(
        default=1_200,
        description="Longest wait for an engine that sleeps or starts, in seconds; after it the answer is 503.",
    )
    request_timeout_s: Seconds = Field(
        default=600,
        description="Longest time for one request once an engine is up, in seconds; after it the answer is 504.",
    )
    keep_alive_interval_s: Seconds = Field(
        default=10, description="Time between SSE comments to a streaming client that still waits, in seconds."
    )
    retry_after_s: int = Field(
        default=10, ge=1, le=3_600, description="Retry-After of 429 and 503 answers, in seconds."
    )
