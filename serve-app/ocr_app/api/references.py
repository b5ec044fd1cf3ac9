"""How a part of a message names its file, and how a file's id becomes its bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a part's file is.

    Attributes:
        param: Path of the field, such as `messages[0].content[1].file.file_data`, for errors.
        value: What the field says.
        kind: `uri`: a data URI. `data`: a data URI, or Base64 alone. `id`: the id of a file that the service keeps.
            `none`: the part names no file.
    """

    param: str
    value: str = field(repr=False)
    kind: Literal["uri", "data", "id", "none"]

    def below(self, path: str) -> "Reference":
        """Return the same with its path below another one."""
        return Reference(f"{path}.{self.param}", self.value, self.kind)


FileResolver = Callable[[str, str], bytes]
"""Takes the id of a file and the path of its field; returns the file, or raises ApiError. It may read from a disk."""


def no_files(file_id: str, param: str) -> bytes:
    """Refuse every id: this service keeps no files.

    Raises:
        ApiError: 400 `unsupported_value`.
    """
    raise ApiError(
        400,
        f"This service keeps no files, so there is none with the id {quote(file_id, 60)}: send the file itself, as "
        '"file_data": "data:application/pdf;base64,...".',
        param=param,
        code="unsupported_value",
    )
