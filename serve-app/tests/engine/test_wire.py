import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.types import Delta, Done, EngineEvent, RequestError, StartError, Usage
from ocr_app.engine.wire import decode, encode, encode_error

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(texts), st.booleans())
def test_round_trip_joins_neighbouring_text(words: list[str], finished: bool) -> None:
    done = [Done("length", Usage(3, 4), {"pages": [{"verdict": "ok"}]})] if finished else []
    events: list[EngineEvent] = [*(Delta(word) for word in words), *done]
    back = list(decode(encode(events)))
    assert "".join(event.text for event in back if isinstance(event, Delta)) == "".join(words)
    assert sum(isinstance(event, Delta) for event in back) == min(1, len(words))
    assert [event for event in back if isinstance(event, Done)] == done


def test_errors() -> None:
    with pytest.raises(RequestError) as caught:
        list(decode(encode_error(RequestError("bad", param="p", code="c", status=413))))
    error = caught.value
    assert (error.message, error.param, error.code, error.status) == ("bad", "p", "c", 413)
    with pytest.raises(StartError, match="no GPU"):
        list(decode(encode_error(StartError("no GPU"))))


def test_nothing() -> None:
    assert list(decode(b"")) == []
