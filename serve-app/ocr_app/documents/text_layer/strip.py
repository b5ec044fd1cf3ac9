"""Takes invisible text out of the content of a page."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field

from pikepdf import (
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Pdf,
    Stream,
    parse_content_stream,
    unparse_content_stream,
)

from ocr_app.documents.text_layer.font import deflated

_INVISIBLE = 3
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_DEEPEST = 10
"""Forms within forms that are looked at."""

_Instruction = ContentStreamInstruction | ContentStreamInlineImage


@dataclass(frozen=True, slots=True)
class Stripped:
    """A content stream without its invisible text.

    Attributes:
        content: Its bytes; None if it has none.
        forms: Those of its forms that had some, without it, by their names in its resources.
    """

    content: bytes | None
    forms: Mapping[str, Object]


@dataclass(slots=True)
class Stripper:
    """Takes invisible text out of the pages of a document.

    Only what shows text goes; all else stays, because later text may rely on it.

    Args:
        pdf: The document.
    """

    pdf: Pdf
    _forms: dict[tuple[int, int, int], Object | None] = field(default_factory=dict)

    def strip(self, content: bytes, resources: Object | None) -> Stripped:
        """Return the content of a page without invisible text."""
        return self._stripped(content, resources, 0, _DEEPEST)

    def _stripped(self, content: bytes, resources: Object | None, mode: int, depth: int) -> Stripped:
        kept: list[_Instruction] = []
        forms: dict[str, Object] = {}
        modes: list[int] = []
        removed = False
        for instruction in parse_content_stream(self.pdf.make_stream(content)):
            operator = bytes(instruction.operator).decode("latin-1")
            if operator == "q":
                modes.append(mode)
            elif operator == "Q" and modes:
                mode = modes.pop()
            elif operator == "Tr" and instruction.operands:
                mode = int(instruction.operands[0])
            elif operator in _SHOWING and mode == _INVISIBLE:
                removed = True
                kept.extend(_without_text(instruction))
                continue
            elif operator == "Do" and instruction.operands and depth:
                # pikepdf finds nothing by a name that is not UTF-8: such a form stays as it is.
                name = bytes(instruction.operands[0]).decode("utf-8", "replace")
                form = self._form(_xobject(resources, name), mode, resources, depth - 1)
                if form is not None:
                    forms[name] = form
            kept.append(instruction)
        return Stripped(unparse_content_stream(kept) if removed else None, forms)

    def _form(self, form: Object | None, mode: int, resources: Object | None, depth: int) -> Object | None:
        """Return a form without invisible text; None if it has none."""
        if not isinstance(form, Stream) or form.get("/Subtype") != Name.Form:
            return None
        key = (*form.objgen, mode)
        if key not in self._forms:
            self._forms[key] = None  # for one that contains itself
            # Old files have forms that use the resources of their page.
            own = form.get("/Resources", resources)
            stripped = self._stripped(form.read_bytes(), own, mode, depth)
            if stripped.content is not None or stripped.forms:
                content = form.read_bytes() if stripped.content is None else stripped.content
                new = deflated(self.pdf, content)
                for name, value in form.items():
                    if name not in ("/Length", "/Filter", "/DecodeParms"):
                        new[name] = value
                if stripped.forms:
                    new.Resources = with_entries(own, "/XObject", stripped.forms)
                self._forms[key] = new
        return self._forms[key]


def with_entries(resources: Object | None, kind: str, entries: Mapping[str, Object]) -> Object:
    """Return a copy of resources, with some entries of a kind, such as `/Font`, replaced or added."""
    # `copy` and not `Dictionary(...)`, which takes no names in other encodings than UTF-8.
    new = copy(resources) if isinstance(resources, Dictionary) else Dictionary()
    old = new.get(kind)
    new[kind] = copy(old) if isinstance(old, Dictionary) else Dictionary()
    for name, value in entries.items():
        new[kind][name] = value
    return new


def _xobject(resources: Object | None, name: str) -> Object | None:
    xobjects = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    return xobjects.get(name) if isinstance(xobjects, Dictionary) else None


def _without_text(instruction: _Instruction) -> Iterable[ContentStreamInstruction]:
    """Return what an operator that shows text does besides."""
    operator = str(instruction.operator)
    if operator == '"' and len(instruction.operands) == 3:
        yield ContentStreamInstruction([instruction.operands[0]], Operator("Tw"))
        yield ContentStreamInstruction([instruction.operands[1]], Operator("Tc"))
    if operator in ("'", '"'):
        yield ContentStreamInstruction([], Operator("T*"))
