"""Whether a document is signed: any change makes its signatures invalid."""

from pikepdf import Array, Dictionary, Object, Pdf

_MOST_FIELDS = 100_000


def is_signed(pdf: Pdf) -> bool:
    """Tell whether a document carries a signature.

    An empty field for one is none. What its maker certified, or allowed readers to do (`/Perms`), is signed as well.
    """
    root = pdf.Root
    permissions = root.get("/Perms")
    if isinstance(permissions, Dictionary) and len(permissions):
        return True
    form = root.get("/AcroForm")
    return isinstance(form, Dictionary) and _has_signature(form.get("/Fields"))


def _has_signature(fields: Object | None) -> bool:
    seen = 0
    waiting = [(field, None) for field in _list(fields)]  # type: list[tuple[Object, Object | None]]
    while waiting and seen < _MOST_FIELDS:
        field, kind = waiting.pop()
        seen += 1
        if not isinstance(field, Dictionary):
            continue
        kind = field.get("/FT", kind)
        if kind == "/Sig" and isinstance(field.get("/V"), Dictionary):
            return True
        waiting.extend((child, kind) for child in _list(field.get("/Kids")))
    return False


def _list(value: Object | None) -> list[Object]:
    return list(value) if isinstance(value, Array) else []
