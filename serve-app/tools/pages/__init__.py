"""Draws pages whose text is known: `python -m tools.pages [sample|golden]`, in serve-app.

- `sample.py`: examples/sample.pdf, the page that `npm start` reads first.
- `golden.py`: deploy/golden/*.png, the pages that every deploy reads.
- `collection/`: pages of eleven kinds with rules, which `npm run bench -- accuracy` reads.
- `plain.py` and `scan.py`: pages for tests, clean and as a poor scan shows them; their words are in `texts.py`.

All but the sample are drawn on a `Canvas` (`canvas.py`). A page described with the elements of `content.py` also gives
the Markdown that a good reading of it returns.
"""
