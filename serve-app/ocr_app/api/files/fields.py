"""The fields beside the file in an upload: OpenAI's and Mistral's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.settings import FileSettings

PURPOSES = ("ocr", "user_data", "vision", "assistants", "batch")
"""What a file may be for: a label for its client, by which the list can be filtered."""

DEFAULT_PURPOSE = "ocr"

MAX_FIELD_BYTES = 1_024
"""Longest field, in bytes."""

_ANCHOR = "expires_after[anchor]"
_SECONDS = "expires_after[seconds]"
_HOURS = "expiry"
_NO_EFFECT = frozenset(("visibility",))
"""Mistral's `visibility` says who of an organisation sees the file; here, whoever has the key."""

_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class UploadFields:
    """What an upload asks for.

    Attributes:
        purpose: One of `PURPOSES`.
        lifetime_s: Seconds until the file is removed.
        ignored: Names of fields that have no effect, for the answer.
    """

    purpose: str
    lifetime_s: int
    ignored: tuple[str, ...]


def read_fields(fields: Mapping[str, str], settings: FileSettings) -> UploadFields:
    """Read the fields of an upload.

    Args:
        fields: By name, as they were sent.
        settings: Bounds and defaults.

    Raises:
        ApiError: 400, with `param` as the name of the field.
    """
    known = {"purpose", _ANCHOR, _SECONDS, _HOURS} | _NO_EFFECT
    return UploadFields(
        check_purpose(fields.get("purpose") or DEFAULT_PURPOSE),
        _lifetime(fields, settings),
        tuple(sorted(name for name in fields if name not in known)),
    )


def check_purpose(purpose: str) -> str:
    """Return a purpose that this service has; raise ApiError 400 for another."""
    if purpose not in PURPOSES:
        message = f"purpose is {quote(purpose, 60)}; this service knows {', '.join(PURPOSES)}."
        raise ApiError(400, message, param="purpose", code="invalid_value")
    return purpose


def _lifetime(fields: Mapping[str, str], settings: FileSettings) -> int:
    seconds, hours = fields.get(_SECONDS), fields.get(_HOURS)
    anchor = fields.get(_ANCHOR)
    if anchor is not None and anchor != "created_at":
        message = f"{_ANCHOR} is {quote(anchor, 60)}; the only anchor is created_at."
        raise ApiError(400, message, param=_ANCHOR, code="invalid_value")
    if anchor is not None and seconds is None:
        raise ApiError(
            400, f"{_SECONDS} is required with {_ANCHOR}.", param=_SECONDS, code="missing_required_parameter"
        )
    if seconds is not None and hours is not None:
        raise ApiError(400, f"Send {_SECONDS} (OpenAI) or {_HOURS} (Mistral), not both.", param=_HOURS)
    if seconds is not None:
        return _checked(seconds, _SECONDS, 1, "seconds", settings)
    if hours:
        return _checked(hours, _HOURS, 3_600, "hours", settings)
    return settings.lifetime_s


def _checked(text: str, name: str, unit_s: int, unit: str, settings: FileSettings) -> int:
    most = settings.max_lifetime_s // unit_s
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        message = (
            f"{name} is {quote(text, 40)}; it must be a whole number of {unit} from 1 to {most} (files.max_lifetime_s)."
        )
        raise ApiError(400, message, param=name, code="invalid_value")
    return int(text) * unit_s
