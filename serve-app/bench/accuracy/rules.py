"""The rules of a folder: files `*.jsonl` in the format of olmOCR-bench, each of which is a category."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import facts
from bench.accuracy import baseline

SKIPPED = ("math", "format", "footnote")
"""Types that are counted and not judged. Formulas need a browser that draws them; no engine here marks the others."""

BASELINE = "baseline"
"""The type, and the category of those that no file has: as in olmOCR-bench, each document gets one."""


class RulesError(ValueError):
    """A folder has no rules, or one of them makes no sense; says which and what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        category: Name of its file, without `.jsonl`.
        id: Different from those of all other rules.
        document: Path of the PDF or image, as the rule names it.
        page: Of the document, from 1.
        type: Such as `present`.
        fields: All of them, by olmOCR-bench's names.
    """

    category: str
    id: str
    document: str
    page: int
    type: str
    fields: Mapping[str, Any]

    @property
    def group(self) -> str | None:
        """First folder of the document's path, such as `faxed`; None without one."""
        first, slash, _ = self.document.partition("/")
        return first if slash else None

    @property
    def judged(self) -> bool:
        """Whether `judge` can tell if it holds."""
        return self.type not in SKIPPED and not self.fields.get("ignore_markdown_tables")


def judge(rule: Rule, text: str) -> str | None:
    """Return why a rule does not hold of a page's text, or None if it does."""
    if rule.type == BASELINE:
        return baseline.check(rule.fields, text)
    return facts.check(rule.fields, text)


def load(folder: Path) -> list[Rule]:
    """Return the rules of a folder, those of one document together.

    Raises:
        RulesError: There are none, or one is not in the format.
    """
    files = sorted(folder.glob("*.jsonl"))
    found = [rule for path in files for rule in _read(path)]
    if not found:
        raise RulesError(f"{folder} has no rules. Put files *.jsonl in olmOCR-bench's format there, beside the pages.")
    seen: set[str] = set()
    for rule in found:
        if rule.id in seen:
            raise RulesError(f"Two rules in {folder} have the id {rule.id!r}. Give each its own.")
        seen.add(rule.id)
    documents = dict.fromkeys(rule.document for rule in found)
    with_baseline = {rule.document for rule in found if rule.type == BASELINE}
    found += [
        Rule(BASELINE, f"{document}_baseline", document, 1, BASELINE, {})
        for document in documents
        if document not in with_baseline
    ]
    places = {document: place for place, document in enumerate(documents)}
    return sorted(found, key=lambda rule: (places[rule.document], rule.page))


def _read(path: Path) -> list[Rule]:
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            try:
                found.append(_rule(path.stem, json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                reason = f"{error} is missing" if isinstance(error, KeyError) else error
                raise RulesError(f"{path}, line {number}: {reason}") from error
    return found


def _rule(category: str, fields: Any) -> Rule:
    if not isinstance(fields, dict):
        raise ValueError("a rule is a JSON object with the fields of olmOCR-bench")
    rule = Rule(category, fields["id"], fields["pdf"], fields["page"], fields["type"], fields)
    for name, value, wanted in (("id", rule.id, str), ("pdf", rule.document, str), ("page", rule.page, int)):
        if not isinstance(value, wanted) or not value:
            raise ValueError(f"{name} is {value!r}; it must be {'a text' if wanted is str else 'a number from 1'}")
    if rule.judged:
        judge(rule, "|a page|\n|without|")  # raises what is wrong with it
    return rule
