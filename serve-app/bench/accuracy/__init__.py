"""How much of a page comes back: `npm run bench -- accuracy`, olmOCR-bench's rules over a folder of pages.

- `rules.py` loads the rules, `baseline.py` has the one that `bench.facts` lacks.
- `pages.py` makes images of the pages, `readers.py` reads them: this engine, Tesseract, any OpenAI endpoint.
- `score.py` counts, `report.py` shows.
"""
