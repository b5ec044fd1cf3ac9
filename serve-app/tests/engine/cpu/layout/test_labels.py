import pytest

from ocr_app.engine.cpu.layout.labels import layout_block
from ocr_app.engine.cpu.layout.types import Block, Box, Region
from ocr_app.ocr.layout_json import LayoutBlock, PixelBox

BOX = Box(10, 20, 110, 40)


def place(box: Box) -> PixelBox:
    return int(box.left) + 1, int(box.top), int(box.right) + 1, int(box.bottom)


def around(label: str, score: float = 0.9) -> tuple[Region, ...]:
    return (Region(label, Box(0, 0, 200, 200), score),)


@pytest.mark.parametrize(
    ("block", "label"),
    [
        (Block("heading", "Minutes", BOX, level=1), "title"),
        (Block("heading", "Present", BOX, level=2), "sub_title"),
        (Block("heading", "Absent", BOX, level=3), "sub_title"),
        (Block("paragraph", "Text", BOX), "text"),
        (Block("item", "- One", BOX), "text"),
        (Block("code", "x = 1", BOX), "text"),
        (Block("picture", "", BOX), "image"),
        (Block("table", "", BOX, rows=(("a", "b"),)), "table"),
    ],
)
def test_labels_are_those_of_the_model(block: Block, label: str) -> None:
    assert layout_block(block, (), place).label == label


@pytest.mark.parametrize(
    ("region", "label"),
    [
        ("figure_caption", "image_caption"),
        ("table_caption", "table_caption"),
        ("equation", "equation"),
        ("reference", "reference"),
        ("text", "text"),
        ("header", "text"),
    ],
)
def test_a_paragraph_has_the_label_of_its_region(region: str, label: str) -> None:
    block = Block("paragraph", "Figure 1", BOX)
    assert layout_block(block, around(region), place).label == label
    assert layout_block(block, around(region, 0.4), place).label == "text"


def test_text_is_markdown_tables_are_html_and_boxes_are_placed() -> None:
    assert layout_block(Block("heading", "A *b*", BOX, level=2), (), place) == LayoutBlock(
        "sub_title", "## A \\*b\\*", ((11, 20, 111, 40),)
    )
    table = Block("table", "", BOX, rows=(("Item", "Price"), ("Nails <5 cm>", "2 & 3")))
    assert layout_block(table, (), place).text == (
        "<table><tr><td>Item</td><td>Price</td></tr><tr><td>Nails &lt;5 cm&gt;</td><td>2 &amp; 3</td></tr></table>"
    )
    assert layout_block(Block("picture", "", BOX), (), place) == LayoutBlock("image", "", ((11, 20, 111, 40),))
