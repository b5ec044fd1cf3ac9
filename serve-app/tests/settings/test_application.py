import pytest
from pydantic import ValidationError

from ocr_app.settings import Settings


def test_the_largest_body_must_find_room() -> None:
    with pytest.raises(ValidationError, match=r"queue\.max_bytes_in_flight \(2048\) must be at least"):
        Settings.model_validate({"limits": {"max_body_bytes": 2_049}, "queue": {"max_bytes_in_flight": 2_048}})
    Settings.model_validate({"limits": {"max_body_bytes": 2_048}, "queue": {"max_bytes_in_flight": 2_048}})


def test_a_body_that_no_message_carries_is_refused() -> None:
    with pytest.raises(ValidationError, match="less than or equal"):
        Settings.model_validate({"limits": {"max_body_bytes": 2**31}, "queue": {"max_bytes_in_flight": 2**40}})
