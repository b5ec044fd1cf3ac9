"""Files on Ray Serve: larger than other bodies, by URL below the application's prefix, and there after a death."""

import os
import signal

import httpx
import openai

from ocr_app.settings import Settings
from tests.e2e.service import AppUnderTest, wait_for

LARGE = b"%PDF-1.7\n" + os.urandom(2**20) * (Settings().limits.max_body_bytes // 2**20 + 2)


def test_a_file_outlives_the_api(main: AppUnderTest) -> None:
    client = openai.OpenAI(base_url=f"{main.url}/v1", api_key="none", timeout=60)
    made = client.files.create(file=("large.pdf", LARGE), purpose="user_data")
    assert made.bytes == len(LARGE)
    url = httpx.get(f"{main.url}/v1/files/{made.id}/url").json()["url"]
    assert url.startswith(f"{main.url}/v1/files/{made.id}/content?")
    (api,) = main.pids("Api")
    os.kill(api, signal.SIGKILL)
    wait_for(lambda: main.pids("Api") not in ([], [api]), 60, "another Api")
    wait_for(lambda: httpx.get(url, timeout=30).content == LARGE, 60, "the file")
    assert [file.id for file in client.files.list()] == [made.id]
    client.files.delete(made.id)
    assert httpx.get(url).status_code == 404
