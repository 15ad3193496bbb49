"""What a random company is drawn from: days at the edges, awkward amounts, ids that collide, rows that are orphans."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .calendar import DAY

AS_OF = dt.date(2026, 11, 23)
EDGES = (0, 0, 1, 2, 6, 7, 8, 14, 15, 29, 30, 31, 32, 45, 60, 61, 89, 90, 91, 92, 100, 120)
"""How many days before the day it is seen something often happened: the figures' thresholds and their neighbours."""
YEAR_EDGES = (364, 365, 366)


class Maker:
    """One random company: its number in the batch, the day it is seen, how dirty and how linked it is."""

    def __init__(self, seed: int, as_of: dt.date = AS_OF, tag: str = "", busy: bool = False) -> None:
        self.random = random.Random(seed)
        self.as_of = as_of
        self.tag, self.busy = tag, busy
        self.dirt = self.random.choice([0.0, 0.05, 0.2, 0.5])
        self.rush = self.moment(90, 0)  # a minute in which many records were created

    def pick(self, values: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        """One of these."""
        return self.random.choices(values, weights)[0] if weights else self.random.choice(values)

    def chance(self, share: float) -> bool:
        """True in this share of the draws."""
        return self.random.random() < share

    def maybe(self, value: Any, lost: float | None = None) -> Any:
        """``value``, or None as often as this company is dirty (or with the chance ``lost``)."""
        return None if self.chance(self.dirt if lost is None else lost) else value

    def id(self, letter: str, number: int) -> str:
        """An id; those of another company of the batch never are the same."""
        return f"{self.tag}{letter}{number}"

    def ids(self, letter: str, count: int) -> list[str]:
        """The ids of ``count`` rows."""
        return [self.id(letter, number) for number in range(count)]

    def name(self, word: str) -> str:
        """A name that only this company of the batch has."""
        return f"{word} {self.tag}".strip("- ")

    def count(self, most: int = 12) -> int:
        """How many rows: often none, one, or many."""
        return min(most, self.pick([0, 1, 2, 3, 5, 8, 12, 12]))

    def some(self, ids: Sequence[str], lost: float = 0.1) -> str | None:
        """One of these ids, or None; seldom one that does not exist."""
        if self.chance(lost) or not ids:
            return None
        return self.id("ghost", 0) if self.chance(0.03) else self.pick(ids)

    def day(self, back: int = 180, ahead: int = 40) -> dt.date:
        """A day from ``back`` days before the day it is seen to ``ahead`` after it, often at an edge."""
        if self.chance(0.45):
            shift = self.pick([edge for edge in EDGES if edge <= back])
            return self.as_of + DAY * (shift if shift <= ahead and self.chance(0.3) else -shift)
        if self.chance(0.1):  # the first and the last days of months
            first = self.as_of.replace(day=1) - DAY * (31 * self.random.randint(0, max(0, back // 31)))
            return first.replace(day=1) - DAY * self.random.randint(0, 1)
        return self.as_of + DAY * self.random.randint(-back, ahead)

    def far(self, ahead: int = 10) -> dt.date:
        """A day within some fifteen months, often about a year before."""
        if self.chance(0.25):
            return self.as_of - DAY * self.pick(YEAR_EDGES)
        return self.day(450, ahead)

    def at(self, day: dt.date) -> dt.datetime:
        """A moment of a day: its first, its last second, or any."""
        hour = self.pick([dt.time(), dt.time(23, 59, 59), dt.time(9, 30), dt.time(14, 0, 1)])
        return dt.datetime.combine(day, hour)

    def moment(self, back: int = 180, ahead: int = 40) -> dt.datetime:
        """A moment of such a day."""
        return self.at(self.day(back, ahead))

    def after(self, start: dt.date | dt.datetime | None, most: int = 60, early: float = 0.05) -> dt.date:
        """A day on or after another one; seldom before it, since people mistype."""
        start = start.date() if isinstance(start, dt.datetime) else start or self.day()
        shift = self.pick([0, 0, 1, 7, 29, 30, 31]) if self.chance(0.4) else self.random.randint(0, most)
        return start - DAY * self.pick([1, 10]) if self.chance(early) else start + DAY * shift

    def money(self) -> Decimal:
        """An amount: zero, tiny, with an awkward cent, or large; equal ones are frequent."""
        size = self.pick([0, 5, 101, 100000, 100000, 250000, 1234567, 99999999])
        return Decimal(self.pick([size, size, self.random.randint(0, 500000)])) / 100

    def created(self) -> dt.datetime:
        """When a record was made: any day of the past months, or in the minute of the rush."""
        if self.chance(0.25):
            return self.rush.replace(second=self.random.randint(0, 59))
        return self.moment(200, 10)

    def deleted(self) -> bool | None:
        """Seldom deleted; unknown means it is not."""
        return self.pick([True, False, None], [4, 86, 10])


def mixed(lines: list[dict], tag: str) -> list[dict]:
    """Order lines as sources have them: products renamed or unnamed, no family, no amount, lines that repeat, of no order, none.

    Drawn aside, so that what a company has besides its lines stays the same.
    """
    rng, found = random.Random(f"{tag} {len(lines)}"), []
    for line in lines:
        if rng.random() < 0.06:  # an order that loses its lines
            continue
        product = rng.choice(["F1", "F2", None])
        line |= {"product_id": product, "product": rng.choice(["Filtre", "Filtre fin", "Pompe", None]),
                 "product_family": rng.choice(["Eau", "Eau", "Air", "Gaz", "Feu", None])}  # fmt: skip
        line |= {"amount": None} if rng.random() < 0.04 else {}
        line |= {"order_id": rng.choice([f"{tag}o-gone", None])} if rng.random() < 0.03 else {}
        found.append(line)
        if rng.random() < 0.3:  # the same again, but for one cell, or but for nothing
            name, values = rng.choice([("product", ["Filtre", None]), ("product_family", ["Eau", "Gaz", None]),
                                       ("amount", [Decimal(5), Decimal(7)]), ("quantity", [Decimal(3), None])])  # fmt: skip
            found.append({**line, name: rng.choice([*values, line[name]])})
    return found


def _check_digit(digits: str) -> str:
    """The digit that makes a number valid by Luhn's rule."""
    doubled = [int(each) * (2 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits))]
    return str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)


def siren(rng: random.Random) -> str:
    """A random SIREN number, valid by Luhn's rule.

    >>> _check_digit("73282932")  # 732 829 320 is a published example
    '0'
    """
    digits = "".join(rng.choices("0123456789", k=8))
    return digits + _check_digit(digits)


def siret(rng: random.Random, company: str) -> str:
    """A random SIRET number of the company with this SIREN, valid by Luhn's rule."""
    digits = company + "".join(rng.choices("0123456789", k=4))
    return digits + _check_digit(digits)
