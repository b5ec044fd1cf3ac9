"""Splits a growing output into words, labels and boxes."""

import re
from dataclasses import dataclass, field
from typing import Literal

from ocr_app.ocr.grounding.boxes import Box, parse_boxes

_HEAD_MARKS = ("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>")
_NOISE = ("<|grounding|>", "<image>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>")
_HEAD = re.compile("|".join(map(re.escape, _HEAD_MARKS)))
_ANY = re.compile("|".join(map(re.escape, _HEAD_MARKS + _NOISE)))
_LONGEST = max(map(len, _HEAD_MARKS + _NOISE))
_BOX_TEXT = re.compile(r"[\[\]()\d.,;\s+\-]*")
# A head longer than this is a runaway, and what it holds is text of the page.
_MAX_REF = 2_000
_MAX_DET = 8_000


@dataclass(frozen=True, slots=True)
class Text:
    """Event: words of the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Event: a head's label (or text, after a prompt that reads or locates)."""

    text: str
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Det:
    """Event: a head's boxes; `problems` says what was wrong with them."""

    boxes: tuple[Box, ...]
    problems: tuple[str, ...] = ()


Event = Text | Ref | Det


@dataclass
class Scanner:
    """Splits a growing output into events; pieces may end anywhere, also inside a mark."""

    _buffer: str = ""
    _state: Literal["text", "ref", "after_ref", "det", "after_det"] = "text"
    _events: list[Event] = field(default_factory=list)

    def feed(self, text: str) -> list[Event]:
        """Return the events that are certain once `text` follows what came before."""
        self._buffer += text
        return self._run(final=False)

    def close(self) -> list[Event]:
        """Return what is left at the end of the output."""
        return self._run(final=True)

    def _run(self, *, final: bool) -> list[Event]:
        while getattr(self, f"_in_{self._state}")(final):
            pass
        events, self._events = self._events, []
        return events

    # Each _in_… consumes something from the buffer and returns whether to go on; False means that more input is
    # needed, or that there will be none.

    def _in_text(self, final: bool) -> bool:
        match = _ANY.search(self._buffer)
        end = match.start() if match else len(self._buffer) - (0 if final else _partial_mark(self._buffer))
        if end:
            self._events.append(Text(self._buffer[:end]))
        self._buffer = self._buffer[match.end() if match else end :]
        if match and match.group() == "<|ref|>":
            self._state = "ref"
        elif match and match.group() == "<|det|>":
            self._state = "det"
        # Other marks mean nothing here: noise, or the end of a head whose beginning is lost.
        return match is not None

    def _in_ref(self, final: bool) -> bool:
        match = _HEAD.search(self._buffer, 0, _MAX_REF + _LONGEST)
        if match is not None and match.start() <= _MAX_REF:
            closed = match.group() == "<|/ref|>"
            self._ref(self._buffer[: match.start()], closed=closed)
            self._buffer = self._buffer[match.end() if closed else match.start() :]
            self._state = "after_ref"
            return True
        if len(self._buffer) >= _MAX_REF + _LONGEST:
            self._state = "text"
            return True
        if final:
            self._ref(self._buffer, closed=False)
            self._buffer, self._state = "", "text"
        return False

    def _in_after_ref(self, final: bool) -> bool:
        rest = self._buffer.lstrip()
        if rest.startswith("<|det|>"):
            self._buffer = rest.removeprefix("<|det|>")
            self._state = "det"
        elif not final and "<|det|>".startswith(rest):
            return False
        else:
            self._state = "text"
        return True

    def _in_det(self, final: bool) -> bool:
        match = _BOX_TEXT.match(self._buffer)
        end = min(match.end() if match else 0, _MAX_DET)
        boxes, rest = self._buffer[:end], self._buffer[end:]
        if rest.startswith("<|/det|>"):
            self._events.append(Det(*parse_boxes(boxes)))
            self._buffer = rest.removeprefix("<|/det|>")
            self._state = "after_det"
            return True
        if end < _MAX_DET and "<|/det|>".startswith(rest):
            if not final:
                return False
            rest = ""
        # Something else than boxes follows, so they end at their last bracket.
        cut = boxes.rfind("]") + 1 if rest else len(boxes)
        parsed, problems = parse_boxes(boxes[:cut])
        self._events.append(Det(parsed, ("unclosed_det", *problems)))
        self._buffer = boxes[cut:] + rest
        self._state = "text"
        return True

    def _in_after_det(self, final: bool) -> bool:
        if not self._buffer and not final:
            return False
        # The newline after a head belongs to the head.
        self._buffer = self._buffer.removeprefix("\n")
        self._state = "text"
        return True

    def _ref(self, text: str, *, closed: bool) -> None:
        self._events.append(Ref(_ANY.sub("", text).strip(), closed=closed))


def scan(output: str) -> list[Event]:
    """Return the events of a whole output."""
    scanner = Scanner()
    return scanner.feed(output) + scanner.close()


def _partial_mark(text: str) -> int:
    """Length of the longest end of `text` that may be the beginning of a mark."""
    start = text.find("<", max(0, len(text) - _LONGEST + 1))
    while start != -1:
        tail = text[start:]
        if any(mark.startswith(tail) for mark in _HEAD_MARKS + _NOISE):
            return len(tail)
        start = text.find("<", start + 1)
    return 0
