"""What pydantic finds wrong, in words that say what to do."""

import json

import pytest

from ocr_app.api.errors import ApiError
from ocr_app.api.parser import parse
from ocr_app.settings import Settings


@pytest.mark.parametrize("kind", ["video_url", 7])
def test_an_unknown_part_is_refused_with_what_is_known(kind: object) -> None:
    part = {"type": kind, "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
    body = {
        "model": "deepseek-ocr",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Read"}, part]}],
    }
    with pytest.raises(ApiError) as caught:
        parse(json.dumps(body).encode(), Settings())
    assert caught.value.status == 400
    assert caught.value.param == "messages[0].content[1].type"
    assert "'text', 'image_url' or 'file'" in caught.value.message
