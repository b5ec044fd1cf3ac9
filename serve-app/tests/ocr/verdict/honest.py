"""Documents that repeat themselves honestly, as the model writes them, of the sizes that pages have."""

import random
from collections.abc import Callable, Iterable

_NAMES = [first + last for first in "ABCDEFGHIJ" for last in ("aal", "berg", "cook", "dorn", "evans", "frey", "gill")]


def documents() -> dict[str, str]:
    """Return every kind of document, always the same ones."""
    rng = random.Random(12)  # noqa: S311
    zeros = " ".join(["00"] * 8)
    return {
        # Cells
        "blank form": _table([[""] * 6 for _ in range(80)]),
        "n/a rows": _table([["n/a"] * 3 for _ in range(120)]),
        "register, all present": _table([["", *"P" * 31] for _ in range(32)]),
        "register of a school": _table([[name, *"P" * 31] for name in _NAMES[:40]]),
        "register with absences": _table([[name, *rng.choices("PA", [9, 1], k=31)] for name in _NAMES[:40]]),
        "log sheet": _table([[n, "", "", ""] for n in range(1, 121)]),
        "table of zeros": _table([[rng.randint(4000, 4999), *["0.00"] * 7] for _ in range(100)]),
        "accounts in tens": _table([[4000 + 10 * n, *["0.00"] * 7] for n in range(100)]),
        "bank statement": _table(
            [[f"{n % 28 + 1:02}/0{n // 28 + 1}/2025", "CARD PAYMENT TO STORES 3421", _sum(rng, 60), "", _sum(rng, 9999)]
             for n in range(100)]
        ),
        "timetable": _table([[_clock(7 * n + stop) for stop in (0, 4, 9, 13, 20)] for n in range(120)]),
        "plan of tasks": _table(
            [[f"Task {n}", *("X" if n // 2 <= day < n // 2 + 4 else "" for day in range(30))] for n in range(40)]
        ),
        "multiplication table": _table([[a * b for b in range(1, 21)] for a in range(1, 51)]),
        "crossword": _table([rng.choices(["", "■"], [3, 1], k=21) for _ in range(21)]),
        "table in Markdown": _lines(f"| Parameter {rng.randint(0, 99)} | n/a | n/a | n/a |" for _ in range(100)),
        # Blocks with boxes
        "sheet of 24 labels": _blocks(24, 3, lambda n: "Jane Example\n12 High Street\nLondon EC1 4AB\nUnited Kingdom "),
        "sheet of 80 labels": _blocks(80, 5, lambda n: "Jane Example\n12 High Street\nLondon EC1 4AB\nUnited Kingdom "),
        "raffle tickets": _blocks(60, 4, lambda n: f"Summer Raffle 2025 - No. {1000 + n} - £1 - 1st prize: hamper "),
        "coupons": _blocks(20, 2, lambda n: "One free coffee. Not valid with other offers. No cash value."),
        # Lines
        "labels without boxes": "Jane Example\n12 High Street\nLondon EC1 4AB\nUnited Kingdom\n\n" * 65,
        "coupons without boxes": _lines(["This coupon entitles the bearer to one free coffee, one to a visit."] * 40),
        "answer sheet": _lines(f"{n}. Ⓐ Ⓑ Ⓒ Ⓓ Ⓔ" for n in range(1, 201)),
        "questionnaire": "☐ Strongly disagree ☐ Disagree ☐ Neutral ☐ Agree ☐ Strongly agree\n\n" * 60,
        "questionnaire without boxes": "Strongly disagree Disagree Neutral Agree Strongly agree\n" * 60,
        "numbered questionnaire": _lines(f"{n}. ☐ Yes ☐ No ☐ Do not know" for n in range(1, 121)),
        "numbered blanks": _lines(f"{n}. {'_' * 40}" for n in range(1, 101)),
        "ruled lines": _lines(["_" * 70] * 60),
        "calendar of a year": "Mon Tue Wed Thu Fri Sat Sun\n" + ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 "
        "21 22 23 24 25 26 27 28 29 30\nMon Tue Wed Thu Fri Sat Sun\n") * 24,
        "receipt": _lines(f"{rng.choice([1, 2])} x {rng.choice(['Coffee', 'Tea', 'Cake'])}   2.50" for _ in range(150)),
        "receipt of one thing": "1 x Coffee   2.50\n" * 120,
        "contents": _lines(f"{n}.1 Section {rng.randint(1, 900)} {'. ' * 45}{2 * n}" for n in range(60)),
        "dump of zeros": _lines(f"{16 * n:08x}  {zeros}  {zeros}  |{'.' * 16}|" for n in range(100)),
        "matrix of zeros": "\\[\n" + " \\\\\n".join([" & ".join("0" * 40)] * 40) + "\n\\]",
        "SQL": _lines(f"CALL add_row({n}, 'n{rng.randint(0, 99)}', 'open', NULL, NULL, 0);" for n in range(100)),
        "getters": "".join(f"    public int get{name}() {{\n        return {name};\n    }}\n\n" for name in _NAMES),
        "song": "Row, row, row your boat,\nGently down the stream.\nMerrily, merrily, merrily, merrily,\n\n" * 12,
        "lines of a punishment": "I will not talk in class.\n" * 100,
        "flattened cells": "N/A\n" * 400,
        "binary digits": _lines("".join(rng.choices("01", k=64)) for _ in range(100)),
        "seats": _lines(" ".join(f"{row}{seat}" for seat in range(1, 25)) for row in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    }  # fmt: skip


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _table(rows: Iterable[Iterable[object]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"


def _blocks(count: int, columns: int, text: Callable[[int], str]) -> str:
    width, height = 960 // columns, 960 // -(-count // columns)
    blocks = []
    for n in range(count):
        left, top = 20 + n % columns * width, 20 + n // columns * height
        box = f"[[{left}, {top}, {left + width - 10}, {top + height - 4}]]"
        blocks.append(f"<|ref|>text<|/ref|><|det|>{box}<|/det|>\n{text(n)}\n\n")
    return "".join(blocks)


def _sum(rng: random.Random, most: int) -> str:
    return f"{rng.uniform(1, most):.2f}"


def _clock(minutes: int) -> str:
    return f"{6 + minutes // 60:02}:{minutes % 60:02}"
