"""The company as a whole: its days, reps, teams, products and price lists, before any customer.

Below it: clock, draw, stories, words.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from crmkpi.errors import UsageError
from crmkpi.sample import words
from crmkpi.sample.clock import DAY, Days, Season, months_before
from crmkpi.sample.draw import Draw, Ints
from crmkpi.sample.stories import Story, plant

UNTIL = dt.date(2026, 10, 15)
"""The day the default sample ends on: a Thursday, mid-month."""
MONTHS, AHEAD = 36, 120 * DAY
CUSTOMERS_PER_TEAM_OF_REPS = 1000


class World:
    """Everything the customers of one sample have in common."""

    def __init__(self, customers: int, seed: int, until: dt.date | str | None, stories: Iterable[str] | None) -> None:
        if customers < 20:
            raise UsageError(f"a sample needs at least 20 customers, not {customers}")
        if seed < 0:
            raise UsageError(f"the seed is a whole number from 0, not {seed}")
        self.customers, self.seed, self.until_date = customers, seed, _day(until)
        self.until = np.datetime64(self.until_date)
        self.start = months_before(self.until_date, MONTHS)
        self.stories: dict[str, Story] = plant(stories, seed, self.until_date)
        year_end = np.datetime64(f"{self.until_date.year}-12-31")
        self.season = Season(self.start, max(self.until + AHEAD, year_end))
        self.ids: Counter[str] = Counter()

    def draw(self, part: int = 0) -> Draw:
        """The draws of one part of the company."""
        return Draw(self.seed, part)

    def number(self, table: str, letter: str, n: int) -> pd.Series:
        """The next ``n`` ids of a table: a letter and seven digits."""
        first = self.ids[table] + 1
        self.ids[table] += n
        return letter + pd.Series(np.arange(first, first + n)).astype("str").str.zfill(7)

    @cached_property
    def users(self) -> pd.DataFrame:
        """Managers, reps and one rep who left, in the order of their ids."""
        rows: list[tuple[str, str | None, str | None, bool]]
        rows = [(name, None, unit or None, False) for name, unit in words.MANAGERS]
        reps = [*words.REPS, words.FORMER_REP, *self._more_reps()]
        rows += [(name, team, words.UNITS[team], True) for name, team in reps]
        users = pd.DataFrame(rows, columns=["name", "team", "business_unit", "is_sales"])
        users["user_id"] = [f"U{i + 1:03d}" for i in range(len(users))]
        boss = {"Industrie": "U002", "Bâtiment et agro": "U003"}
        users["manager_id"] = np.where(users["is_sales"], users["business_unit"].map(boss), "U001")
        users.loc[0, "manager_id"] = None
        users["active_from"] = self.start - 400 * DAY
        users["active_to"] = NEVER_64
        users.loc[users["name"] == words.FORMER_REP[0], "active_to"] = self.left - DAY
        users.loc[users["name"] == "Antoine Fabre", "active_from"] = self.left
        return users

    def _more_reps(self) -> list[tuple[str, str]]:
        extra = max(0, self.customers // CUSTOMERS_PER_TEAM_OF_REPS - 1) * len(words.REPS)
        names = [
            f"{words.FIRST_NAMES[i % 30]} {words.LAST_NAMES[(i * 7 + i // 70) % 70]}"
            + (f" {i // 2100}" if i >= 2100 else "")
            for i in range(extra)
        ]
        return [(name, words.REPS[i % len(words.REPS)][1]) for i, name in enumerate(names)]

    @property
    def month(self) -> np.datetime64:
        """The first day of the month that holds the last day."""
        return months_before(self.until_date, 0)

    @property
    def left(self) -> np.datetime64:
        """The day Antoine Fabre took over the customers of the rep who left."""
        return months_before(self.until_date, 16)

    @property
    def moved(self) -> np.datetime64:
        """The day Nadia Vasseur moved from team Est to team Nord."""
        return months_before(self.until_date, 21)

    def rep(self, name: str) -> int:
        """The position of a rep in ``users``."""
        return int(np.flatnonzero(self.users["name"] == name)[0])

    def owners(self, rep: Ints, days: Days) -> Ints:
        """Who owned the customers of each rep on each day (the rep who left, before)."""
        before = (rep == self.rep("Antoine Fabre")) & (days < self.left)
        return np.where(before, self.rep(words.FORMER_REP[0]), rep)

    def teams(self, owner: Ints, days: Days) -> Ints:
        """The position in ``words.TEAMS`` of the team each owner was in on each day."""
        now = self.users["team"].map({team: i for i, team in enumerate(words.TEAMS)}).fillna(-1).to_numpy(np.int64)
        before = (owner == self.rep("Nadia Vasseur")) & (days < self.moved)
        return np.where(before, words.TEAMS.index("Est"), now[owner])

    @cached_property
    def products(self) -> pd.DataFrame:
        """The catalogue: family (position), name, list price and cost of the first year, in cents."""
        rows = [
            (words.FAMILIES.index(family), product, round(price * 100), round(price * words.COST_OF_LIST[family]))
            for family, sold in words.PRODUCTS.items()
            for product, price in sold
        ]
        products = pd.DataFrame(rows, columns=["family", "name", "price", "cost"])
        products["product_id"] = [f"P{i + 1:03d}" for i in range(len(products))]
        return products

    @cached_property
    def price_lists(self) -> tuple[np.ndarray, np.ndarray]:
        """List prices and costs in cents, by year since the first one (rows) and product (columns)."""
        rise = np.array([round(1000 * 1.03**year) for year in range(5)])[:, None]
        price, cost = (self.products[each].to_numpy(np.int64)[None, :] for each in ("price", "cost"))
        return (price * rise + 500) // 1000, (cost * rise + 500) // 1000


NEVER_64 = np.datetime64("NaT", "s")


def _day(until: dt.date | str | None) -> dt.date:
    try:
        day = UNTIL if until is None else dt.date.fromisoformat(str(until)[:10])
    except ValueError:
        raise UsageError(f"the last day {until!r} is not a date like 2026-10-15") from None
    if not 2005 <= day.year <= 2095:
        raise UsageError(f"the last day {day} is not between 2005 and 2095")
    return day
