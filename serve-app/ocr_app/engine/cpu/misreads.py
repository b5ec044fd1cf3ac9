"""Characters that the recognizer takes for others of the same shape, where their neighbours tell."""

import re

_UNITS = "th|k?g|[kcm]?m|[cdm]?l|ms|px|pt|r?em|min|sec|hrs?|deg|bar|mol|ppm|x"
_ZERO_IN_WORD = re.compile(rf"(?<![^\s(\"'“‘])0(?!(?:{_UNITS})\b)(?=[a-z]{{2,}})")
_YEAR = r"(?:19|20)\d\d"
_WAVE_BETWEEN_YEARS = re.compile(rf"(?<=\b{_YEAR})(\s?)~(?=\s?{_YEAR}\b)")
_TWO_WITHIN = re.compile(r"(?<=\S)(\s?)二(?=\s?\S)")
_FOREIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def corrected(text: str) -> str:
    """Return a line with as many characters.

    - A zero at the beginning of a word in lower case is an O ("0live"), unless the word is a unit.
    - A wave between two years is a dash.
    - The Chinese two within a line that has no other Chinese or Japanese character is an equals sign.
    """
    text = _WAVE_BETWEEN_YEARS.sub(r"\1–", _ZERO_IN_WORD.sub("O", text))
    return _TWO_WITHIN.sub(r"\1=", text) if set(_FOREIGN.findall(text)) == {"二"} else text
