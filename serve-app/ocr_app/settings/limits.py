"""`limits`: what a single request may ask for."""

from pydantic import Field

from ocr_app.settings.section import Seconds, Section

MOST_BODY_BYTES = 2**31 - 2**20
"""What one message between Ray Serve's processes carries, less the headers of a request."""


class LimitSettings(Section):
    """What a single request may ask for."""

    max_body_bytes: int = Field(
        default=32 * 2**20,
        ge=1_024,
        le=MOST_BODY_BYTES,
        description="Largest request body, in bytes; a larger one is answered 413.",
    )
    max_text_bytes: int = Field(
        default=4 * 2**20,
        ge=1_024,
        description="Largest part of a request body besides the Base64 of its images, in bytes; a larger one is "
        "answered 413.",
    )
    max_json_values: int = Field(
        default=20_000,
        ge=100,
        description="Most JSON values in a request body (commas, opening brackets and braces outside of strings); more "
        "are answered 413. A message with one text has 3.",
    )
    max_images: int = Field(
        default=8, ge=1, le=64, description="Most images in one request; each page of a TIFF is one."
    )
    max_pages: int = Field(
        default=100, ge=1, le=10_000, description="Most pages of documents, such as PDFs, read in one chat request."
    )
    max_document_pages: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="Most pages of a document read in one request of /v1/ocr, /process or /documentintelligence.",
    )
    max_document_bytes: int = Field(
        default=50 * 2**20, ge=1_024, description="Largest PDF or TIFF of many pages, in bytes."
    )
    max_image_bytes: int = Field(default=20 * 2**20, ge=1_024, description="Largest decoded image file, in bytes.")
    max_image_pixels: int = Field(default=50_000_000, ge=1_024, description="Most pixels (width x height) of an image.")
    decode_cpu_s: Seconds = Field(
        default=10, description="Most CPU time for decoding one image, in seconds; after it the image is refused."
    )
    max_tokens: int = Field(
        default=8_192, ge=1, description="Context of the model; larger max_tokens are clamped to it."
    )
