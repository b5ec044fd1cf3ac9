"""How many views or tiles are encoded together."""

import pytest

GIB = 2**30


@pytest.mark.parametrize(
    ("side", "limit", "expected"),
    [(1_024, 0.02 * 80 * GIB, 4), (640, 0.02 * 80 * GIB, 27), (1_280, 0.02 * 80 * GIB, 1), (1_024, 0.02 * 24 * GIB, 1)],
)
def test_the_attention_bias_of_what_is_encoded_together_fits(side: int, limit: float, expected: int) -> None:
    from ocr_app.engine.vllm.encoder import at_once

    assert at_once(side, 2, int(limit)) == expected


def test_one_is_always_encoded() -> None:
    from ocr_app.engine.vllm.encoder import at_once

    assert at_once(1_280, 4, 1) == 1
    assert at_once(8, 2, 0) == 1
