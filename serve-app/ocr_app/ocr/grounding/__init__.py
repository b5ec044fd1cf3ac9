"""DeepSeek-OCR's grounding language: `<|ref|>LABEL<|/ref|><|det|>[[x1, y1, x2, y2], …]<|/det|>` and what follows.

A page is a sequence of such heads, each followed by its text. `scanner.py` splits a growing output into events,
`boxes.py` reads the coordinates, `blocks.py` puts both together into the blocks of a page.

Model output can be cut off, loop or be malformed, so nothing here raises: a head that is unfinished or malformed is
read as far as it makes sense and marked as such.
"""
