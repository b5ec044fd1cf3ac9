from ocr_app.ocr.page_break import PAGE_BREAK, page_break
from ocr_app.settings import Settings, VllmEngineSettings


def test_each_engine_has_its_own() -> None:
    assert page_break(Settings(engine="cpu")) == PAGE_BREAK
    assert page_break(Settings(engine="vllm", vllm=VllmEngineSettings(page_separator="|"))) == "|"
