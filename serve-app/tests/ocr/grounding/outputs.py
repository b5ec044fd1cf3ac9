"""Outputs of the model, made for the tests."""

from hypothesis import strategies as st

from ocr_app.ocr.grounding.boxes import Box

A, B = Box(10, 20, 300, 40), Box(5, 50, 990, 900)


def head(label: str, *boxes: Box) -> str:
    inner = ", ".join(f"[{box.x1}, {box.y1}, {box.x2}, {box.y2}]" for box in boxes)
    return f"<|ref|>{label}<|/ref|><|det|>[{inner}]<|/det|>\n"


PIECES = st.lists(
    st.sampled_from(
        ["<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<image>", "<|grounding|>", "[[1, 2, 3, 4]]", "[[1,2", "]", "<",
         "<|", "|>", "\n", "\n\n\n", " ", "text", "image", "a < b", "1. One", "\\coloneqq", "<td>", "é",
         "table_caption", "<center>", "</center>", "<table>", "</table>"]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)  # fmt: skip
"""Outputs put together from marks, fragments of them and any text."""
