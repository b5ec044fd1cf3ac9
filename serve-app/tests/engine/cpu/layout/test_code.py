"""Code keeps its lines and indents; prose, law and forms are not taken for it."""

import pytest

from ocr_app.engine.cpu.layout.markdown import to_markdown, to_plain_text
from ocr_app.engine.cpu.layout.page import blocks
from ocr_app.engine.cpu.layout.types import Block, Box, Line
from tests.engine.cpu.layout.lines import CHARACTER, PITCH, column, line

PYTHON = """\
def add(a, b):
    total = a + b # sum
    if total > 10 and not a == b:
        return {'x': total * 2}
    return [a_b, __init__, *args]"""
C = """\
#include <stdio.h>
int main(void) {
  int i = 0;
  while (i < 3) {
    printf("%d", i++);
  }
  return 0;
}"""
SHELL = """\
$ npm ci
$ npm start"""


def typed(text: str) -> list[Line]:
    """Code as it is read: each line without its indent, at its place."""
    return [
        line(row.strip(), 50 + CHARACTER * (len(row) - len(row.lstrip())), 200 + PITCH * index)
        for index, row in enumerate(text.splitlines())
    ]


def read(lines: list[Line]) -> list[Block]:
    return blocks(lines, 800, 1000)


@pytest.mark.parametrize("code", [PYTHON, C, SHELL], ids=["Python", "C", "shell"])
def test_code_keeps_its_lines_and_indents(code: str) -> None:
    (block,) = read(typed(code))
    assert to_plain_text(block) == code
    assert to_markdown(block) == f"```\n{code}\n```"
    before = column(["This is how the function adds the two numbers, which is", "of interest to us:"], 50, 100)
    assert [b.kind for b in read([*before, *typed(code)])] == ["paragraph", "code"]


@pytest.mark.parametrize(
    "texts",
    [
        ["the delivery of the goods;", "the payment of the price;", "the passing of the risk;"],
        ["if it rains, we stay:", "use the handrail;", "for the people (see below)"],
        ["E = mc2", "F = ma"],
        ["Name: ________", "Date: ________"],
        ["Import duties", "Return policy", "Class of 1998", "While stocks last"],
        ["return to the sender", "with thanks (and a note)"],
    ],
)
def test_text_that_looks_a_little_like_code_is_none(texts: list[str]) -> None:
    assert "code" not in [block.kind for block in read(column(texts, 50, 200))]


def test_a_gap_before_a_comment_stays() -> None:
    lines = [line("x = f(1);", 50, 200), line("// one", 50 + 12 * CHARACTER, 200), line("y = f(2);", 50, 200 + PITCH)]
    (block,) = read(lines)
    assert block.text == "x = f(1);   // one\ny = f(2);"


def test_a_fence_is_longer_than_the_backticks_in_it() -> None:
    assert to_markdown(Block("code", "```\nx", Box(0, 0, 1, 1))) == "````\n```\nx\n````"
