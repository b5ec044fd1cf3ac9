"""The jobs that a child process can do, by name."""

from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.documents import child, cut, preview
from ocr_app.untrusted import decoding
from ocr_app.untrusted.memory import File

Write = Callable[[bytes], None]
"""Takes the next piece of the result."""

Job = Callable[[File, Mapping[str, Any], Write], Mapping[str, Any]]
"""Takes a file, the job's arguments and `Write`; returns what the parent gets beside the result."""

JOBS: dict[str, Job] = {
    "decode_image": decoding.decode,
    "open_pdf": child.open_pdf,
    "draw_pdf_page": child.draw_pdf_page,
    "judge_pdf_page": child.judge_pdf_page,
    "draw_tiff_page": child.draw_tiff_page,
    "cut_pictures": cut.cut_pictures,
    "preview_page": preview.preview_page,
    "searchable_pdf": child.searchable_pdf,
}
"""A client's file goes in, what was made of it comes out."""
