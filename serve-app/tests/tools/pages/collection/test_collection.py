"""Our own pages: each kind and layout is drawn, and its rules fit what is drawn."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.accuracy import rules
from tools.pages import collection
from tools.pages.collection.record import Cells, Drawn, Text, Then
from tools.pages.errors import NotInstalledError

PAGES = [(kind, variant) for kind in collection.KINDS for variant in range(collection.VARIANTS)]


def perfect(drawn: list[Drawn]) -> str:
    """A reading without faults: flow after flow, tables as Markdown, no furniture."""
    flows = list(dict.fromkeys(each.flow for each in drawn if isinstance(each, Text | Cells)))
    for then in (each for each in drawn if isinstance(each, Then)):
        flows.remove(then.second)
        flows.insert(flows.index(then.first) + 1, then.second)
    parts = []
    for flow in flows:
        for each in drawn:
            if isinstance(each, Text) and each.flow == flow:
                lines = (" " if each.running else "\n").join(each.lines)
                parts.append(f"{each.lead} {lines}" if each.lead else lines)
            elif isinstance(each, Cells) and each.flow == flow:
                head, *body = each.rows
                rows = (head, ("---",) * len(head), *body)
                parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(parts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages with small images, because only their rules and their text are looked at."""
    into = tmp_path_factory.mktemp("pages")
    try:
        for kind in collection.KINDS:
            found = []
            for variant in range(collection.VARIANTS):
                drawn = collection.sheet(kind, variant, 1, dpi=72).drawn
                found += collection.record.rules(drawn, f"{kind}-{variant}", f"{kind}-{variant}.png", poor=False)
                (into / f"{kind}-{variant}.md").write_text(perfect(drawn), "utf-8")
            (into / f"{kind}.jsonl").write_text("\n".join(map(json.dumps, found)), "utf-8")
    except NotInstalledError as error:
        pytest.skip(str(error))
    return into


def test_every_rule_holds_of_a_reading_without_faults(folder: Path) -> None:
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert len(texts) == len(PAGES)
    found = rules.load(folder)
    broken = [(rule.id, reason) for rule in found if (reason := rules.judge(rule, texts[rule.document[:-4]]))]
    assert broken == []
    # Nothing holds of an empty page, but that furniture is absent.
    assert {rule.type for rule in found if rules.judge(rule, "") is None} == {"absent"}


def test_every_type_of_rule_is_there_and_every_kind_has_some_of_each_layout(folder: Path) -> None:
    found = [rule for rule in rules.load(folder) if rule.category != rules.BASELINE]
    assert {rule.type for rule in found} == {"present", "absent", "order", "table"}
    for kind, variant in PAGES:
        about = {rule.id.split("/")[1].split("-")[0] for rule in found if rule.document == f"{kind}-{variant}.png"}
        assert {"line", "order"} <= about, (kind, variant)


def test_nothing_is_drawn_over_the_edges() -> None:
    for kind, variant in PAGES:
        try:
            pixels = np.asarray(collection.sheet(kind, variant, 2, dpi=72).image.convert("L"), dtype=int)
        except NotInstalledError as error:
            pytest.skip(str(error))
        right = pixels[:, -3:]
        assert (right.max(axis=1) - right.min(axis=1)).max() < 30, (kind, variant)


def test_a_folder_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "_CACHE", tmp_path)
    monkeypatch.setattr(collection, "KINDS", ("cards",))
    try:
        made = collection.folder(7)
    except NotInstalledError as error:
        pytest.skip(str(error))
    assert sorted(path.stem for path in made.glob("*/*.*")) == sorted(
        f"cards-{number}" for number in (1, 2, 3) for _ in collection.QUALITIES
    )
    assert {rule.group for rule in rules.load(made)} == set(collection.QUALITIES)
    stamp = (made / "cards.jsonl").stat().st_mtime_ns
    assert collection.folder(7) == made
    assert (made / "cards.jsonl").stat().st_mtime_ns == stamp
    assert collection.folder(8) != made
