"""The parts of a message's content: text, images, documents, and what else histories have."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ocr_app.api.references import Reference


class Wire(BaseModel):
    """An object of a request. Fields that are not named are allowed, and a number is not taken for a string."""

    model_config = ConfigDict(extra="ignore", strict=True)


class TextContent(Wire):
    """Text of a message."""

    type: Literal["text", "input_text"] = Field(description="`input_text` is its name in OpenAI's Responses API.")
    text: str


class ImageUrl(Wire):
    """An image or a document, in the request itself."""

    url: str = Field(description="data URI with a Base64 image file or PDF: `data:image/png;base64,...`")
    detail: str | None = Field(default=None, description="Accepted for compatibility; without effect.")


def _url_tag(url: Any) -> str:
    return ":string" if isinstance(url, str) else ":object"


class ImageContent(Wire):
    """An image among the parts of a message."""

    type: Literal["image_url", "input_image"] = Field(description="`input_image` is its name in the Responses API.")
    image_url: Annotated[Annotated[str, Tag(":string")] | Annotated[ImageUrl, Tag(":object")], Discriminator(_url_tag)]

    @property
    def file(self) -> Reference:
        """The file, its path below the part."""
        if isinstance(self.image_url, str):
            return Reference("image_url", self.image_url, "uri")
        return Reference("image_url.url", self.image_url.url, "uri")


class FileData(Wire):
    """A document, in the request itself or kept by the service."""

    file_data: str | None = Field(
        default=None, description="data URI with a Base64 PDF, TIFF or image, or the Base64 alone."
    )
    file_id: str | None = Field(default=None, description="Id of a file that the service keeps, if it keeps any.")
    filename: str | None = Field(default=None, description="Accepted for compatibility; without effect.")

    @property
    def reference(self) -> Reference:
        """The file, its path below this object."""
        if self.file_data:
            return Reference("file_data", self.file_data, "data")
        if self.file_id:
            return Reference("file_id", self.file_id, "id")
        return Reference("file_data", "", "none")


class DocumentContent(Wire):
    """A document among the parts of a message."""

    type: Literal["file"]
    document: FileData = Field(alias="file")

    @property
    def file(self) -> Reference:
        """The file, its path below the part."""
        return self.document.reference.below("file")


class InputFileContent(FileData):
    """A document as OpenAI's Responses API has it."""

    type: Literal["input_file"]
    file_url: str | None = Field(default=None, description="Only a data URI: the service fetches nothing.")

    @property
    def file(self) -> Reference:
        """The file, its path below the part."""
        return Reference("file_url", self.file_url, "uri") if self.file_url else self.reference


class PastContent(Wire):
    """A part of an answer or of a tool's result, of any kind: OpenAI's `refusal`, the `thinking` of others."""

    type: str


class OtherContent(Wire):
    """A part of another kind, which is refused by the name of its type."""

    type: Literal["text", "image_url", "file"]


FILE_PARTS = (ImageContent, DocumentContent, InputFileContent)
FilePart = ImageContent | DocumentContent | InputFileContent
"""Parts that have a file, which is read."""

_PART_TAGS = {
    "text": ":text",
    "input_text": ":text",
    "image_url": ":image_url",
    "input_image": ":image_url",
    "file": ":file",
    "input_file": ":input_file",
}


def _part_tag(part: Any) -> str:
    kind = part.get("type") if isinstance(part, dict) else getattr(part, "type", None)
    return _PART_TAGS.get(kind, ":other") if isinstance(kind, str) else ":other"


ContentPart = Annotated[
    Annotated[TextContent, Tag(":text")]
    | Annotated[ImageContent, Tag(":image_url")]
    | Annotated[DocumentContent, Tag(":file")]
    | Annotated[InputFileContent, Tag(":input_file")]
    | Annotated[OtherContent, Tag(":other")],
    Discriminator(_part_tag),
]
PastPart = Annotated[
    Annotated[TextContent, Tag(":text")]
    | Annotated[ImageContent, Tag(":image_url")]
    | Annotated[DocumentContent, Tag(":file")]
    | Annotated[InputFileContent, Tag(":input_file")]
    | Annotated[PastContent, Tag(":other")],
    Discriminator(_part_tag),
]
