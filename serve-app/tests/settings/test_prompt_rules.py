import pytest

from ocr_app.settings import PromptRule


def test_a_pattern_that_does_not_compile_is_refused() -> None:
    with pytest.raises(ValueError, match="not a regular expression"):
        PromptRule(name="x", pattern="(", prompt="Free OCR.")
