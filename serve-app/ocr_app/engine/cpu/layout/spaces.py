"""Spaces that the recognizer drops after punctuation, and those it doubles."""

import re

_RUNS = re.compile(r"\s+")
_AFTER_COMMA = re.compile(r"(?<=[^\W\d_]{2}[,;])(?=[^\W\d_]{2})")
_AFTER_SENTENCE = re.compile(r"(?<=[a-zà-ÿ]{3}[.!?])(?=[A-ZÀ-Þ][a-zà-ÿ ])")
_LABEL = re.compile(
    r"(?<![^\s(\[])(Table|Figure|Chapter|Section|Appendix|Abbildung|Tabelle|Kapitel|Tableau|Chapitre|Tabla|Figura|Tabella)"
    r"(?=\d+\W*(?:\s|$))"
)
_ADDRESS = re.compile(r"://|www\.|@|\\|/\w+/")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def repair(text: str) -> str:
    """Return a line with single spaces, with one after a comma, semicolon or full stop between words, and with one
    before the number of a table, figure or chapter.

    Addresses are left as they are, and so is text in scripts that use no spaces.
    """
    words = []
    for word in _RUNS.split(text.strip()):
        if not _ADDRESS.search(word) and not _CJK.search(word):
            word = _LABEL.sub(r"\1 ", _AFTER_SENTENCE.sub(" ", _AFTER_COMMA.sub(" ", word)))
        words.append(word)
    return " ".join(words)
