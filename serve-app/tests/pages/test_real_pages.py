"""Real pages by their expected facts, and the bundled sample. Without the real pages their tests are skipped."""

from pathlib import Path

import pytest

from bench import facts
from tests.pages.conftest import Read
from tests.pages.expected import PAGES, ROOT, expected
from tools.pdf_to_images import convert

EXPECTED = expected()


@pytest.mark.skipif(not EXPECTED, reason=f"the real pages are not there ({PAGES})")
@pytest.mark.parametrize("name", sorted({fact["pdf"] for fact in EXPECTED}))
def test_facts_hold(read: Read, tmp_path: Path, name: str) -> None:
    (image,) = convert(PAGES / name, tmp_path, first=1)
    text, _ = read(image.read_bytes())
    assert facts.failures([fact for fact in EXPECTED if fact["pdf"] == name], text) == []


def test_the_bundled_sample_reads_well(read: Read, tmp_path: Path) -> None:
    (image,) = convert(ROOT / "examples" / "sample.pdf", tmp_path)
    text, _ = read(image.read_bytes())
    assert facts.failures(facts.load(ROOT / "examples" / "sample.facts.jsonl"), text) == []
