"""What a child process of `ocr_app.untrusted` does for the job `searchable_pdf`.

The text of a long document does not fit in the arguments of a job, nor what was done with each page in its answer, so
they travel behind the file and behind the PDF: `pack` and `unpack` are for the parent.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ocr_app.documents.text_layer.from_json import page_text
from ocr_app.documents.text_layer.types import PageDone, Write
from ocr_app.engine.types import Json

_HEADER = 1024
"""A PDF's header is within so many bytes."""


def line_of(page: Mapping[str, Json]) -> bytes:
    """Return the text of a page, see `from_json.page_text`, as `pack` takes it: as objects it is many times larger."""
    # JSON escapes line ends.
    return json.dumps(page, ensure_ascii=False).encode("utf-8", "surrogatepass")


def pack(file: bytes, lines: Iterable[bytes]) -> tuple[bytes, dict[str, Json]]:
    """Return the data of a job, and its argument that says where the file ends.

    Args:
        file: A PDF or an image file.
        lines: The text of each page, from `line_of`.
    """
    return b"\n".join([file, *lines]), {"file_bytes": len(file)}


def unpack(result: bytes, answer: Mapping[str, Json]) -> tuple[bytes, list[PageDone]]:
    """Return the PDF, and what was done with each page, in the order of `pages`."""
    size = answer["pdf_bytes"]
    return result[:size], [PageDone(*done) for done in json.loads(result[size:])]


def searchable_pdf(data: bytes, args: Mapping[str, Any], write: Write) -> Mapping[str, Json]:
    """Make a searchable PDF of a PDF or an image file.

    Args:
        data: As `pack` returns it.
        args: `file_bytes`, where the file ends; `max_pixels`, most pixels of a page of an image file; and of a PDF, if
            wanted, `password`, `redo` and `force`, as in `write.add_text_layer`.
        write: Takes the PDF, and then what was done with each page.

    Returns:
        `pdf_bytes`, where the PDF ends.

    Raises:
        RequestError: The file cannot be opened, is signed, or is no image.
    """
    # Here, because most children never do this job, and some machines lack the libraries.
    from ocr_app.documents.text_layer.image_pdf import image_pdf
    from ocr_app.documents.text_layer.write import add_text_layer

    file, texts = data[: args["file_bytes"]], data[args["file_bytes"] :].splitlines()[1:]
    if b"%PDF-" not in file[:_HEADER]:
        made: list[bytes] = []
        image_pdf(file, made.append, max_pixels=args["max_pixels"])
        file = b"".join(made)
    size = 0

    def count(piece: bytes) -> None:
        nonlocal size
        size += len(piece)
        write(piece)

    done = add_text_layer(
        file,
        (page_text(json.loads(text)) for text in texts),
        count,
        password=args.get("password") or "",
        redo=bool(args.get("redo")),
        force=bool(args.get("force")),
    )
    write(json.dumps([[page.index, page.outcome, page.reason] for page in done]).encode())
    return {"pdf_bytes": size}
