"""`cpu`: the CPU engine."""

from pydantic import Field

from ocr_app.settings.section import Section


class CpuEngineSettings(Section):
    """Engine `cpu`: RapidOCR, its models inside the wheel, nothing downloaded."""

    threads: int = Field(default=2, ge=1, le=64, description="Threads of one replica's ONNX Runtime sessions.")
    max_side_px: int = Field(
        default=2_000,
        ge=256,
        le=8_000,
        description="Images are scaled down to this longest side, in pixels, to find lines; for text that is too small "
        "then, parts of the image are looked at again.",
    )
