"""Facts about a page, and whether they hold of the text that was read from it.

The rules are those of olmOCR-bench. deploy/golden/README.md explains them, and tests/facts/cases.jsonl gives examples,
which this module and its twin in TypeScript, deploy/score/facts.ts, must both judge alike.
"""

from bench.facts.check import Fact, check, failures, load

__all__ = ["Fact", "check", "failures", "load"]
