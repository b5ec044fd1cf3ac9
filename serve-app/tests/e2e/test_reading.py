"""Pages of PDFs through the whole service to text, with the engine that a laptop runs."""

from pathlib import Path
from typing import Any

import openai
import pytest

from bench import facts
from ocr_app.ocr.page_break import PAGE_BREAK
from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION
from tests.api.documents import file_part
from tests.api.support import chat, data_uri, image_part
from tests.e2e.service import AppUnderTest
from tests.pages.expected import PAGES, ROOT, expected
from tools.pdf_to_images import convert

REAL_PAGE = PAGES / "multi_column_miss.pdf"


def read(reading: AppUnderTest, image: Path) -> openai.types.chat.ChatCompletion:
    client = openai.OpenAI(base_url=f"{reading.url}/v1", api_key="none", timeout=120, max_retries=0)
    body = chat(image_part(data_uri(image.read_bytes())), {"type": "text", "text": DEFAULT_INSTRUCTION})
    answer = client.chat.completions.create(**body, temperature=0.0, max_tokens=8192)
    assert isinstance(answer, openai.types.chat.ChatCompletion)
    return answer


def test_the_bundled_sample(reading: AppUnderTest, tmp_path: Path) -> None:
    (image,) = convert(ROOT / "examples" / "sample.pdf", tmp_path)
    answer = read(reading, image)
    text = answer.choices[0].message.content or ""
    assert facts.failures(facts.load(ROOT / "examples" / "sample.facts.jsonl"), text) == []
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 50


@pytest.mark.parametrize("stream", [False, True])
def test_a_pdf_as_it_is(reading: AppUnderTest, stream: bool) -> None:
    client = openai.OpenAI(base_url=f"{reading.url}/v1", api_key="none", timeout=120, max_retries=0)
    part = file_part((ROOT / "examples" / "sample.pdf").read_bytes())
    answer: Any = client.chat.completions.create(
        **chat(part, part, {"type": "text", "text": DEFAULT_INSTRUCTION}), stream=stream
    )
    if stream:
        chunks = list(answer)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        pages = chunks[-1].ocr["pages"]
    else:
        text = answer.choices[0].message.content
        pages = answer.ocr["pages"]
    assert [(page["document"], page["source_page"], page["verdict"]) for page in pages] == [(0, 1, "ok"), (1, 1, "ok")]
    first, second = text.split(PAGE_BREAK)
    assert first == second
    assert facts.failures(facts.load(ROOT / "examples" / "sample.facts.jsonl"), first) == []


def test_a_real_page(reading: AppUnderTest, tmp_path: Path) -> None:
    if not REAL_PAGE.is_file():
        pytest.skip(f"the real pages are not there ({REAL_PAGE.parent})")
    (image,) = convert(REAL_PAGE, tmp_path, first=1)
    known = [fact for fact in expected() if fact["pdf"] == REAL_PAGE.name]
    assert facts.failures(known, read(reading, image).choices[0].message.content or "") == []


def test_a_truncated_image_is_the_clients_mistake(reading: AppUnderTest, tmp_path: Path) -> None:
    (image,) = convert(ROOT / "examples" / "sample.pdf", tmp_path)
    image.write_bytes(image.read_bytes()[:-20_000])
    with pytest.raises(openai.BadRequestError) as caught:
        read(reading, image)
    assert caught.value.code == "invalid_image"
    assert caught.value.param == "messages[0].content[0].image_url.url"
