"""Processes that are killed in the middle of 200 pages, on Ray Serve."""

import base64
import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import httpx
import psutil

from tests.documents import pdfs
from tests.e2e.service import AppUnderTest, wait_for

PAGES = 200
PDF = "data:application/pdf;base64," + base64.b64encode(pdfs.pages(PAGES)).decode()


def pages(app: AppUnderTest, **fields: Any) -> Iterator[dict[str, Any]]:
    """Yield the pages of a stream as they come, until its end or its death."""
    body = {"model": None, "document": {"document_url": PDF}, "stream": True, **fields}
    with httpx.stream("POST", f"{app.url}/v1/ocr", json=body, timeout=120) as response:
        assert response.status_code == 200
        try:
            for line in response.iter_lines():
                if line.startswith('data: {"object":"ocr.page"'):
                    yield json.loads(line[6:])["page"]
        except httpx.HTTPError:
            return


def drawing(app: AppUnderTest) -> list[int]:
    """Process ids of those that draw the pages."""
    (api,) = app.pids("Api")
    children = psutil.Process(api).children(recursive=True)
    return [child.pid for child in children if "ocr_app.untrusted.child" in child.cmdline()]


def test_every_page_comes_though_a_process_that_draws_and_the_engine_are_killed(paging: AppUnderTest) -> None:
    came = []
    for page in pages(paging):
        came.append(page)
        if len(came) == 20:
            os.kill(drawing(paging)[0], signal.SIGKILL)
        if len(came) == 60:
            (engine,) = paging.pids("Engine")
            os.kill(engine, signal.SIGKILL)
    assert [page["index"] for page in came] == list(range(PAGES))
    assert [page for page in came if "error" in page.get("ocr", {})] == []


def test_the_rest_can_be_asked_for_after_the_api_was_killed(paging: AppUnderTest) -> None:
    came = []
    for page in pages(paging):
        came.append(page["index"])
        if len(came) == 20:
            (api,) = paging.pids("Api")
            os.kill(api, signal.SIGKILL)
    assert 20 <= len(came) < PAGES
    wait_for(lambda: paging.engine_state() in ("ready", "asleep"), 60, "the Api is back")
    came += [page["index"] for page in pages(paging, pages=f"{len(came)}-{PAGES - 1}")]
    assert came == list(range(PAGES))
