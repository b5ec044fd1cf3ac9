"""The answers of `/v1/files`: the fields of OpenAI's and of Mistral's API at once."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from ocr_app.api.files.listing import Listing
from ocr_app.api.files.record import StoredFile


class FileBody(BaseModel):
    """A file."""

    id: str
    object: Literal["file"]
    bytes: int = Field(description="Size in bytes.")
    size_bytes: int = Field(description="The same, by a name that some clients of Mistral use.")
    created_at: int = Field(description="Unix time in seconds.")
    expires_at: int = Field(description="Unix time in seconds, from which on the file is gone.")
    filename: str
    purpose: str
    mimetype: str
    status: Literal["processed"] = Field(description="OpenAI's: a file can be used at once.")
    status_details: None
    sample_type: str = Field(description="Mistral's.")
    source: Literal["upload"] = Field(description="Mistral's.")
    num_lines: None
    signature: None
    visibility: Literal["workspace"] = Field(description="Mistral's: whoever has the key of this service sees it.")
    deleted: Literal[False] = Field(description="Mistral's.")
    ocr: dict[str, Any] | None = Field(
        default=None, description="Our own, after an upload: `ignored` names fields that had no effect."
    )


class FileList(BaseModel):
    """Some of the files."""

    object: Literal["list"]
    data: list[FileBody]
    has_more: bool
    first_id: str | None
    last_id: str | None = Field(description="Send it as `after` for what follows.")
    total: int = Field(description="Mistral's: all files of the purpose that was asked for.")


class FileUrl(BaseModel):
    """A URL of a file's content that needs no key."""

    url: str
    expires_at: int = Field(description="Our own: Unix time in seconds until which it holds.")


class FileDeleted(BaseModel):
    """A file that is gone."""

    id: str
    object: Literal["file"]
    deleted: Literal[True]


def file_body(record: StoredFile, ignored: Sequence[str] = ()) -> dict[str, Any]:
    """Return a file as an answer has it.

    Args:
        record: The file.
        ignored: Fields of its upload that had no effect.
    """
    body = FileBody(
        id=record.id,
        object="file",
        bytes=record.size,
        size_bytes=record.size,
        created_at=record.created_at,
        expires_at=record.expires_at,
        filename=record.filename,
        purpose=record.purpose,
        mimetype=record.mimetype,
        status="processed",
        status_details=None,
        sample_type="batch_request" if record.purpose == "batch" else "ocr_input",
        source="upload",
        num_lines=None,
        signature=None,
        visibility="workspace",
        deleted=False,
    ).model_dump(exclude={"ocr"})
    return body | ({"ocr": {"ignored": list(ignored)}} if ignored else {})


def list_body(listing: Listing) -> dict[str, Any]:
    """Return a list as an answer has it."""
    return {
        "object": "list",
        "data": [file_body(record) for record in listing.files],
        "has_more": listing.has_more,
        "first_id": listing.files[0].id if listing.files else None,
        "last_id": listing.files[-1].id if listing.files else None,
        "total": listing.total,
    }
