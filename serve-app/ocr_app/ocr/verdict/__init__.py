"""Judges whether a page came out whole, and finds outputs that repeat themselves, while they grow and at their end.

What is a loop and what an honest page that repeats itself often cannot be told before the end: a class register of
"present", a form of empty rows and a sheet of labels read like loops. Two facts decide:

- A page that the model ended itself is never a loop, however it reads.
- Until then only length speaks. Stopping late costs some seconds of GPU time, stopping early costs a page; so
  generation goes on until the repetition is longer than what a page holds.

`detector.py` watches a growing output. It looks for exact repetition (`repeats.py`), for repetition that the n-gram
guard has disturbed (`noise.py`), and for lists that only count (`counting.py`). `python -m ocr_app.ocr.verdict` judges
files.
"""

from ocr_app.ocr.verdict.detector import LoopDetector, find_loop
from ocr_app.ocr.verdict.judge import Verdict, end_alike, trim, verdict
from ocr_app.ocr.verdict.loop import Loop, LoopKind

__all__ = ["Loop", "LoopDetector", "LoopKind", "Verdict", "end_alike", "find_loop", "trim", "verdict"]
