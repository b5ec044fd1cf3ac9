import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ocr_app.ocr.verdict.__main__ import main

LOOP = "The same words again and again, as they come. " * 200


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_one_line_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, loop = tmp_path / "page.txt", tmp_path / "loop.txt"
    page.write_text("A page, whole.")
    loop.write_text("Begin. " + LOOP)
    assert main(["--finish", "length", str(page), str(loop)]) == 0
    first, second = lines(capsys.readouterr().out)
    assert first == {
        "file": str(page), "verdict": "truncated", "characters": 14, "kept": 14, "stopped_at": None, "why": None,
    }  # fmt: skip
    assert second["verdict"] == "looped"
    assert second["why"]["kind"] == "repeat"
    assert second["why"]["period"] == 46
    assert 5 <= second["why"]["start"] <= 51
    assert second["kept"] == second["why"]["start"] + 46
    assert 2_000 <= second["stopped_at"] <= 2_700


def test_the_end_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "short.txt"
    file.write_text(LOOP[:1_500])
    for finish, wanted in (("stop", "ok"), ("length", "looped")):
        assert main(["--finish", finish, str(file)]) == 0
        (line,) = lines(capsys.readouterr().out)
        assert (line["verdict"], line["stopped_at"]) == (wanted, None)


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.txt"
    good.write_text("words")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xff")
    assert main(["--finish", "stop", str(tmp_path / "none.txt"), str(tmp_path / "bad.txt"), str(good)]) == 2
    captured = capsys.readouterr()
    assert len(lines(captured.out)) == 1
    assert "none.txt" in captured.err
    assert "bad.txt" in captured.err


def test_it_runs_as_a_module_and_reads_the_standard_input() -> None:
    command = [sys.executable, "-m", "ocr_app.ocr.verdict", "--finish", "length", "-"]
    ran = subprocess.run(command, input=LOOP.encode(), capture_output=True, check=True, timeout=60)  # noqa: S603
    assert lines(ran.stdout.decode())[0]["verdict"] == "looped"
