import re
from random import Random

import pytest

from tools.pages.collection import prose, words
from tools.pages.collection.writer import Writer

BANKS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": bank
    for module in (prose, words)
    for name, bank in vars(module).items()
    if name.isupper()
}


@pytest.mark.parametrize("bank", BANKS.values(), ids=BANKS)
def test_every_text_of_every_bank_can_be_filled(bank: tuple[str, ...]) -> None:
    writer = Writer(Random(1))  # noqa: S311
    texts = [writer.pick(bank) for _ in bank]
    assert len(bank) == len(set(bank))
    # What Markdown would need an escape for, and olmOCR-bench's rules would then not find.
    assert not [text for text in texts if re.search(r"[{}\[\]*_#|<>`\\]", text)]


def test_no_text_comes_twice_until_all_were_there() -> None:
    writer = Writer(Random(1))  # noqa: S311
    assert sorted(writer.pick(words.DAY) for _ in words.DAY) == sorted(words.DAY)
    assert writer.pick(words.DAY) in words.DAY


def test_a_seed_gives_the_same_texts_again() -> None:
    first, again, other = (Writer(Random(seed)).paragraph(prose.NEWS, 5) for seed in (1, 1, 2))  # noqa: S311
    assert first == again != other
