import io
from pathlib import Path

import pytest
from PIL import Image

from tests.documents import pdfs
from tools.pdf_to_images import convert, count_pages, main

SAMPLE = Path(__file__).parents[3] / "examples" / "sample.pdf"


def test_pages_become_png_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SAMPLE), str(tmp_path / "out"), "--dpi", "72"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert Path(line) == tmp_path / "out" / "page-0001.png"
    with Image.open(line) as image:
        assert (image.format, image.size) == ("PNG", (596, 842))


def test_the_default_is_144_dpi_and_more_for_small_pages(tmp_path: Path) -> None:
    small = tmp_path / "small.pdf"
    Image.new("RGB", (100, 200), "white").save(small, "PDF", resolution=72)
    for source, longest in ((SAMPLE, 1684), (small, 1600)):
        (page,) = convert(source, tmp_path / source.stem)
        with Image.open(page) as image:
            assert max(image.size) == longest


def test_filled_in_fields_are_drawn(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(pdfs.form())
    (page,) = convert(tmp_path / "form.pdf", tmp_path)
    with Image.open(page) as image:
        assert image.convert("L").getextrema()[0] < 50


def test_only_the_first_pages(tmp_path: Path) -> None:
    three = tmp_path / "three.pdf"
    pages = [Image.new("RGB", (100, 100), colour) for colour in ("red", "green", "blue")]
    pages[0].save(three, "PDF", save_all=True, append_images=pages[1:])
    assert [path.name for path in convert(three, tmp_path, first=2)] == ["page-0001.png", "page-0002.png"]


def test_a_tiff_of_several_pages_becomes_so_many_images(tmp_path: Path) -> None:
    source = tmp_path / "fax.tif"
    Image.new("L", (30, 20), "white").save(source, save_all=True, append_images=[Image.new("L", (20, 40))] * 2)
    assert count_pages(source) == 3
    pages = list(convert(source, tmp_path / "out", first=2))
    assert [path.name for path in pages] == ["page-0001.png", "page-0002.png"]
    assert [Image.open(path).size for path in pages] == [(30, 20), (20, 40)]


def test_an_image_passes_through_unchanged(tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    Image.new("RGB", (10, 10), "red").save(source)
    (copy,) = convert(source, tmp_path / "out")
    assert copy.read_bytes() == source.read_bytes()


def test_errors_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.pdf"), str(tmp_path)]) == 2
    assert "is not a file" in capsys.readouterr().err
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    assert main([str(tmp_path / "broken.pdf"), str(tmp_path)]) == 1
    assert "cannot be read as a PDF" in capsys.readouterr().err


def test_pages_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    three = tmp_path / "three.pdf"
    pages = [Image.new("RGB", (100, 100), colour) for colour in ("red", "green", "blue")]
    pages[0].save(three, "PDF", save_all=True, append_images=pages[1:])
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n"))
    assert main([str(three), str(tmp_path / "out"), "--ask"]) == 0
    count, *paths = capsys.readouterr().out.splitlines()
    assert count == "3"
    assert [Path(path).name for path in paths] == ["page-0001.png", "page-0002.png"]
    assert not (tmp_path / "out" / "page-0003.png").exists()


def test_images_that_the_api_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("1", (10_000, 6_000)).save(tmp_path / "wide.png")
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "empty.png").touch()
    with (tmp_path / "heavy.png").open("wb") as file:
        file.truncate(20 * 2**20 + 1)
    for name, reason in (
        ("wide.png", "10000 x 6000 = 60,000,000 pixels; at most 50,000,000"),
        ("text.png", "text.png cannot be read as an image"),
        ("empty.png", "0 bytes"),
        ("heavy.png", "20,971,521 bytes; at most 20,971,520"),
    ):
        assert main([str(tmp_path / name), str(tmp_path / "out")]) == 1
        assert reason in capsys.readouterr().err
