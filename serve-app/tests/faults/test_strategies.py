import json

from hypothesis import find, given, settings

from faults.strategies import bodies

LIMIT = 5_000


@given(bodies(LIMIT))
@settings(max_examples=300)
def test_no_body_is_above_the_limit(body: bytes) -> None:
    assert len(body) <= LIMIT


def test_bodies_are_shaped_and_not() -> None:
    def is_json(body: bytes) -> bool:
        try:
            return isinstance(json.loads(body), dict)
        except (ValueError, RecursionError):  # a deep body is JSON, but not for Python
            return False

    quick = settings(max_examples=5_000, database=None)
    find(bodies(LIMIT), lambda body: is_json(body) and len(body) > LIMIT // 2, settings=quick)
    find(bodies(LIMIT), lambda body: is_json(body) and len(json.loads(body).get("messages", [])) > 500, settings=quick)
    find(bodies(LIMIT), lambda body: bool(body) and not is_json(body), settings=quick)
