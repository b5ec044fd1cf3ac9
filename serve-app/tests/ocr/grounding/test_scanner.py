from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.grounding.scanner import Scanner, Text, scan
from tests.ocr.grounding.outputs import PIECES


@given(PIECES, st.data())
def test_events_do_not_depend_on_how_the_output_is_cut(output: str, data: st.DataObject) -> None:
    scanner, events, rest = Scanner(), [], output
    while rest:
        size = data.draw(st.integers(1, 7))
        events += scanner.feed(rest[:size])
        rest = rest[size:]
    events += scanner.close()
    assert joined(events) == joined(scan(output))


def joined(events: Sequence[object]) -> list[object]:
    merged: list[object] = []
    for event in events:
        if isinstance(event, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + event.text)
        else:
            merged.append(event)
    return merged
