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


def test_every_kind_of_event_by_value() -> None:
    assert encode([Delta("a\n"), Delta("ü"), Done("stop", Usage(1, 2))]) == b'T"a\\n\\u00fc"\nD["stop",1,2,{}]\n'
    assert encode_error(RequestError("bad", param="p", code="c", status=413)) == b'R["bad","p","c",413]\n'
    assert encode_error(StartError("no GPU")) == b'S"no GPU"\n'


def test_errors() -> None:
    with pytest.raises(RequestError) as caught:
        list(decode(encode_error(RequestError("bad", param="p", code="c", status=413))))
    error = caught.value
    assert (error.message, error.param, error.code, error.status) == ("bad", "p", "c", 413)
    with pytest.raises(StartError, match="no GPU"):
        list(decode(encode_error(StartError("no GPU"))))


def test_nothing() -> None:
    assert list(decode(b"")) == []


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown kind 'X'"):
        list(decode(b'T"text"\nX[1]\n'))
