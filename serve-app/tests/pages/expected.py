"""Facts about the real pages. The pages are not part of the repository: see ../../../CONTRIBUTING.md."""

from pathlib import Path

from bench import facts
from bench.facts import Fact

ROOT = Path(__file__).parents[3]
PAGES = ROOT.parent / "shared" / "pages"

# What the engine of a laptop is known to misread, in characters. Everything else must be read as the facts say.
KNOWN_DIFFERENCES = {
    # The drop cap of "Over" is not read.
    "multi_column_miss_03": 1,
}


def expected() -> list[Fact]:
    """Return the facts of all real pages; none where the pages are not there."""
    path = PAGES / "expected.jsonl"
    known = facts.load(path) if path.is_file() else []
    return [
        {**fact, "max_diffs": KNOWN_DIFFERENCES[fact["id"]]} if fact["id"] in KNOWN_DIFFERENCES else fact
        for fact in known
    ]
