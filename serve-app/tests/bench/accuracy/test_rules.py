import json
from pathlib import Path
from typing import Any

import pytest

from bench.accuracy.rules import Rule, RulesError, judge, load

PAGE = """# The Old Bridge

It was built in 1788 and it still stands.

| Arch | Built |
| --- | --- |
| First | 1788 |
"""


def rule(**fields: Any) -> dict[str, Any]:
    return {"pdf": "a.pdf", "page": 1, "id": "one", "type": "present", "text": "some words", **fields}


def write(folder: Path, name: str, *lines: dict[str, Any]) -> None:
    (folder / f"{name}.jsonl").write_text("\n\n".join(map(json.dumps, lines)), "utf-8")


def found(fields: dict[str, Any]) -> Rule:
    return Rule("c", "one", "a.pdf", 1, fields["type"], fields)


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        ({"type": "present", "text": "still stands"}, {"type": "present", "text": "still fallen"}),
        (
            {"type": "present", "text": "old bridge", "case_sensitive": False, "first_n": 20},
            {"type": "present", "text": "old bridge", "case_sensitive": False, "last_n": 20},
        ),
        ({"type": "absent", "text": "page 3"}, {"type": "absent", "text": "it still"}),
        (
            {"type": "order", "before": "Old Bridge", "after": "built in 1788"},
            {"type": "order", "before": "built in 1788", "after": "Old Bridge"},
        ),
        (
            {"type": "table", "cell": "1788", "left": "First", "top_heading": "Built"},
            {"type": "table", "cell": "1788", "left": "Second", "top_heading": "Built"},
        ),
        ({"type": "baseline"}, {"type": "baseline", "max_length": 3}),
    ],
)
def test_each_type_can_hold_and_fail(holds: dict[str, Any], fails: dict[str, Any]) -> None:
    assert judge(found(holds), PAGE) is None
    assert judge(found(fails), PAGE) is not None


def test_each_file_is_a_category_and_each_document_has_one_baseline(tmp_path: Path) -> None:
    write(tmp_path, "text", rule(pdf="x/b.pdf"), rule(id="two", page=2), rule(id="three"))
    write(tmp_path, "blank", rule(id="four", pdf="c.png", type="baseline", max_length=10))
    assert [(each.category, each.id, each.document, each.page, each.group) for each in load(tmp_path)] == [
        ("blank", "four", "c.png", 1, None),
        ("text", "one", "x/b.pdf", 1, "x"),
        ("baseline", "x/b.pdf_baseline", "x/b.pdf", 1, "x"),
        ("text", "three", "a.pdf", 1, None),
        ("baseline", "a.pdf_baseline", "a.pdf", 1, None),
        ("text", "two", "a.pdf", 2, None),
    ]


@pytest.mark.parametrize(
    ("fields", "judged"),
    [
        ({"type": "math", "math": "x^2"}, False),
        ({"type": "footnote", "marker": "1"}, False),
        ({"type": "table", "cell": "1", "ignore_markdown_tables": True}, False),
        ({"type": "table", "cell": "1"}, True),
    ],
)
def test_what_is_not_judged(tmp_path: Path, fields: dict[str, Any], judged: bool) -> None:
    write(tmp_path, "text", rule(**fields))
    assert load(tmp_path)[0].judged == judged


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"type": "colour"}, r"text\.jsonl, line 1: unknown type of fact: 'colour'"),
        ({"text": "**"}, "text of the fact 'one' is empty"),
        ({"type": "order", "before": "one"}, "line 1: 'after' is missing"),
        ({"page": 0}, "page is 0; it must be a number from 1"),
        ({"pdf": 7}, "pdf is 7; it must be a text"),
        ({"type": "order", "before": "First", "after": "Then that", "max_diffs": 3}, "half of a text at most"),
    ],
)
def test_what_is_no_rule_is_named(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    write(tmp_path, "text", rule(**fields))
    with pytest.raises(RulesError, match=message):
        load(tmp_path)


def test_an_id_stands_for_one_rule(tmp_path: Path) -> None:
    write(tmp_path, "text", rule(), rule())
    with pytest.raises(RulesError, match=r"Two rules in .* have the id 'one'"):
        load(tmp_path)


def test_a_folder_without_rules_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="has no rules"):
        load(tmp_path)
