"""Lines drawn as boxes: what counts is the place and size of their shapes, not what they look like."""

import cv2
import numpy as np
import pytest

from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.lost_letters import is_incomplete
from ocr_app.engine.cpu.recognition import CropText

HEIGHT, PITCH, SIZE = 40, 20, 16
TOP, BOTTOM = 12, 12 + SIZE


def line(letters: int) -> Pixels:
    """Return black letters on white, one each `PITCH` pixels."""
    crop = np.full((HEIGHT, PITCH * letters, 3), 255, dtype=np.uint8)
    for index in range(letters):
        left = index * PITCH + 2
        cv2.rectangle(crop, (left, TOP), (left + SIZE - 1, BOTTOM - 1), (0, 0, 0), 2)
    return crop


def reading(text: str, *, drift: float = 0) -> CropText:
    """Return a text that has each character but `-` where it stands in a line; `drift` is in pixels."""
    places = [(index + 0.5) * PITCH + drift for index in range(len(text))]
    kept = [(character, place) for character, place in zip(text, places, strict=True) if character != "-"]
    shares = tuple(place / (PITCH * len(text)) for _, place in kept)
    return CropText("".join(character for character, _ in kept), 0.99, shares)


@pytest.mark.parametrize(
    ("text", "incomplete"),
    [
        ("abcdeabcdeab", False),
        ("abcde-bcdeab", False),
        ("ab-de-bcdeab", True),
        ("ab--eabcdeab", True),
        ("--cdeabcdeab", True),
        ("ab de bcdeab", True),
        ("abcdeabcde--", True),
        ("abcde" * 8, False),
        ("ab-de" + "abcde" * 6 + "ab-de", False),
        ("ab-de" * 2 + "abcde" * 5 + "ab-de", True),
    ],
)
def test_a_line_lacks_letters_from_two_and_some_share_of_it_on(text: str, incomplete: bool) -> None:
    assert is_incomplete(line(len(text)), reading(text)) == incomplete


def test_white_letters_on_black_count_too_and_pale_ones_do_not() -> None:
    crop, text = line(12), reading("ab-de-bc-eab")
    crop[TOP:BOTTOM] = crop[TOP:BOTTOM].min(axis=0)  # filled: no ground inside that looks like a letter
    assert is_incomplete(255 - crop, text)
    assert is_incomplete(255 - (255 - crop) // 3, text)
    assert not is_incomplete(255 - (255 - crop) // 8, text)
    assert not is_incomplete(np.full_like(crop, 255), text)


@pytest.mark.parametrize("drift", [-10, 10])
def test_characters_may_be_some_way_from_their_letters(drift: float) -> None:
    assert not is_incomplete(line(12), reading("abcdeabcdeab", drift=drift))
    assert is_incomplete(line(12), reading("ab--eabc--ab", drift=drift))


def test_rules_frames_marks_and_dots_are_no_letters() -> None:
    text = reading("ab" + " " * 12 + "ab")
    crop = line(16)
    crop[:, 2 * PITCH : 14 * PITCH] = 255
    assert not is_incomplete(crop, text)
    for column in range(3, 14):
        cv2.circle(crop, (column * PITCH, BOTTOM - 2), 1, (0, 0, 0), -1)  # a leader
    crop[:, 5 * PITCH] = crop[:, 9 * PITCH] = crop[:, 12 * PITCH] = 0  # rules of a table
    crop[BOTTOM + 3 : BOTTOM + 5] = 0  # an underline
    assert not is_incomplete(crop, text)
    for column in (4, 10):
        cv2.rectangle(crop, (column * PITCH, 1), ((column + 1) * PITCH, HEIGHT - 2), (0, 0, 0), 2)  # a cell, a picture
    assert not is_incomplete(crop, text)
    crop = line(12)
    for index in range(12):
        left = index * PITCH + 7
        crop[TOP - 6 : TOP - 3, left : left + 5] = 0
        crop[BOTTOM + 3 : BOTTOM + 6, left : left + 5] = 0
    assert not is_incomplete(crop, reading("ấậấậấậấậấậấậ"))
    assert is_incomplete(crop, reading("a-a-a-a-a-a-"))


def test_letters_are_lost_from_underlined_lines_too() -> None:
    crop = line(12)
    crop[BOTTOM - 1 : BOTTOM + 1] = 0  # touches them
    assert not is_incomplete(crop, reading("abcdeabcdeab"))
    assert is_incomplete(crop, reading("ab-de-bc-eab"))


def test_letters_that_a_fax_tore_are_not_counted_twice() -> None:
    crop = line(12)
    for index in range(0, 12, 2):
        crop[:, index * PITCH + 8 : index * PITCH + 12] = 255
    assert not is_incomplete(crop, reading("nananananana"))


def test_pale_strokes_hold_a_letter_together() -> None:
    crop = np.full((HEIGHT, 26 * 8, 3), 255, dtype=np.uint8)
    for left in range(2, 26 * 8, 26):
        crop[TOP:BOTTOM, left : left + 22] = 0
        crop[TOP:BOTTOM, left + 10 : left + 12] = 128
    shares = tuple((index + 0.5) / 8 for index in range(8))
    assert not is_incomplete(crop, CropText("m" * 8, 0.99, shares))


def test_letters_that_touch_are_one_shape() -> None:
    crop = line(12)
    crop[BOTTOM - 2 : BOTTOM, 2 : 2 * PITCH] = 0
    assert not is_incomplete(crop, reading("abcdeabcdeab"))


def test_ideographs_are_drawn_in_parts() -> None:
    crop, shares = line(12), tuple((index + 0.5) / 6 for index in range(6))
    assert not is_incomplete(crop, CropText("好" * 6, 0.99, shares))
    assert is_incomplete(crop, CropText("a" * 6, 0.99, shares))
