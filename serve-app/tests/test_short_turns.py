import sys
from collections.abc import Iterator

import pytest

from ocr_app.proxy import setup
from ocr_app.short_turns import take_short_turns


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_threads_take_turns_ten_times_as_often() -> None:
    sys.setswitchinterval(0.005)
    take_short_turns()
    assert sys.getswitchinterval() == pytest.approx(0.0005)


def test_the_http_proxy_takes_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "guard_connections", lambda: None)
    sys.setswitchinterval(0.005)
    setup.middlewares()
    assert sys.getswitchinterval() == pytest.approx(0.0005)
