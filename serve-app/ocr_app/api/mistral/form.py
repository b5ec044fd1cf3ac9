"""The fields and the file of a form that is in memory."""

from dataclasses import dataclass, field

from ocr_app.api.errors import ApiError
from ocr_app.api.files.form_headers import invalid
from ocr_app.api.files.multipart import FormParser, PartBegins, PartData, boundary_of

_FILE = "file"
_PIECE_BYTES = 2**20


@dataclass(slots=True)
class Form:
    """A form.

    Attributes:
        fields: By name, but for the file.
        file: None if there is none.
    """

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes | None = field(default=None, repr=False)


def read_form_body(body: bytes, content_type: str, *, most_text: int) -> Form:
    """Read a form.

    Args:
        body: All of it.
        content_type: The header.
        most_text: Most bytes of all fields but the file.

    Raises:
        ApiError: 400 for a broken form, 413 for too much text.
    """
    parser = FormParser(boundary_of(content_type))
    form = Form()
    name, text = "", 0
    pieces: list[bytes] = []
    view = memoryview(body)
    for at in range(0, len(body), _PIECE_BYTES):
        for event in parser.feed(bytes(view[at : at + _PIECE_BYTES])):
            if isinstance(event, PartBegins):
                name, pieces = event.name, []
            elif isinstance(event, PartData):
                pieces.append(event.data)
                text += len(event.data) if name != _FILE else 0
                if text > most_text:
                    message = f"The form has more than {most_text:,} bytes besides its file, which is the limit."
                    raise ApiError(413, message, code="request_too_large")
            else:
                _take(form, name, b"".join(pieces))
                pieces = []
    parser.end()
    return form


def _take(form: Form, name: str, value: bytes) -> None:
    if name in form.fields or (name == _FILE and form.file is not None):
        raise invalid(f"it has the field {name!r} twice", param=name)
    if name == _FILE:
        form.file = value
        return
    try:
        form.fields[name] = value.decode()
    except UnicodeDecodeError:
        raise invalid(f"the field {name!r} is not UTF-8", param=name) from None
