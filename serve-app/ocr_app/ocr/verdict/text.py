"""What the searches for loops share: how long a text is in tokens, whether it is prose, and boxes without numbers."""

import re

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_PIECE = re.compile(rf"<\|[^<>|]*\|>|</?td>|[{_CJK}]|[^\W\d_{_CJK}]{{1,8}}| (?=\d)|\d{{1,3}}|([^\w\s])\1*|_+|\n+")
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"<[^<>]{0,200}>")
_BREAK = re.compile(r"\n+|</tr>|<br ?/?>|\\\\")
_BOXES = re.compile(r"(?<=<\|det\|>)[\[\]()\d.,;\s+\-]{1,8000}")
_NUMBER = re.compile(r"\d+")
_SAMPLE = 1_500
_LONG_LINE = 200
_NEW_WORDS, _NEW_LINES, _FEW_LINES = 0.04, 0.8, 8
# Characters (bytes of UTF-8) of one token, at most and at least: with DeepSeek's tokenizer tables have 2.6 to 3.7,
# lines of figures 1.4 to 2, prose 4 to 5, ruled lines more than 20.
_MOST, _LEAST = 3.3, 2.2


def chars_of_token(text: str) -> float:
    """Estimate the characters of one token at the end of a text: 2.2 to 3.3 bytes of UTF-8."""
    sample = text[-_SAMPLE:]
    size = len(sample.encode())
    return len(sample) / min(max(len(_PIECE.findall(sample)), size / _MOST, 1), max(size / _LEAST, 1))


def tokens(text: str) -> int:
    """Estimate the number of tokens of a text that is alike throughout."""
    return round(len(text) / chars_of_token(text)) if text else 0


def is_prose(text: str) -> bool:
    """Tell whether most of a text is words, and at least three different ones."""
    plain = _TAG.sub("", text)
    words = _LETTERS.findall(plain)
    return 2 * sum(map(len, words)) >= len(plain) and len(set(words)) >= 3


def is_markup(text: str) -> bool:
    """Tell whether a text is cells of a table, or has no word outside of tags."""
    return "<td" in text or "</t" in text or not _LETTERS.search(_TAG.sub("", text))


def count_lines(text: str) -> int:
    """Return the number of ends of lines and rows."""
    return len(_BREAK.findall(text))


def rest_of_line(text: str) -> str:
    """Return a text up to the end of its first line or row; nothing if that is longer than a line."""
    found = _BREAK.search(text, 0, 3 * _LONG_LINE)
    return text[: found.end()] if found else ""


def runs_on(text: str) -> bool:
    """Tell whether a text is one line (or row) without end, or prose in paragraphs, not the short lines of a form."""
    breaks = count_lines(text)
    return breaks == 0 or (len(text) >= _LONG_LINE * (breaks + 1) and "<td" not in text and is_prose(text))


def says_nothing_new(text: str) -> bool:
    """Tell whether the second half of a text has hardly a word or number that the first half has not.

    A table of zeros whose every row has another account number is not like that, though most of its words are zeros.
    """
    lines = [_WORD.findall(_TAG.sub(" ", line)) for line in _BREAK.split(text)]
    words = [word for line in lines for word in line]
    half = len(words) // 2
    known = set(words[:half])
    new = sum(word not in known for word in words[half:])
    if new > _NEW_WORDS * (len(words) - half):
        return False
    later = [line for line in lines[len(lines) // 2 + 1 :] if line]
    varied = sum(any(word not in known for word in line) for line in later)
    return len(later) < _FEW_LINES or varied < _NEW_LINES * len(later)


def last_lines(text: str, count: int) -> str | None:
    """Return the end of a text that has `count` ends of lines or rows; None if it has fewer."""
    ends = [match.start() for match in _BREAK.finditer(text)]
    return text[ends[-count] :] if len(ends) >= count else None


def blank_boxes(text: str) -> str:
    """Return a text with 0 for every number of its boxes, which move when a block repeats."""
    if "<|det|>" not in text:
        return text
    return _BOXES.sub(lambda boxes: _NUMBER.sub("0", boxes.group()), text)


def length_before_blanking(text: str, blanked: int) -> int:
    """Return how many characters at the end of `text` became the last `blanked` ones of `blank_boxes(text)`."""
    end = len(text)
    for boxes in reversed(list(_BOXES.finditer(text))):
        behind = end - boxes.end()
        short = _NUMBER.sub("0", boxes.group())
        if blanked <= behind:
            return len(text) - end + blanked
        if blanked <= behind + len(short):
            return len(text) - boxes.start()
        blanked -= behind + len(short)
        end = boxes.start()
    return min(len(text), len(text) - end + blanked)
