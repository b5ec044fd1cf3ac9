import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Encryption
from PIL import Image

from ocr_app.documents.text_layer.from_json import page_text
from ocr_app.documents.text_layer.job import line_of, pack, searchable_pdf, unpack
from ocr_app.documents.text_layer.types import PageDone
from ocr_app.engine.types import Json, RequestError
from tests.documents.text_layer.support import found_box, pdf_of, saved, text_of


def run(file: bytes, pages: list[dict[str, Json]], **args: Any) -> tuple[bytes, list[PageDone]]:
    data, where = pack(file, map(line_of, pages))
    result: list[bytes] = []
    answer = searchable_pdf(data, {"max_pixels": 1_000_000, **where, **args}, result.append)
    return unpack(b"".join(result), answer)


def lines(index: int, text: str) -> dict[str, Json]:
    line = {"text": text, "box": [40, 40, 200, 60], "confidence": 0.98}
    return {"index": index, "width": 400, "height": 400, "verdict": "ok", "lines": [line]}


def test_a_pdf_with_lines_and_with_blocks() -> None:
    blocks = [{"label": "title", "text": "# A *title*", "boxes": [[40, 40, 200, 60]]}]
    pages = [lines(0, "A line of 漢字"), {"index": 1, "width": 400, "height": 400, "blocks": blocks}]
    result, done = run(saved(pdf_of(b"", b"")), pages)
    assert done == [PageDone(0, "added"), PageDone(1, "added")]
    assert [text_of(result, index) for index in (0, 1)] == ["A line of 漢字", "A title"]


def test_an_image() -> None:
    file = io.BytesIO()
    Image.new("L", (400, 400), "white").save(file, "PNG")
    result, done = run(file.getvalue(), [lines(0, "words of a scan")])
    assert done == [PageDone(0, "added")]
    assert text_of(result) == "words of a scan"


def test_the_wishes_of_the_client() -> None:
    old = pdf_of(b"BT 3 Tr /F1 12 Tf 20 300 Td (old) Tj ET")
    secret = saved(old, encryption=Encryption(user="secret", owner="secret"))
    with pytest.raises(RequestError, match="encrypted"):
        run(secret, [lines(0, "new")])
    _, done = run(secret, [lines(0, "new")], password="secret")
    assert [page.outcome for page in done] == ["skipped"]
    result, done = run(secret, [lines(0, "new")], password="secret", redo=True)
    assert [page.outcome for page in done] == ["replaced"]
    assert text_of(result, password="secret") == "new"
    signed = pdf_of(b"")
    signed.Root.Perms = pikepdf.Dictionary(DocMDP=pikepdf.Dictionary())
    with pytest.raises(RequestError, match="signed"):
        run(saved(signed), [lines(0, "new")])
    assert run(saved(signed), [lines(0, "new")], force=True)[1] == [PageDone(0, "added")]


def test_more_text_than_the_arguments_of_a_job_may_have() -> None:
    result, done = run(
        saved(pdf_of(*[b""] * 300)), [lines(index, f"page {index} " + "word " * 100) for index in range(300)]
    )
    assert [page.outcome for page in done] == ["added"] * 300
    assert text_of(result, 299).startswith("page 299 word")


def test_skew_and_turns_of_the_cpu_engine() -> None:
    page = lines(0, "a line that sinks")
    sunk = page_text(page | {"skew_degrees": 2.0}).lines[0].quad
    assert sunk[1][1] > sunk[0][1]
    turned = page_text(page | {"turned_degrees": 90})
    assert turned.quarter_turns == 1
    with pytest.raises(ValueError, match="turned_degrees"):
        page_text(page | {"turned_degrees": 45})
    result, _ = run(saved(pdf_of(b"")), [page | {"turned_degrees": 180}])
    assert found_box(result, "sinks", 400) is not None


def test_a_line_by_its_corners() -> None:
    quad = [[40, 60], [200, 40], [204, 60], [44, 80]]
    assert page_text(lines(0, "") | {"lines": [{"text": "x", "quad": quad}]}).lines[0].quad == tuple(map(tuple, quad))
