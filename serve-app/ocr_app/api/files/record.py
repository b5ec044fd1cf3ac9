"""What is known about a stored file."""

import json
import re
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ocr_app.api.files.paths import ID

_ID = re.compile(ID)
_TIME_DIGITS = 12


def new_id(now: float) -> str:
    """Return an id that nobody can guess (128 bits at random) and that sorts by the time of its making.

    Args:
        now: Unix time in seconds; its milliseconds are the first 12 digits.
    """
    return f"file-{int(now * 1000):0{_TIME_DIGITS}x}{secrets.token_hex(16)}"


def is_id(text: str) -> bool:
    """Tell whether a text could be the id of a file; every other one never reaches the file system."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is complete.

    Attributes:
        id: As `new_id` makes it.
        filename: The client's name for it, for display only.
        purpose: One of `fields.PURPOSES`.
        mimetype: By its first bytes, else the client's own.
        size: In bytes.
        created_at: Unix time in seconds.
        expires_at: Unix time in seconds, from which on it is gone.
    """

    id: str
    filename: str
    purpose: str
    mimetype: str
    size: int
    created_at: int
    expires_at: int

    def dump(self) -> bytes:
        """Return it as the JSON that stands beside its content."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, data: bytes) -> "StoredFile":
        """Return what `dump` wrote, of this version or one with more fields; raise ValueError for anything else."""
        found: Any = json.loads(data)
        try:
            record = cls(**{known.name: found[known.name] for known in fields(cls)})
        except (KeyError, TypeError):
            raise ValueError("not a record of a file") from None
        texts = (record.id, record.filename, record.purpose, record.mimetype)
        numbers = (record.size, record.created_at, record.expires_at)
        if not all(isinstance(text, str) for text in texts) or not all(type(number) is int for number in numbers):
            raise ValueError("not a record of a file")
        return record


@dataclass(frozen=True, slots=True)
class Resolved:
    """A file with the place of its content, for whoever reads it.

    Attributes:
        record: What is known about it.
        path: Of its content. The file may be deleted at any time: open it at once, and once.
    """

    record: StoredFile
    path: Path
