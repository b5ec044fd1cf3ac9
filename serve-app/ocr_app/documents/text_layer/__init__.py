"""Searchable PDFs: the original with an invisible text layer.

- `write.py` takes a PDF and the text of its pages (`types.py`) and writes the result; `image_pdf.py` makes a PDF of
  images first; `job.py` is both for a child process, with JSON.
- `layer.py` adds the text of one page: `places.py` maps pixels to the page, `content.py` writes the lines, in the order
  of `bidi.py`, in the font of `font.py` and `glyphless.py`. `look.py` and `strip.py` know the text that is there.
- `lines_of_blocks.py` finds the lines of pages of which only blocks are known, in their ink (`ink.py`), and shares the
  text out (`share.py`).
"""
