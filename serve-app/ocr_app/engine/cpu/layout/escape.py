"""Text as Markdown that shows it unchanged: CommonMark with GitHub's tables and strikethrough, escaped where needed.

https://spec.commonmark.org/0.31.2/ has the rules. Escaping more than needed would be right too, but hard to read, and
many programs use the Markdown as it is.
"""

import re

_BEFORE_PUNCTUATION = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?][^>]*>)|^<(?=[A-Za-z/!?])")
_BRACKET = re.compile(r"\[")
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
    result = _BRACKET.sub(r"\\[", result) if "](" in text else _FOOTNOTE.sub(r"\\[", result)
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
    runs = list(_RUNS[mark].finditer(text))
    first = next((run.start() for run in runs if _opens(text, run)), None)
    if first is None or not any(run.start() > first and _closes(text, run) for run in runs):
        return text
    return text.replace(mark, f"\\{mark}")


def _opens(text: str, run: re.Match[str]) -> bool:
    before, after = text[: run.start()][-1:], text[run.end() :][:1]
    return bool(after.strip()) and not (run[0][0] == "_" and before.isalnum())


def _closes(text: str, run: re.Match[str]) -> bool:
    before, after = text[: run.start()][-1:], text[run.end() :][:1]
    return bool(before.strip()) and not (run[0][0] == "_" and after.isalnum())
