"""What stands between the texts of two pages of one answer."""

from ocr_app.settings import Settings

PAGE_BREAK = "\n\n---\n\n"
"""Of every engine but the model, which was trained with another one."""


def page_break(settings: Settings) -> str:
    """Return what stands between two pages, for the engine that answers."""
    return settings.vllm.page_separator if settings.engine == "vllm" else PAGE_BREAK
