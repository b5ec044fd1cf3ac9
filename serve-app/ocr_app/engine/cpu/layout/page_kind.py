"""What kind of page lines make: running text, a letter, or something else, and how far apart its lines are."""

import re
from collections.abc import Sequence
from statistics import median

from ocr_app.engine.cpu.layout.types import Line, overlap

_LEAST_LINES = 5
_LEAST_GOING_ON = 3
_LEAST_WORDS = 4
_LEAST_LETTERS = 20
_LOOK_AHEAD = 30
"""Lines below one among which the next of its column is."""

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTER = re.compile(
    r"^(?:dear|to whom it may concern|sehr geehrte\w*|liebe[rs]?|cher|chère|madame|monsieur|estimad[oa]s?|gentile"
    r"|egregio|geachte|beste|vážen[ýáí]|drog[ia]|szanown[yai])\b"
    r"|^(?:yours\b|(?:kind|best|warm) regards|sincerely|mit freundlichen|hochachtungsvoll|cordialement"
    r"|veuillez agréer|atentamente|saludos|cordiali saluti|distinti saluti|met vriendelijke)",
    re.IGNORECASE,
)


def is_running_text(lines: Sequence[Line]) -> bool:
    """Whether most of a page's characters stand in lines of several words that go on in the next line.

    So they do in books and letters; not in forms and invoices, nor in slides and menus, where each line begins anew.
    """
    wordy = [line.text for line in lines if _is_wordy(line.text)]
    characters = sum(len(line.text) for line in lines)
    going_on = sum(text[0].islower() or bool(_CJK.match(text)) for text in wordy)
    return (
        len(wordy) >= _LEAST_LINES
        and 2 * sum(map(len, wordy)) >= characters
        and going_on >= max(_LEAST_GOING_ON, len(wordy) / 5)
    )


def is_letter(lines: Sequence[Line]) -> bool:
    """Whether a line begins as the salutation or the close of a letter."""
    return any(_LETTER.match(line.text) for line in lines)


def pitch(lines: Sequence[Line], unit: float) -> float:
    """Return the usual distance from a line to the next one of its column, in pixels.

    Args:
        lines: In any order.
        unit: Height of the running text, in pixels.
    """
    ordered = sorted(lines, key=lambda line: line.box.middle)
    steps = []
    for index, line in enumerate(ordered):
        for below in ordered[index + 1 : index + 1 + _LOOK_AHEAD]:
            step = below.box.middle - line.box.middle
            shared = overlap(line.box.left, line.box.right, below.box.left, below.box.right)
            if step > 0.5 * unit and shared >= 0.5 * min(line.box.width, below.box.width):
                steps.append(step)
                break
    return median(steps) if steps else 1.2 * unit


def _is_wordy(text: str) -> bool:
    characters = text.replace(" ", "")
    letters = sum(character.isalpha() for character in characters)
    if letters < 0.6 * len(characters):
        return False
    # Chinese and Japanese write three or so of their characters for five letters, and no spaces.
    foreign = len(_CJK.findall(text))
    if 2 * foreign > len(characters):
        return 2 * foreign >= _LEAST_LETTERS
    return letters >= 0.8 * _LEAST_LETTERS and len(text.split()) >= _LEAST_WORDS
