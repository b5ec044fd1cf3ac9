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


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"max_file_bytes": 2_049, "max_total_bytes": 2_048}, r"files\.max_total_bytes \(2048\) must be at least"),
        ({"lifetime_s": 3_601, "max_lifetime_s": 3_600}, r"files\.max_lifetime_s \(3600\) must be at least"),
        ({"max_lifetime_s": 30 * 86_400 + 1}, "less than or equal to 2592000"),
    ],
)
def test_bounds_of_files_that_contradict_each_other_are_refused(files: dict[str, int], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings.model_validate({"files": files})
