"""Our code around the networks against rapidocr's own, on the same page."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu import detection, models, reader, recognition
from ocr_app.engine.cpu.geometry import Pixels, Quads, cut_out, turn
from ocr_app.engine.types import StartError
from tools.pages import plain, texts

PAGE: Pixels = np.asarray(plain.paragraphs(texts.ENGLISH))[..., ::-1].copy()


@pytest.fixture(scope="module")
def loaded() -> models.Models:
    return models.load(2)


@pytest.fixture(scope="module")
def quads(loaded: models.Models) -> Quads:
    return detection.detect(loaded.detection, PAGE, 2000)


def test_lines_are_found_and_read_as_rapidocr_does(loaded: models.Models, quads: Quads) -> None:
    from rapidocr import RapidOCR

    theirs: Any = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})(PAGE)
    assert len(quads) == len(theirs.boxes)
    for box, text in zip(theirs.boxes, theirs.txts, strict=True):
        nearest = min(quads, key=lambda quad: float(np.abs(quad - box).sum()))
        assert np.abs(nearest - box).max() <= 3
        (reading,) = recognition.recognize(loaded.recognition, loaded.characters, [cut_out(PAGE, nearest)])
        assert reading.text == text.strip()
        assert len(reading.positions) == len(reading.text)
        assert list(reading.positions) == sorted(reading.positions)


LETTERS = {
    "Afrikaans": "êëéèôû",
    "Albanian": "çë",
    "Azerbaijani": "əğıöşü",
    "Czech and Slovak": "áäčďéěíĺľňóôŕřšťúůýž",
    "Danish and Norwegian": "æøå",
    "Estonian, Finnish and Swedish": "åäöõüšž",
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüß",
    "Hungarian": "áéíóöőúüű",
    "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìîòù",
    "Latvian and Lithuanian": "āčēģīķļņšūžąęėįų",
    "Maltese": "ċġħż",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "áâãàçéêíóôõú",
    "Romanian": "ăâîșț",
    "Slovene and Croatian": "čćđšž",
    "Spanish": "áéíñóúü¿",
    "Turkish": "çğıöşü",
    "Welsh": "âêîôûŵŷ",
}
"""Letters that languages have besides the English ones, of those that docs/cpu-engine.md says are read."""


@pytest.mark.parametrize("language", LETTERS)
def test_the_alphabet_has_the_letters_of_what_the_docs_say_is_read(loaded: models.Models, language: str) -> None:
    letters = LETTERS[language]
    assert {*letters, *(letter.upper() for letter in letters if len(letter.upper()) == 1)} <= {*loaded.characters}


def test_reading_stops_between_the_stages(loaded: models.Models) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise reader.Cancelled

    with ThreadPoolExecutor(1) as workers, pytest.raises(reader.Cancelled):
        reader.read(loaded, workers, PAGE, 2000, check)
    assert calls >= 2


def test_a_missing_package_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StartError, match="needs the Python package rapidocr"):
        models.load(1)


@given(st.lists(st.integers(1, 5000)), st.integers(1, 8000))
def test_batches_hold_every_crop_once_and_not_too_much(widths: list[int], most: int) -> None:
    groups = recognition.batches(widths, most)
    assert sorted(index for group in groups for index in group) == list(range(len(widths)))
    for group in groups:
        widest = max(recognition.padded(widths[index]) for index in group)
        assert len(group) == 1 or len(group) * widest <= most


@given(st.integers(0, 7))
def test_turning_boxes_goes_along_with_turning_the_image(turns: int) -> None:
    image = np.zeros((40, 60, 3), dtype=np.uint8)
    image[10:15, 20:40] = 255
    quad = np.array([[[20, 10], [40, 10], [40, 15], [20, 15]]], dtype=np.float32)
    turned = np.ascontiguousarray(np.rot90(image, turns))
    (corners,) = turn(quad, turns, 60, 40)
    part = turned[
        int(corners[:, 1].min()) : int(corners[:, 1].max()), int(corners[:, 0].min()) : int(corners[:, 0].max())
    ]
    assert part.min() == 255
    assert part.size == 3 * 100
