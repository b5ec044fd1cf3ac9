"""What pydantic finds wrong, in words that say what to do."""

import json

import pytest

from ocr_app.api.errors import ApiError
from ocr_app.api.parser import parse
from ocr_app.settings import Settings


@pytest.mark.parametrize(("kind", "advised"), [("file", True), ("input_file", True), ("video_url", False), (7, False)])
def test_a_document_among_the_parts_is_refused_with_what_to_do(kind: object, advised: bool) -> None:
    part = {"type": kind, "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
    body = {
        "model": "deepseek-ocr",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Read"}, part]}],
    }
    with pytest.raises(ApiError) as caught:
        parse(json.dumps(body).encode(), Settings())
    assert caught.value.status == 400
    assert caught.value.param == "messages[0].content[1].type"
    assert ("Turn its pages into images first." in caught.value.message) is advised
