import pytest

from ocr_app.documents.kinds import kind_of
from tests.api.support import image_bytes
from tests.api.test_pictures import tiff
from tests.documents import pdfs


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdfs.one(), "pdf"),
        (b"From the scanner\n" * 20 + pdfs.one(), "pdf"),
        (b"x" * 1024 + pdfs.one(), None),
        (tiff(2), "tiff"),
        (image_bytes("PNG"), "image"),
        (image_bytes("JPEG")[:20] + b"%PDF-1.7", "image"),
        (b"PK\x03\x04 word/document.xml", None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_by_content(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind
