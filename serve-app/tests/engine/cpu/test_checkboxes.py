"""Drawn boxes beside lines whose texts and places are given, so that no model is needed."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_app.engine.cpu import checkboxes
from ocr_app.engine.cpu.checkboxes import with_boxes
from ocr_app.engine.cpu.recognition import CropText

HEIGHT = 32
"""Of a line's box."""


class Page:
    def __init__(self, ground: str = "white", ink: str = "black") -> None:
        self.image = Image.new("RGB", (600, 300), ground)
        self.draw = ImageDraw.Draw(self.image)
        self.ink = ink
        self.quads: list[list[tuple[float, float]]] = []
        self.readings: list[CropText] = []

    def line(self, text: str, left: float, top: float, right: float, places: list[float] | None = None) -> None:
        bottom = top + HEIGHT
        self.quads.append([(left, top), (right, top), (right, bottom), (left, bottom)])
        step = (right - left) / max(1, len(text))
        xs = places or [left + step * (index + 0.5) for index in range(len(text))]
        self.readings.append(CropText(text, 0.9, tuple((x - left) / (right - left) for x in xs)))

    def box(self, x: int, y: int, mark: str = "", side: int = 22, width: int = 2) -> None:
        self.draw.rectangle((x, y, x + side, y + side), outline=self.ink, width=width)
        far = x + side, y + side
        if mark == "x":
            self.draw.line((x + 4, y + 4, far[0] - 4, far[1] - 4), self.ink, 2)
            self.draw.line((x + 4, far[1] - 4, far[0] - 4, y + 4), self.ink, 2)
        elif mark == "tick":
            self.draw.line(
                (x + side / 4, y + side / 2, x + side / 2, y + side * 0.8, x + side * 1.4, y - side / 4), self.ink, 2
            )
        elif mark == "full":
            self.draw.rectangle((x, y, *far), fill=self.ink)

    def read(self) -> list[str]:
        return [reading.text for reading in self.marked()[1]]

    def marked(self) -> tuple[np.ndarray, list[CropText]]:
        image = np.ascontiguousarray(np.asarray(self.image)[..., ::-1])
        return with_boxes(image, np.array(self.quads, dtype=np.float32).reshape(-1, 4, 2), self.readings)


@pytest.mark.parametrize(("mark", "sign"), [("", "☐"), ("x", "☑"), ("tick", "☑")])
@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("black", "white"), ("#eee", "#555")])
@pytest.mark.parametrize("side", [18, 22, 34])
def test_a_box_before_a_line_becomes_its_first_sign(mark: str, sign: str, ground: str, ink: str, side: int) -> None:
    page = Page(ground, ink)
    page.line("Passport", 100, 50, 220)
    page.box(60, 66 - side // 2, mark, side)
    assert page.read() == [f"{sign} Passport"]
    quads, (reading,) = page.marked()
    assert quads[0, :, 0].tolist() == [60, 220, 220, 60]
    assert len(reading.positions) == len(reading.text)
    assert reading.positions[0] < 0.2


@pytest.mark.parametrize("read_as", ["", "□ ", "x ", "口", "V "])
def test_what_the_recognizer_made_of_the_box_goes(read_as: str) -> None:
    page = Page()
    places = [75.0] * len(read_as) + [110.0 + 12 * index for index in range(8)]
    page.line(read_as + "Passport", 60, 50, 220, places)
    page.box(64, 55)
    assert page.read() == ["☐ Passport"]


def test_a_line_that_is_only_the_box_goes() -> None:
    page = Page()
    page.line("ć", 60, 50, 90)
    page.line("Passport", 100, 50, 220)
    page.box(64, 55, "x")
    assert page.read() == ["☑ Passport"]


def test_a_box_between_two_texts_belongs_to_the_nearer() -> None:
    page = Page()
    for x, word in ((100, "Yes"), (300, "No")):
        page.line(word, x, 50, x + 50)
    page.box(160, 55, "x")
    page.box(360, 55)
    assert page.read() == ["Yes ☑", "No ☐"]
    page = Page()
    for x, word in ((100, "yes"), (220, "no")):
        page.line(word, x, 50, x + 50)
        page.box(x - 32, 55, "x" if word == "no" else "")
    assert page.read() == ["☐ yes", "☑ no"]


def test_a_box_within_a_line_stands_where_it_is() -> None:
    page = Page()
    page.line("YesNo", 100, 50, 300, [110, 120, 130, 250, 262])
    page.box(200, 55)
    assert page.read() == ["Yes ☐ No"]


def test_a_full_square_is_a_tick_only_beside_empty_ones() -> None:
    page = Page()
    page.line("first", 100, 50, 200)
    page.box(60, 55, "full")
    assert page.read() == ["first"]
    page.line("second", 100, 110, 200)
    page.box(60, 115)
    assert page.read() == ["☑ first", "☐ second"]


@pytest.mark.parametrize("rows", [40, 55, 64, 77, 90])
def test_a_page_in_bands_has_the_same_boxes(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    page = Page()
    for index, mark in enumerate(["", "x", "tick", "full", ""]):
        page.line(f"item {index}", 100, 20 + 50 * index, 220)
        page.box(60, 25 + 50 * index, mark)
    # A column of a table, which is no box however much of it a band has.
    page.draw.rectangle((400, 10, 430, 290), outline="black", width=2)
    page.line("cell", 440, 120, 500)
    whole = page.read()
    assert whole == ["☐ item 0", "☑ item 1", "☑ item 2", "☑ item 3", "☐ item 4", "cell"]
    monkeypatch.setattr(checkboxes, "_BAND_PX", rows)
    assert page.read() == whole


def test_a_square_letter_of_a_word_stays() -> None:
    page = Page()
    page.line("others", 60, 50, 180, [75.0, *(95.0 + 14 * index for index in range(5))])
    page.box(64, 55)
    assert page.read() == ["others"]


def test_letters_in_a_square_and_square_characters_are_no_boxes() -> None:
    key = Page()
    key.line("K Press it", 60, 50, 220, [75.0, 90.0, *(110.0 + 12 * index for index in range(8))])
    key.box(64, 55, "x")
    assert key.read() == ["K Press it"]
    for text in ("口味很好", "日本经济", "国家统计"):
        chinese = Page()
        chinese.line(text, 60, 50, 188)
        chinese.box(64, 55)
        assert chinese.read() == [text]


def test_what_is_not_about_as_high_as_a_line_or_not_square_or_far_away_is_no_box() -> None:
    page = Page()
    page.line("Passport", 300, 100, 420)
    page.box(270, 112, side=7)
    page.box(230, 90, side=60)
    page.draw.rectangle((240, 105, 280, 125), outline="black", width=2)
    page.draw.ellipse((270, 105, 292, 127), outline="black", width=2)
    page.box(100, 105)
    page.box(270, 200)
    assert page.read() == ["Passport"]


def test_a_page_without_lines_or_boxes() -> None:
    assert Page().read() == []
    page = Page()
    page.line("O Passport", 60, 50, 220)
    page.draw.text((64, 52), "O Passport", "black", font_size=24)
    assert page.read() == ["O Passport"]
