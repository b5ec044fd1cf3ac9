"""What was drawn becomes rules, by value."""

from typing import Any

from tools.pages.collection.record import Cells, Drawn, Furniture, Text, Then, rules


def of(*drawn: Drawn, poor: bool = False) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in rule.items() if name not in ("pdf", "page")}
        for rule in rules(drawn, "page", "clean/page.png", poor=poor)
    ]


def kept(found: list[dict[str, Any]], about: str) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in rule.items() if name not in ("id", "type", "max_diffs")}
        for rule in found
        if rule["id"].startswith(f"page/{about}-")
    ]


def test_each_rule_names_its_page_and_has_an_id_of_its_own() -> None:
    found = rules([Text(("Some words", "and more"), running=True)], "page", "clean/page.png", poor=False)
    assert {(rule["pdf"], rule["page"]) for rule in found} == {("clean/page.png", 1)}
    assert [rule["id"] for rule in found] == ["page/line-000", "page/line-001", "page/join-002"]


def test_each_line_is_looked_for_once_and_short_ones_are_not() -> None:
    assert kept(of(Text(("Some words", "- 7", "Some words"))), "line") == [{"text": "Some words"}]


def test_the_first_and_the_last_lines_of_a_paragraph_stand_together() -> None:
    lines = ("one two three four five", "six seven", "eight nine ten", "eleven twelve")
    assert kept(of(Text(lines, running=True)), "join") == [
        {"text": "two three four five six seven"},
        {"text": "eight nine ten eleven twelve"},
    ]
    assert kept(of(Text(lines)), "join") == []


def test_a_number_stands_before_its_clause() -> None:
    text = Text(("The Supplier shall deliver the Goods",), running=True, lead="4.2")
    assert kept(of(text), "lead") == [{"text": "4.2 The Supplier shall deliver"}]


def test_a_flow_has_an_order_and_another_flow_has_its_own() -> None:
    main = (Text(("main one", "main two"), running=True), Text(("main three",)))
    side = Text(("side one", "side two", "side three"), "side")
    found = of(main[0], side, main[1], Text(("nowhere", "at all"), ""))
    assert kept(found, "order") == [
        {"before": "main two", "after": "main three"},
        {"before": "side one", "after": "side three"},
    ]


def test_a_column_is_read_to_its_end_before_the_next_one() -> None:
    columns = (Text(("left one", "left two"), "left"), Text(("right one", "right two"), "right"))
    assert kept(of(*columns), "column") == []
    assert kept(of(*columns, Then("left", "right")), "column") == [{"before": "left two", "after": "right one"}]


def test_a_row_is_read_from_left_to_right_and_before_the_next_one() -> None:
    rows = (Text(("Honey", "3.10"), each=True), Text(("Sea salt", "0.80"), each=True))
    assert kept(of(*rows), "order") == [
        {"before": "Honey", "after": "3.10"},
        {"before": "3.10", "after": "Sea salt"},
        {"before": "Sea salt", "after": "0.80"},
    ]


def test_what_stands_twice_on_a_page_tells_no_order() -> None:
    rows = (Text(("Honey", "3.10"), each=True), Text(("Sea salt", "3.10"), each=True))
    assert kept(of(*rows), "order") == [{"before": "Honey", "after": "Sea salt"}]


def test_a_table_has_its_neighbours_and_its_place_in_the_flow() -> None:
    found = of(Text(("Above it",)), Cells((("Arch", "Built"), ("First", "1788"), ("Second", "1912"))))
    assert kept(found, "cell") == [
        {"cell": "1788", "left": "First", "top_heading": "Built"},
        {"cell": "First", "right": "1788", "down": "Second"},
        {"cell": "1912", "left": "Second", "top_heading": "Built"},
        {"cell": "Second", "right": "1912"},
    ]
    assert kept(found, "order") == [{"before": "Above it", "after": "Arch"}]
    assert {"text": "Second"} in kept(found, "line")


def test_furniture_is_absent_unless_the_text_says_the_same() -> None:
    found = of(Furniture("Page 2 of 9"), Furniture("9"), Text(("In 1987",)))
    assert [(rule["type"], rule["text"]) for rule in found] == [("absent", "Page 2 of 9"), ("present", "In 1987")]


def test_more_characters_may_differ_in_long_texts_and_on_poor_pages() -> None:
    long = Text(("x" * 60,))
    assert of(long)[0]["max_diffs"] == 3
    assert of(long, poor=True)[0]["max_diffs"] == 6
    assert of(Text(("IBAN DE12 3456",)))[0]["max_diffs"] == 0
    order = of(Text(("a" * 40,)), Text(("b" * 60,)))[-1]
    assert (order["type"], order["max_diffs"]) == ("order", 6)
    assert of(Text(("a" * 40,)), Text(("b" * 60,)), poor=True)[-1]["max_diffs"] == 10
    assert of(Text(("1234567890",)), Text(("b" * 60,)))[-1]["max_diffs"] == 0
