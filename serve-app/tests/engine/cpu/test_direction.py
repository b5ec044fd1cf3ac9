from typing import Any

import numpy as np
import pytest
from PIL import Image

from ocr_app.engine.cpu import detection, direction, models, recognition
from tools.pages import fonts, texts
from tools.pages.canvas import Canvas, Style


def long_lines() -> Image.Image:
    """Three lines, each some 150 times as long as high."""
    canvas = Canvas(3_400, 400, 60)
    for text in texts.ENGLISH[:3]:
        canvas.write(" ".join([text] * 4)[:330], Style(fonts.NOTO_SERIF, 20, leading=1.45, after=0.7))
    return canvas.cropped()


@pytest.mark.parametrize(("turned", "turns"), [(0, 0), (180, 2)])
def test_long_lines_tell_their_direction_by_their_middle(
    turned: int, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = models.load(2)
    page = np.asarray(long_lines().rotate(turned))[..., ::-1].copy()
    quads = detection.detect(loaded.detection, page, 4_000)
    seen: list[int] = []
    recognize = recognition.recognize

    def recording(session: Any, characters: tuple[str, ...], crops: list[Any]) -> list[recognition.CropText]:
        seen.extend(recognition.network_width(crop.shape[1], crop.shape[0]) for crop in crops)
        return recognize(session, characters, crops)

    monkeypatch.setattr(recognition, "recognize", recording)
    # The classifier alone would decide most pages.
    monkeypatch.setattr(direction, "_upside_down", lambda models, crops: len(crops))
    assert direction.quarter_turns(loaded, page, quads) == turns
    assert seen
    assert max(seen) <= 20 * recognition.HEIGHT_PX
