import numpy as np
import pytest

from ocr_app.engine.cpu.recognition import HEIGHT_PX, MOST_WIDTH_PX, CropText, decode, network_width


@pytest.mark.parametrize(
    ("width", "height", "seen"),
    [(960, 96, 480), (1, 500, 1), (6_300, HEIGHT_PX, 6_300), (65_000, 200, MOST_WIDTH_PX)],
)
def test_a_crop_keeps_its_shape_up_to_a_width(width: int, height: int, seen: int) -> None:
    assert network_width(width, height) == seen


CHARACTERS = ("", *"abcDEnt12-+谢", " ")


def decoded(text: str, spaces: dict[int, float]) -> CropText:
    """Decode characters, each of which is surely read and followed by a blank step.

    Args:
        text: The characters.
        spaces: How probable a space is behind a character, by its index.
    """
    probabilities = np.zeros((2 * len(text), len(CHARACTERS)), dtype=np.float32)
    for index, character in enumerate(text):
        probabilities[2 * index, CHARACTERS.index(character)] = 1.0
        nearly = spaces.get(index, 0.0)
        probabilities[2 * index + 1, [0, -1]] = 1 - nearly, nearly
    return decode(probabilities, CHARACTERS, len(CHARACTERS) - 1, 1 / len(probabilities))


@pytest.mark.parametrize(
    ("text", "probability", "read"),
    [
        ("abcD", 0.2, "ab cD"),
        ("abcD", 0.15, "abcD"),
        ("atcD", 0.15, "at cD"),
        ("abat", 0.15, "ab at"),
        ("abatt", 0.15, "abatt"),
        ("atcD", 0.05, "atcD"),
        ("abc", 0.4, "abc"),
        ("-bcD", 0.4, "-bcD"),
        ("ab12", 0.25, "ab 12"),
        ("12ab", 0.25, "12 ab"),
        ("ab12", 0.15, "ab12"),
        ("12-21", 0.15, "12 -21"),
        ("+12121", 0.15, "+1 2121"),
        # Other groups of digits, words with signs, and Chinese have none.
        ("1212", 0.4, "1212"),
        ("ab-c", 0.4, "ab-c"),
        ("谢谢谢谢", 0.4, "谢谢谢谢"),
    ],
)
def test_a_space_between_words_that_was_nearly_seen_counts(text: str, probability: float, read: str) -> None:
    assert decoded(text, {1: probability}).text == read


def test_a_space_that_was_nearly_seen_has_a_place() -> None:
    found = decoded("abcD", {1: 0.3})
    assert found.positions == (0.0625, 0.3125, 0.4375, 0.5625, 0.8125)
    assert found.confidence == 1.0


def test_a_space_that_was_read_is_not_doubled() -> None:
    assert decoded("ab cD", {1: 0.4, 2: 0.4}).text == "ab cD"


def test_spaces_at_the_ends_are_none() -> None:
    assert decoded("ab", {0: 0.0, 1: 0.9}).text == "ab"
