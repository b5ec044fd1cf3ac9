"""DeepSeek-OCR's grounding language: `<|ref|>LABEL<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>` and what follows.

A page is a sequence of such heads, each followed by its text. Models cut off, loop and invent, so nothing here raises:
a head that is unfinished or malformed is read as far as it makes sense and marked as such. Coordinates run from 0 to
999 across and down the image as the client sent it, whatever tiles the model saw
(https://github.com/deepseek-ai/DeepSeek-OCR: `x1 / 999 * image_width`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from ocr_app.ocr.prompts import Refs

SCALE = 999
"""The model's coordinate of an image's far edge."""

PICTURES = frozenset({"image", "figure", "chart", "seal"})
"""Labels of blocks that have no text of their own."""

_MARKS = ("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>")
_NOISE = ("<|grounding|>", "<image>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>")
_HEAD = re.compile("|".join(map(re.escape, _MARKS)))
_ANY = re.compile("|".join(map(re.escape, _MARKS + _NOISE)))
_LONGEST = max(map(len, _MARKS + _NOISE))
_BOX_TEXT = re.compile(r"[\[\]()\d.,;\s+\-]*")
_BOX = re.compile(r"[\[(]([^\[\]()]*)([\])]?)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
# A head longer than this is a runaway, and what it holds is text of the page.
_MAX_REF = 2_000
_MAX_DET = 8_000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, 0 to 999 across and down the image; x1 <= x2 and y1 <= y2."""

    x1: int
    y1: int
    x2: int
    y2: int


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


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page, in reading order.

    Attributes:
        label: What the model said, in lower case (title, sub_title, text, table, image, equation, …); `text` for
            words without a head.
        text: Markdown of the block, without marks; tables are HTML, as the model writes them.
        boxes: Where it stands; empty where the model did not say.
        problems: What was wrong with its head: `unclosed_ref`, `unclosed_det`, `no_ref`, `no_det`, `bad_box` (left
            out), `clipped_box`, `swapped_box`.
    """

    label: str
    text: str
    boxes: tuple[Box, ...] = ()
    problems: tuple[str, ...] = ()


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


def parse(output: str, refs: Refs = "labels") -> tuple[Block, ...]:
    """Return the blocks of a page; never raises. A block with neither text nor box is left out.

    Args:
        output: The model's raw output.
        refs: What `<|ref|>` holds; see `ocr_app.ocr.prompts.refs_of`.
    """
    blocks: list[Block] = []
    label, boxes, problems, texts = "text", [], [], []  # type: str, list[Box], list[str], list[str]
    has_ref = has_det = False

    def finish() -> None:
        nonlocal label, has_ref, has_det
        text = "".join(texts).strip()
        if text or boxes:
            missing = ["no_ref"] if has_det and not has_ref else ["no_det"] if has_ref and not has_det else []
            blocks.append(Block(label, text, tuple(boxes), tuple(dict.fromkeys(problems + missing))))
        label, has_ref, has_det = "text", False, False
        for gathered in (boxes, problems, texts):
            gathered.clear()

    for event in scan(output):
        if isinstance(event, Ref):
            finish()
            has_ref = True
            problems.extend([] if event.closed else ["unclosed_ref"])
            if refs == "texts":
                texts.append(event.text)
            else:
                label = event.text.lower() or "text"
        elif isinstance(event, Det):
            if has_det or (texts and not has_ref):
                finish()
            has_det = True
            boxes.extend(event.boxes)
            problems.extend(event.problems)
        else:
            if refs == "texts" and has_ref and event.text.strip():
                finish()
            texts.append(event.text)
    finish()
    return tuple(blocks)


def serialize(blocks: Iterable[Block], refs: Refs = "labels") -> str:
    """Return blocks in the model's own language; `parse` undoes it."""
    parts = []
    for block in blocks:
        boxes = ", ".join(f"[{box.x1}, {box.y1}, {box.x2}, {box.y2}]" for box in block.boxes)
        if not boxes:
            parts.append(f"{block.text}\n")
        elif refs == "texts":
            parts.append(f"<|ref|>{block.text}<|/ref|><|det|>[{boxes}]<|/det|>\n")
        else:
            parts.append(f"<|ref|>{block.label}<|/ref|><|det|>[{boxes}]<|/det|>\n{block.text}\n\n")
    return "".join(parts)


def parse_boxes(text: str) -> tuple[tuple[Box, ...], tuple[str, ...]]:
    """Read `[[x1, y1, x2, y2], …]`, also with a bracket too many or too few.

    Returns:
        The boxes that have four numbers and an end, and what was wrong with the others.
    """
    boxes: list[Box] = []
    problems: list[str] = []
    for match in _BOX.finditer(text):
        numbers = [float(number) for number in _NUMBER.findall(match.group(1))]
        if not numbers and "[" in text[match.end() : match.end() + 1]:
            continue  # the outer bracket
        if not numbers and not match.group(1).strip():
            continue
        # Without its closing bracket, the last number may have been cut off in the middle.
        if len(numbers) != 4 or not match.group(2):
            problems.append("bad_box")
            continue
        clipped = [min(max(number, 0.0), float(SCALE)) for number in numbers]
        x1, y1, x2, y2 = map(round, clipped)
        if clipped != numbers:
            problems.append("clipped_box")
        if x1 > x2 or y1 > y2:
            problems.append("swapped_box")
        boxes.append(Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
    return tuple(boxes), tuple(dict.fromkeys(problems))


def to_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return a box as (left, top, right, bottom) in pixels of an image; right and bottom are exclusive.

    Args:
        box: In the model's coordinates.
        width: Of the image as the client sent it, in pixels.
        height: Likewise.
    """
    return (
        box.x1 * width // SCALE,
        box.y1 * height // SCALE,
        min(-(-box.x2 * width // SCALE), width),
        min(-(-box.y2 * height // SCALE), height),
    )


def shift(block: Block, *, top: float, share: float) -> Block:
    """Return a block of a horizontal strip in the coordinates of the whole image.

    Args:
        block: With boxes in the strip's coordinates.
        top: Where the strip begins, as a share of the image's height.
        share: Height of the strip, likewise.
    """
    boxes = tuple(
        Box(box.x1, round(top * SCALE + box.y1 * share), box.x2, min(SCALE, round(top * SCALE + box.y2 * share)))
        for box in block.boxes
    )
    return replace(block, boxes=boxes)


def _partial_mark(text: str) -> int:
    """Length of the longest end of `text` that may be the beginning of a mark."""
    start = text.find("<", max(0, len(text) - _LONGEST + 1))
    while start != -1:
        tail = text[start:]
        if any(mark.startswith(tail) for mark in _MARKS + _NOISE):
            return len(tail)
        start = text.find("<", start + 1)
    return 0
