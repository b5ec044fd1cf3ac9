import pytest

from ocr_app.documents.page_kind import PageFacts, kind_of_page


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (PageFacts(visible=2_000, invisible=0, odd=0, wordlike=1_700, covered=0.1), "digital"),
        (PageFacts(visible=2_000, invisible=0, odd=0, wordlike=1_700, covered=1.0), "scanned"),
        (PageFacts(visible=49, invisible=0, odd=0, wordlike=49, covered=0.0), "scanned"),
        (PageFacts(visible=0, invisible=0, odd=0, wordlike=0, covered=1.0), "scanned"),
        (PageFacts(visible=0, invisible=3_438, odd=0, wordlike=2_730, covered=1.0), "old_ocr"),
        (PageFacts(visible=10, invisible=400, odd=0, wordlike=350, covered=0.9), "old_ocr"),
        (PageFacts(visible=2_000, invisible=0, odd=41, wordlike=1_700, covered=0.0), "scanned"),
        (PageFacts(visible=2_000, invisible=0, odd=0, wordlike=900, covered=0.0), "scanned"),
    ],
)
def test_kinds(facts: PageFacts, kind: str) -> None:
    assert kind_of_page(facts) == kind
