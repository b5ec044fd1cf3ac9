"""Kinds of output: the model's raw text, clean Markdown (also while it streams), and the layout as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_app.engine.types import Json
from ocr_app.ocr.grounding.blocks import CENTER, PICTURES, Block, is_caption
from ocr_app.ocr.grounding.boxes import SCALE, Box, to_pixels
from ocr_app.ocr.grounding.scanner import Event, Ref, Scanner, Text
from ocr_app.ocr.layout_json import LayoutBlock, page_json
from ocr_app.ocr.prompts import Refs

# As in the reference pipeline (DeepSeek-OCR-vllm/run_dpsk_ocr_pdf.py): TeX commands that few renderers know.
_TEX = {"\\coloneqq": ":=", "\\eqqcolon": "=:"}
_LONGEST_TEX = max(map(len, _TEX))


@dataclass
class MarkdownWriter:
    """Turns a growing raw output into clean Markdown; pieces may end anywhere.

    Grounding marks, labels and boxes go, pictures become links to their place in the image
    (`![image](#xywh=percent:10,20,30,40)`, https://www.w3.org/TR/media-frags/), at most one blank line stands between
    blocks, and none at the ends.

    Args:
        refs: What `<|ref|>` holds; see `ocr_app.ocr.prompts.refs_of`.
    """

    refs: Refs = "labels"
    _scanner: Scanner = field(default_factory=Scanner)
    _label: str = ""
    _held_caption: str = ""
    _held: str = ""
    _newlines: int = 0
    _begun: bool = False

    def feed(self, text: str) -> str:
        """Return the Markdown that is certain once `text` follows what came before."""
        return self._write(self._scanner.feed(text))

    def close(self) -> str:
        """Return what is left at the end of the output."""
        return self._write(self._scanner.close(), final=True)

    def _write(self, events: Sequence[Event], *, final: bool = False) -> str:
        text = self._held + "".join(map(self._words, events))
        if final:
            text += self._rest_of_caption()
        for command, plain in _TEX.items():
            text = text.replace(command, plain)
        cut = len(text) if final else len(text) - _partial_command(text)
        text, self._held = text[:cut], text[cut:]
        return self._squeeze(text)

    def _words(self, event: Event) -> str:
        if isinstance(event, Text):
            return self._caption(event.text) if self.refs == "labels" and is_caption(self._label) else event.text
        rest = self._rest_of_caption()
        if isinstance(event, Ref):
            self._label = event.text.lower()
            return rest + (f"{event.text}\n" if self.refs == "texts" else "")
        if self.refs == "labels" and self._label in PICTURES:
            return rest + "".join(f"{_picture(self._label, box)}\n" for box in event.boxes)
        return rest

    def _caption(self, text: str) -> str:
        """Take the `<center>` out of a caption; hold back what may be the beginning of one."""
        text = self._held_caption + text
        start = text.rfind("<")
        partial = start != -1 and any(tag.startswith(text[start:]) for tag in ("<center>", "</center>"))
        cut = start if partial and not text.endswith(">") else len(text)
        self._held_caption = text[cut:]
        return CENTER.sub("", text[:cut])

    def _rest_of_caption(self) -> str:
        rest, self._held_caption = self._held_caption, ""
        return rest

    def _squeeze(self, text: str) -> str:
        """Shorten runs of newlines to two, however they are cut into pieces, and drop those at the ends."""
        out: list[str] = []
        for index, line in enumerate(text.split("\n")):
            self._newlines += index > 0
            if line:
                out.append("\n" * (min(self._newlines, 2) if self._begun else 0) + line)
                self._newlines, self._begun = 0, True
        return "".join(out)


def page_layout(index: int, width: int, height: int, blocks: Sequence[Block]) -> dict[str, Json]:
    """Return one page of the structured layout, from the model's blocks.

    Args:
        index: Of the image in the request, from 0.
        width: Of the image as the client sent it (upright), in pixels.
        height: Of the image as the client sent it (upright), in pixels.
        blocks: From `ocr_app.ocr.grounding.blocks.parse`.
    """
    return page_json(
        index,
        width,
        height,
        [
            LayoutBlock(
                block.label,
                CENTER.sub("", block.text).strip() if is_caption(block.label) else block.text,
                tuple(to_pixels(box, width, height) for box in block.boxes),
                block.problems,
            )
            for block in blocks
        ],
    )


def _picture(label: str, box: Box) -> str:
    x, y, width, height = (round(100 * n / SCALE, 1) for n in (box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1))
    return f"![{label}](#xywh=percent:{x:g},{y:g},{width:g},{height:g})"


def _partial_command(text: str) -> int:
    start = text.rfind("\\", max(0, len(text) - _LONGEST_TEX))
    tail = text[start:] if start != -1 else ""
    return len(tail) if tail and any(command.startswith(tail) for command in _TEX) else 0
