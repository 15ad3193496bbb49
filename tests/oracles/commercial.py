"""Family 1 (indicators.md 1.1 to 1.4): facts added up to values, with coverage, status, target and comparisons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import calendar, targets
from .calendar import DAY, Period
from .facts import STOCKS, Company, Fact, day_of, facts, place, rows

RATIOS = ("discount_rate", "margin_rate", "average_basket", "win_rate", "win_rate_by_value")
TARGETED = ("invoiced_revenue", "ordered_amount", "order_count", "average_basket")
PLACES = ("rep", "team", "business_unit")
Where = dict[str, list]
Key = tuple


def scoped(company: Company, found: Iterable[Fact], where: Where) -> list[Fact]:
    """The facts that pass the filters: same dimension *or*, other dimensions *and*."""
    return [f for f in found if all(place(company, f, dim) in wanted for dim, wanted in where.items())]


def _in_window(fact: Fact, window: tuple[dt.date, dt.date]) -> bool:
    return fact.day is None or window[0] <= fact.day < window[1]


def _coverage(used: list[Fact], missing: list[Fact], in_money: bool) -> Fraction | None:
    if not used and not missing:
        return None
    if not in_money:
        return Fraction(len(used), len(used) + len(missing))
    known = [f.weight for f in used + missing if f.weight is not None]
    mean = Fraction(sum(known)) / len(known) if known else Fraction(1)
    weigh = [Fraction(f.weight) if f.weight is not None else mean for f in missing]
    good = sum(Fraction(f.weight) for f in used)  # type: ignore[arg-type]
    total = good + sum(weigh)
    return Fraction(good) / total if total else Fraction(len(used), len(used) + len(missing))


IN_MONEY = (
    "invoiced_revenue",
    "ordered_amount",
    "average_basket",
    "discount_rate",
    "margin_rate",
    "win_rate_by_value",
    "weighted_pipeline",
)
NOTHING = {"num": None, "den": None, "value": None, "amount": None, "n": 0, "coverage": None, "status": "unavailable"}


def add_up(name: str, inside: list[Fact]) -> dict[str, Any]:
    """One row: the sums, the value, how many, and how sure (rules 1, 4 and 11)."""
    used = [f for f in inside if not f.left]
    missing = [f for f in inside if f.left == "missing"]
    ratio = name in RATIOS
    covered = _coverage(used, missing, name in IN_MONEY)
    num = sum((f.num for f in used), Decimal(0))
    den = sum((f.den for f in used), Decimal(0)) if ratio else None
    row = dict(NOTHING, coverage=covered, n=sum(bool(f.den) if ratio else True for f in used))
    money = [f.amount for f in used if f.amount is not None]
    row.update(num=num, den=den, amount=None if used and not money else sum(money, Decimal(0)))
    nothing = (missing and not used) or (ratio and den == 0)
    if nothing or (covered is not None and covered < Fraction(20, 100)):
        return row
    row["value"] = Fraction(num) / Fraction(den) if ratio else Fraction(num)  # type: ignore[arg-type]
    row["status"] = "ok" if covered is None or covered >= Fraction(95, 100) else "partial"
    return row


def begins(company: Company, name: str) -> dt.date | None:
    """The first day of a figure's data, before any filter."""
    if name in STOCKS:
        born = [day_of(row.get("created_at")) for row in rows(company, "opportunities")]
        return min((day for day in born if day), default=calendar.LONG_AGO if born else None)
    return min((f.day for f in facts(company, name) if f.day and f.left != "excluded"), default=None)


def selected(company: Company, name: str, window: tuple[dt.date, dt.date]) -> list[Fact]:
    """The facts of a flow inside a window, or of a stock at its last day."""
    if name in STOCKS:
        return facts(company, name, window[1] - DAY)
    return [f for f in facts(company, name) if _in_window(f, window)]


def at(company: Company, name: str, window: tuple[dt.date, dt.date] | None, where: Where, by: list[str], key: Key):
    """The figure of one group in one window; nothing before the data begins or in an empty window."""
    first = begins(company, name)
    if window is None or first is None or window[1] <= first or window[0] >= window[1]:
        return dict(NOTHING)
    inside = scoped(company, selected(company, name, window), where)
    return add_up(name, [f for f in inside if tuple(place(company, f, dim) for dim in by) == key])


def keys(company: Company, name: str, period: Period, as_of: dt.date, where: Where, by: list[str]) -> set[Key]:
    """The groups that have something in the period to date; a month (week...) is a period of its own."""
    if time := next((dim for dim in by if dim in calendar.UNITS), None):
        return {
            (*key[: by.index(time)], label, *key[by.index(time) :])
            for label, part in calendar.parts(period, time).items()
            for key in keys(company, name, part, as_of, where, [dim for dim in by if dim != time])
        }
    window = calendar.to_date(period, as_of)
    if window[0] >= window[1]:
        return set()
    inside = [f for f in scoped(company, selected(company, name, window), where) if not f.left]
    return {tuple(place(company, f, dim) for dim in by) for f in inside}


def target_of(company: Company, name: str, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key):
    """The group's target: looked up at the finest place scope asked for; none under any other filter or breakdown."""
    asked = set(by) | set(where)
    if asked - set(PLACES) or name not in TARGETED:
        return None
    scope = next((each for each in PLACES if each in asked), "company")
    if scope not in by and set(by):
        return None  # teams, of some reps only: nobody was given such a target
    ids = [key[by.index(scope)]] if scope in by else where.get(scope, [None])
    given, users = rows(company, "targets"), rows(company, "users")
    if name == "average_basket":
        return targets.basket_target(given, users, scope, ids, period, as_of)
    return targets.target(given, users, name, scope, ids, period, as_of)


def aimed_keys(company: Company, name: str, period: Period, as_of: dt.date, by: list[str]) -> set[Key]:
    """The groups of one place dimension that were given a target: they are shown even without a row."""
    if len(by) != 1 or by[0] not in PLACES or name in RATIOS:  # without an order there is no basket to show
        return set()
    own = [row for row in rows(company, "targets") if row["scope"] == by[0]]
    only = {**company, "targets": own}
    found = {row["scope_id"]: target_of(only, name, period, as_of, {}, by, (row["scope_id"],)) for row in own}
    return {(who,) for who, goal in found.items() if goal and goal.value}  # none falls on days without work


def answer(company: Company, name: str, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key) -> dict:
    """One whole row of a flow or a stock: the figure, its target and its comparisons."""
    if time := next((dim for dim in by if dim in calendar.UNITS), None):
        at_ = by.index(time)
        part = calendar.parts(period, time)[key[at_]]
        return answer(company, name, part, as_of, where, by[:at_] + by[at_ + 1 :], key[:at_] + key[at_ + 1 :])
    row = at(company, name, calendar.to_date(period, as_of), where, by, key)
    for column, other in (("previous", calendar.previous(period)), ("last_year", calendar.last_year(period))):
        window = calendar.compared(other, period, as_of)
        row[column] = at(company, name, window, where, by, key)["value"]
    goal = target_of(company, name, period, as_of, where, by, key)
    row["target"] = goal.value if goal else None
    row["target_to_date"] = goal.to_date if goal else None
    row["target_partial"] = bool(goal and goal.partial)
    row["whole_target"] = goal.value if goal and goal.whole else None  # what a composite may be set against
    row["attainment"] = None
    if goal and goal.whole and goal.to_date and row["value"] is not None:
        row["attainment"] = row["value"] / goal.to_date
    if row["target_partial"] and row["status"] == "ok":
        row["status"] = "partial"
    return row


def baskets(company: Company, period: Period, as_of: dt.date, where: Where, share: Fraction) -> Fraction | None:
    """The basket below which ``share`` of the orders lie (linear between neighbours): 1/2 median, 9/10 ninth decile."""
    inside = scoped(company, selected(company, "average_basket", calendar.to_date(period, as_of)), where)
    sizes = sorted(Fraction(f.num) for f in inside if not f.left)  # type: ignore[arg-type]
    if not sizes:
        return None
    low, rest = divmod(share * (len(sizes) - 1), 1)
    high = min(int(low) + 1, len(sizes) - 1)
    return sizes[int(low)] + rest * (sizes[high] - sizes[int(low)])
