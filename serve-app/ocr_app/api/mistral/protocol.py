"""The answer of `POST /v1/ocr` as OpenAPI describes it; `page.py` and `response.py` write it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Dimensions(BaseModel):
    """The upright image that a page was read from, on which all boxes are."""

    dpi: int = Field(description="0 if it is not known.")
    height: int
    width: int


class OcrImage(BaseModel):
    """A picture on a page."""

    id: str
    top_left_x: int
    top_left_y: int
    bottom_right_x: int
    bottom_right_y: int
    image_base64: str | None = Field(default=None, description="A JPEG as a data URI, with include_image_base64.")
    image_annotation: str | None = None


class OcrPage(BaseModel):
    """A page."""

    model_config = ConfigDict(extra="allow")

    index: int = Field(description="From 0.")
    markdown: str = Field(description="Of a page that could not be read, a comment that says why.")
    images: list[OcrImage]
    dimensions: Dimensions | None
    ocr: dict[str, Any] | None = Field(default=None, description="Our own: `verdict`, or `error` of a failed page.")


class UsageInfo(BaseModel):
    """What was done."""

    pages_processed: int = Field(description="Pages that were read, without those that failed.")
    doc_size_bytes: int | None


class OcrResponse(BaseModel):
    """What was read of a document."""

    model_config = ConfigDict(extra="allow")

    pages: list[OcrPage]
    model: str
    document_annotation: str | None
    usage_info: UsageInfo
