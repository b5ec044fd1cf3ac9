"""`ocr.pages` and `ocr.password` of a request: what it says about documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ocr_app.api.page_choice import ranges_of
from ocr_app.documents.page_ranges import PageRanges
from ocr_app.engine.types import Json, RequestError

_LONGEST_PASSWORD = 1_000


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """What a request says about documents.

    Attributes:
        pages: Which pages are read; None for all.
        password: Of encrypted PDFs; empty for none. It must not reach a log, an error or the engine.
    """

    pages: PageRanges | None = None
    password: str = field(default="", repr=False)


def take_document_options(options: Mapping[str, Json]) -> tuple[dict[str, Json], DocumentOptions]:
    """Return the options without what is about documents, and that.

    Raises:
        ApiError: 400 for a choice of pages that makes no sense.
        RequestError: 400 for a password that is no string.
    """
    ocr = options.get("ocr")
    if not isinstance(ocr, dict):
        return dict(options), DocumentOptions()
    rest = {name: value for name, value in ocr.items() if name not in ("pages", "password")}
    others = {name: value for name, value in options.items() if name != "ocr"}
    return {**others, **({"ocr": rest} if rest else {})}, DocumentOptions(
        pages=ranges_of(ocr.get("pages"), first=1, param="ocr.pages"), password=_password(ocr.get("password"))
    )


def _password(value: Json) -> str:
    if value is None:
        return ""
    # The value is a secret, however wrong it is.
    if not isinstance(value, str) or len(value) > _LONGEST_PASSWORD:
        raise RequestError(
            f"'ocr.password' must be a string of at most {_LONGEST_PASSWORD:,} characters.",
            param="ocr.password",
            code="invalid_value",
        )
    return value
