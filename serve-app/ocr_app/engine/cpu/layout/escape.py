"""Text as Markdown that shows it unchanged: CommonMark with GitHub's tables and strikethrough, escaped where needed.

https://spec.commonmark.org/0.31.2/ has the rules. Escaping more than needed would be right too, but hard to read, and
many programs use the Markdown as it is.
"""

import re

_BEFORE_PUNCTUATION = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?][^>]*>)|^<(?=[A-Za-z/!?])")
_FOOTNOTE = re.compile(r"\[(?=\^)|^\[(?=[^\]]+\]:)")
_RUNS = {mark: re.compile(rf"(?:{re.escape(mark)})+") for mark in "*_~"}
_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|([-_*])(?=(?:\s*\1)+\s*$)|~~~|=+$)")
"""Two marks are enough for a rule: the list's own may stand before them."""

_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_END_OF_HEADING = re.compile(r"(?:(?<=\s)|^)#(?=#*$)")


def escape(text: str) -> str:
    """Return text for the inside of a line, such as the words after a list's marker or a table's cell."""
    result = _BEFORE_PUNCTUATION.sub(r"\\\\", text)
    result = _ENTITY.sub(r"\\&", result)
    result = _TAG.sub(r"\\<", result)
    result = result.replace("[", "\\[") if "](" in text else _FOOTNOTE.sub(r"\\[", result)
    if text.count("`") > 1:
        result = result.replace("`", "\\`")
    for mark in _RUNS:
        result = _without_emphasis(result, mark)
    return result


def escape_line(text: str) -> str:
    """Return text for a whole line, which could otherwise begin a heading, a quotation, a list or a rule."""
    escaped = escape(text)
    if escaped.startswith("\\"):
        return escaped
    return _NUMBER.sub(r"\1\\\2", _START.sub(r"\\\g<0>", escaped))


def escape_heading(text: str) -> str:
    """Return text for a heading, whose last `#` would be taken as its closing sequence."""
    return _END_OF_HEADING.sub(r"\\#", escape(text))


def escape_cell(text: str) -> str:
    """Return text for a cell of a table."""
    return escape(text).replace("|", "\\|")


def _without_emphasis(text: str, mark: str) -> str:
    """Escape all runs of a mark if one of them could begin an emphasis and a later one end it."""
    opens = False
    for run in _RUNS[mark].finditer(text):
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        if opens and _flanks(mark, before, after):
            return text.replace(mark, f"\\{mark}")
        opens = opens or _flanks(mark, after, before)
    return text


def _flanks(mark: str, inside: str, outside: str) -> bool:
    """Whether a run may stand at an end of an emphasis, between these characters or the text's ends."""
    return bool(inside.strip()) and not (mark == "_" and outside.isalnum())
