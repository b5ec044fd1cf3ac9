"""Where a document is: in the request, or among the files. Nowhere else is looked."""

from collections.abc import Callable
from dataclasses import dataclass

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.mistral.request import Document, DocumentUrl, FileDocument, ImageUrlDocument


@dataclass(frozen=True, slots=True)
class DataUri:
    """A document that is in the request.

    Attributes:
        uri: The whole data URI.
        param: Path of the field that has it.
        name: The client's name for it, if it gave one.
    """

    uri: str
    param: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class FileId:
    """A document that was uploaded.

    Attributes:
        id: Of the file.
        param: Path of the field that names it.
        name: The client's name for it, if it gave one here.
    """

    id: str
    param: str
    name: str | None = None


def locate(document: Document, resolve_url: Callable[[str, str], str | None]) -> DataUri | FileId:
    """Return where a document is.

    Args:
        document: Of the request.
        resolve_url: Gives the file of a signed URL, from the URL and the path of its field; None for any other URL
            (`ocr_app.api.files.door.Files.resolve_url`).

    Raises:
        ApiError: 400 for a URL that is neither a data URI nor one of this service.
    """
    if isinstance(document, FileDocument):
        return FileId(document.file_id, "document.file_id")
    url, param, name = _url(document)
    if url[:5].lower() == "data:":
        return DataUri(url, param, name)
    file_id = resolve_url(url, param)
    if file_id is not None:
        return FileId(file_id, param, name)
    message = (
        f"{param} is {quote(url, 80)}. The service fetches nothing: send the document as a data URI, or upload it to "
        "/v1/files and send its file_id or a signed URL of it (GET /v1/files/{id}/url)."
    )
    raise ApiError(400, message, param=param, code="unsupported_url")


def _url(document: DocumentUrl | ImageUrlDocument) -> tuple[str, str, str | None]:
    if isinstance(document, DocumentUrl):
        return document.document_url, "document.document_url", document.document_name
    if isinstance(document.image_url, str):
        return document.image_url, "document.image_url", None
    return document.image_url.url, "document.image_url.url", None
