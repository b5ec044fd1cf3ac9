import sys
from pathlib import Path

import pytest

from tools.pages import golden
from tools.pages.__main__ import main


def test_the_golden_pages_are_drawn_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(golden, "write", lambda: [Path("letter.png"), Path("invoice.png")])
    assert main(["golden"]) == 0
    assert capsys.readouterr().out.splitlines() == ["letter.png", "invoice.png"]


def test_without_reportlab_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "reportlab", None)
    monkeypatch.delitem(sys.modules, "tools.pages.sample", raising=False)
    assert main(["sample"]) == 1
    assert "uv run --no-project --with reportlab==" in capsys.readouterr().err
