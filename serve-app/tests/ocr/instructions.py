"""Instructions as people write them, with the rule that each must select."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One line of instructions.tsv.

    Attributes:
        language: Two letters.
        vllm: Name of a rule of `vllm.prompt_rules`.
        cpu: Name of a rule of the cpu engine.
        words: What the client writes.
    """

    language: str
    vllm: str
    cpu: str
    words: str


def instructions() -> list[Instruction]:
    """Return all of them."""
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    found = [Instruction(*line.split("\t")) for line in lines if not line.startswith("#")]
    return [Instruction(one.language, one.vllm, one.cpu, one.words.replace("\\n", "\n")) for one in found]
