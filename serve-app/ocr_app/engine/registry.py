"""Which class is which engine. Only this module imports engines, and only the one that the settings name."""

from ocr_app.engine.types import Engine, Report
from ocr_app.settings import Settings


def create_engine(settings: Settings, report: Report) -> Engine:
    """Construct the engine that `settings.engine` names; nothing heavy happens before its `start`.

    Args:
        settings: The application's settings.
        report: Called by the engine as its start goes on, such as `report("loading the model")`.
    """
    if settings.engine == "cpu":
        from ocr_app.engine.cpu.engine import CpuEngine

        return CpuEngine(settings, report)
    if settings.engine == "vllm":
        from ocr_app.engine.vllm.engine import VllmEngine

        return VllmEngine(settings, report)
    from ocr_app.engine.null import NullEngine

    return NullEngine(settings.null)
