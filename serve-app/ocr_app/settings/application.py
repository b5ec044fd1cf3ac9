"""All sections together."""

from typing import Literal

from pydantic import Field, model_validator

from ocr_app.settings.cpu import CpuEngineSettings
from ocr_app.settings.documents import DocumentSettings
from ocr_app.settings.files import FileSettings
from ocr_app.settings.http import HttpSettings
from ocr_app.settings.limits import LimitSettings
from ocr_app.settings.null import NullEngineSettings
from ocr_app.settings.queue import QueueSettings
from ocr_app.settings.section import Section
from ocr_app.settings.vllm import VllmEngineSettings


class Settings(Section):
    """Everything that can be set about the application."""

    model_id: str = Field(default="deepseek-ocr", min_length=1, description="Model id that clients send.")
    engine: Literal["cpu", "vllm", "null"] = Field(
        default="cpu",
        description="Engine behind the API: vllm (DeepSeek-OCR on a GPU), cpu (RapidOCR) or null (returns at once).",
    )
    limits: LimitSettings = LimitSettings()
    documents: DocumentSettings = DocumentSettings()
    queue: QueueSettings = QueueSettings()
    http: HttpSettings = HttpSettings()
    files: FileSettings = FileSettings()
    cpu: CpuEngineSettings = CpuEngineSettings()
    null: NullEngineSettings = NullEngineSettings()
    vllm: VllmEngineSettings = VllmEngineSettings()

    @model_validator(mode="after")
    def _one_body_of_the_largest_size_finds_room(self) -> "Settings":
        if self.queue.max_bytes_in_flight < self.limits.max_body_bytes:
            raise ValueError(
                f"queue.max_bytes_in_flight ({self.queue.max_bytes_in_flight}) must be at least "
                f"limits.max_body_bytes ({self.limits.max_body_bytes}): the largest body would never be accepted"
            )
        return self

    @model_validator(mode="after")
    def _keep_alive_is_shorter_than_the_deadlines(self) -> "Settings":
        deadline = min(self.queue.cold_start_deadline_s, self.queue.request_timeout_s)
        if self.queue.keep_alive_interval_s >= deadline:
            raise ValueError(
                f"queue.keep_alive_interval_s ({self.queue.keep_alive_interval_s} s) must be shorter than "
                f"queue.cold_start_deadline_s and queue.request_timeout_s (the smaller is {deadline} s)"
            )
        return self
