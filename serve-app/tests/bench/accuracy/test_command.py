"""The whole command, with readers that need no engine."""

import json
from pathlib import Path

import pytest
from PIL import Image

from bench.accuracy import __main__ as command
from bench.accuracy.pages import Page
from bench.accuracy.readers import Endpoint, ReadError, Tesseract


class Parrot:
    """Reads the same from each page."""

    name = "parrot"

    def __init__(self, text: str | None) -> None:
        self._text = text

    async def start(self) -> None: ...

    async def read(self, page: Page) -> str:
        assert page.image.startswith(b"\x89PNG")
        if self._text is None:
            raise ReadError("it is asleep")
        return self._text

    async def close(self) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean").mkdir()
    Image.new("RGB", (60, 40), "white").save(tmp_path / "clean" / "a.png")
    common = {"pdf": "clean/a.png", "page": 1}
    rules = [
        {**common, "id": "name", "type": "present", "text": "polly"},
        {**common, "id": "drink", "type": "present", "text": "coffee"},
        {**common, "id": "sum", "type": "math", "math": "1+1"},
    ]
    (tmp_path / "talk.jsonl").write_text("\n".join(map(json.dumps, rules)), "utf-8")
    return tmp_path


def test_the_table_counts_and_the_failed_rules_are_listed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_readers", lambda _: [Parrot("polly wants tea"), Parrot(None)])
    out, texts = folder / "out.json", folder / "texts"
    assert command.main(["--pages", str(folder), "--failed", "--json", str(out), "--texts", str(texts)]) == 1
    shown = capsys.readouterr().out
    assert "| talk | 50.0 % (1 of 2) | 0.0 % (0 of 2) |" in shown
    assert "| baseline | 100.0 % (1 of 1) | 0.0 % (0 of 1) |" in shown
    assert "| **mean of the categories** | 75.0 %" in shown
    assert "| **all rules** | 66.7 % (2 of 3) | 0.0 % (0 of 3) |" in shown
    assert "| parrot | clean |" in shown
    assert "Skipped: 1 math." in shown
    assert "parrot could not read clean/a.png, page 1: it is asleep" in shown
    assert "parrot: talk: drink (present): 'coffee' is missing (allowed: 0 characters)" in shown
    rules = json.loads(out.read_text("utf-8"))["readers"]["parrot"]["rules"]
    assert set(rules) == {"name", "drink", "clean/a.png_baseline"}
    assert (texts / "parrot" / "clean" / "a_pg1_repeat1.md").is_file()


def test_the_exit_code_says_whether_every_reader_could_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_readers", lambda _: [Parrot("polly")])
    assert command.main(["--pages", str(folder)]) == 0


def test_what_was_kept_is_judged_again_without_reading(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = folder / "old" / "clean" / "a_pg1_repeat1.md"
    text.parent.mkdir(parents=True)
    text.write_text("polly likes coffee", "utf-8")
    words = ["--pages", str(folder), "--readers", "none", "--read", str(folder / "old")]
    assert command.main(words) == 0
    shown = capsys.readouterr().out
    assert "| category | old |" in shown
    assert "| seconds a page, median | – |" in shown
    text.unlink()
    assert command.main(words) == 1
    assert "old could not read clean/a.png, page 1: there is no " in capsys.readouterr().out


def test_what_cannot_be_measured_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--pages", str(folder), "--readers", "none"]) == 1
    assert "Nothing is left that could read the pages" in capsys.readouterr().err
    assert command.main(["--pages", str(folder), "--only", "walk"]) == 1
    assert "There are no rules of walk" in capsys.readouterr().err
    (folder / "clean" / "a.png").unlink()
    assert command.main(["--pages", str(folder), "--endpoint", "http://127.0.0.1:9", "--readers", "none"]) == 1
    assert "The rules name clean/a.png, which is neither in" in capsys.readouterr().err


def test_without_tesseract_the_run_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Tesseract, "installed", lambda: False)
    assert command.main(["--pages", str(folder), "--readers", "tesseract"]) == 1
    assert "Tesseract is skipped: it is not installed." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "base"),
    [("http://127.0.0.1:9", "http://127.0.0.1:9/v1/"), ("http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/")],
)
def test_an_endpoint_without_a_path_gets_one(url: str, base: str) -> None:
    assert str(Endpoint(url, "m", "k")._client.base_url) == base
