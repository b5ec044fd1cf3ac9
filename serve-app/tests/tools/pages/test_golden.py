from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.pages import golden
from tools.pages.content import Columns, Heading, Paragraph, Table, markdown
from tools.pages.errors import NotInstalledError


def test_a_page_as_markdown() -> None:
    elements = (
        Heading("Title"),
        Columns((Heading("Left", level=2), Paragraph("One.")), (Paragraph("Two.", bold=True),)),
        Table((("a", "b"), ("1", "2"))),
    )
    assert markdown(elements) == "# Title\n\n## Left\n\nOne.\n\n**Two.**\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"


@pytest.mark.parametrize("name", golden.PAGES)
def test_the_committed_text_is_what_is_drawn(name: str) -> None:
    assert (golden.FOLDER / f"{name}.md").read_text("utf-8") == markdown(golden.PAGES[name])


def test_every_committed_image_is_drawn_here() -> None:
    assert {path.stem for path in golden.FOLDER.glob("*.png")} == set(golden.PAGES)


def test_the_committed_images_show_what_is_drawn(tmp_path: Path) -> None:
    try:
        drawn = golden.write(tmp_path)
    except NotInstalledError as error:
        pytest.skip(str(error))
    for path in drawn:
        with Image.open(path) as ours, Image.open(golden.FOLDER / path.name) as committed:
            assert (ours.mode, ours.size) == (committed.mode, committed.size)
            # Another version of Pillow or of the fonts smooths the letters in its own way, but no line moves.
            assert np.abs(np.asarray(ours, dtype=int) - np.asarray(committed, dtype=int)).mean() < 2, path.name
