"""PDFs that are small and cost much, while and before others want a page read."""

from collections.abc import Callable
from functools import partial

from faults.case import Case, Need, Outcome
from faults.goals import NONE_LOST_RAW, SETTLES, answered_within, health_under, memory_under
from faults.kinds.images import each
from faults.pages import chat_request
from faults.trial import Trial
from tests.documents import pdfs

_PAGE_S = 30.0
"""`documents.page_cpu_s`."""

_MANY = 100

FILES: dict[str, Callable[[], bytes]] = {
    "drawing_without_end": pdfs.drawing_bomb,
    "picture_of_900_megapixels": partial(pdfs.image_bomb, 30_000),
    "page_of_70_metres": partial(pdfs.one, box=(0, 0, 200_000, 200_000)),
    "a_billion_pages_claimed": partial(pdfs.claims_pages, 10**9),
    "too_many_pages": partial(pdfs.pages, 1_000, (0, 0, 40, 20)),
    "many_pages": partial(pdfs.pages, _MANY, (0, 0, 40, 20)),
    "cut_off": lambda: pdfs.truncated(pdfs.pages(_MANY))[4],
}


def _each(trial: Trial, build: Callable[[], bytes], name: str) -> Outcome:
    return each(trial, partial(chat_request, build(), "application/pdf"), name)


CASES = tuple(
    Case(
        f"documents/{name}",
        f"the PDF {name}, with honest pages beside and after it",
        partial(_each, build=build, name=name),
        (answered_within(3 * _PAGE_S), NONE_LOST_RAW, health_under(100), memory_under(1024), SETTLES),
        Need("cpu"),
    )
    for name, build in FILES.items()
)
