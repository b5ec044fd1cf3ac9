"""Texts for pages: sentences that make sense, with names and figures that a seed chooses. All are invented."""

import re
from random import Random

from tools.pages.collection import words

_SLOT = re.compile(r"\{(\w+)\}")


class Writer:
    """Writes texts for one page; no sentence comes twice.

    Args:
        random: Chooses everything.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self._left: dict[tuple[str, ...], list[str]] = {}

    def pick(self, bank: tuple[str, ...]) -> str:
        """Return an entry of a bank with its slots filled; not one that was taken before, until all were."""
        left = self._left.setdefault(bank, [])
        if not left:
            left += self.random.sample(bank, len(bank))
        return self.fill(left.pop())

    def fill(self, template: str) -> str:
        """Return a text in which `{person}` and other names of this class's methods are replaced."""
        return _SLOT.sub(lambda slot: str(getattr(self, slot[1])()), template)

    def paragraph(self, bank: tuple[str, ...], sentences: int) -> str:
        """Return some sentences of a bank."""
        return " ".join(self.pick(bank) for _ in range(sentences))

    def person(self) -> str:
        """Return a first and a last name."""
        return f"{self.pick(words.FIRST)} {self.pick(words.LAST)}"

    def last(self) -> str:
        """Return a last name."""
        return self.pick(words.LAST)

    def company(self) -> str:
        """Return a company's name."""
        return f"{self.pick(words.COMPANY)} {self.pick(words.TRADE)} {self.pick(words.FORM)}"

    def street(self) -> str:
        """Return a street with a number."""
        return f"{self.random.randint(2, 189)} {self.pick(words.STREET)}"

    def town(self) -> str:
        """Return a town."""
        return self.pick(words.TOWN)

    def postcode(self) -> str:
        """Return a town with its post code."""
        return f"{self.random.randint(10_000, 98_999)} {self.town()}"

    def address(self) -> tuple[str, ...]:
        """Return the lines of an address: a person, a company, street, town."""
        return (self.person(), self.company(), self.street(), self.postcode())

    def date(self) -> str:
        """Return a date."""
        return f"{self.random.randint(1, 28)} {self.pick(words.MONTH)} {self.random.randint(2019, 2026)}"

    def month(self) -> str:
        """Return a month."""
        return self.pick(words.MONTH)

    def year(self) -> str:
        """Return a year."""
        return str(self.random.randint(1987, 2025))

    def day(self) -> str:
        """Return a day of the week."""
        return self.pick(words.DAY)

    def few(self) -> str:
        """Return a small number."""
        return str(self.random.randint(3, 19))

    def number(self) -> str:
        """Return a number of some hundreds or thousands."""
        return f"{self.random.randint(120, 9_800):,}"

    def money(self) -> str:
        """Return a sum with its currency."""
        return f"£{self.random.randint(120, 9_800):,}"

    def amount(self, least: float = 2, most: float = 480) -> float:
        """Return a price."""
        return round(self.random.uniform(least, most), 2)

    def reference(self) -> str:
        """Return a reference, such as HL-4821-C."""
        letters = "".join(self.random.sample("ABCDEFGHKLMNPRSTVX", 2))
        return f"{letters}-{self.random.randint(1_000, 9_999)}-{self.random.choice('ABCEFHK')}"

    def phone(self) -> str:
        """Return a telephone number."""
        return f"+44 1632 {self.random.randint(960_000, 960_999)}"

    def iban(self) -> str:
        """Return a number that looks like an IBAN."""
        blocks = (f"{self.random.randint(0, 9_999):04}" for _ in range(4))
        return f"DE{self.random.randint(10, 99)} {' '.join(blocks)} {self.random.randint(0, 99):02}"

    def place(self) -> str:
        """Return something of a town that people talk about."""
        return self.pick(words.PLACE)

    def product(self) -> str:
        """Return a product."""
        return self.pick(words.PRODUCT)

    def role(self) -> str:
        """Return what somebody works as."""
        return self.pick(words.ROLE)


def money(amount: float) -> str:
    """Return an amount with two decimals and commas."""
    return f"{amount:,.2f}"
