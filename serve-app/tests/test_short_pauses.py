import gc
import sys
from collections.abc import Iterator

import pytest

from ocr_app.proxy import setup
from ocr_app.short_pauses import keep_pauses_short


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield
    sys.setswitchinterval(before)
    gc.unfreeze()


def test_turns_are_short_and_a_collection_leaves_out_what_is_there() -> None:
    kept = [[number] for number in range(100_000)]
    assert len(gc.get_objects()) > len(kept)
    keep_pauses_short()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
    assert gc.get_freeze_count() > len(kept)
    # All that a collection looks at.
    assert len(gc.get_objects()) < 1_000


def test_the_http_proxy_keeps_its_pauses_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "guard_connections", lambda: None)
    setup.middlewares()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
    assert gc.get_freeze_count() > 0
