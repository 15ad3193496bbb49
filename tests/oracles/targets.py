"""Which target a group has for a period: rule 8 of indicators.md.

A target is looked up at one scope: the group's own, else its members' in the next finer scope that has any.
Scopes are never mixed in one sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .calendar import DAY, Period, months_from, open_days, to_date

SCOPES = ("company", "business_unit", "team", "rep")
"""From the coarsest to the finest."""


@dataclass(frozen=True)
class Target:
    """The whole period's target, its part to date, and of how many (months, members) it is made.

    ``partial``: added over members, or lacking months. ``whole``: nothing lacks, an attainment is like with like.
    """

    value: Fraction
    to_date: Fraction
    partial: bool = False
    whole: bool = True


def months(start: dt.date, end: dt.date) -> list[Period]:
    """The calendar months that [start, end) touches."""
    found, month = [], months_from(start, 1, "month")
    while month.start < end:
        found.append(month)
        month = months_from(month.end, 1, "month")
    return found


def share(part: tuple[dt.date, dt.date], whole: Period) -> Fraction:
    """The working days of ``part`` inside ``whole`` over those of ``whole``; 0 if it has none."""
    start, end = max(part[0], whole.start), min(part[1], whole.end)
    if (start, end) == (whole.start, whole.end):
        return Fraction(1)
    total = open_days(whole.start, whole.end)
    return Fraction(open_days(start, end), total) if total and start < end else Fraction(0)


def worked_months(period: Period) -> list[Period]:
    """The months that a period takes working days of; only these can be lacking."""
    every = months(period.start, period.end)
    return [month for month in every if share((period.start, period.end), month)] or every


def _bounds(rows: Iterable[dict], metric: str, scope: str, scope_id: str | None) -> dict[tuple, Fraction]:
    return {
        (row["period_start"], row["period_end"] + DAY): Fraction(row["value"])
        for row in rows
        if row["metric"] == metric and row["scope"] == scope and (scope == "company" or row["scope_id"] == scope_id)
    }


def own(rows: list[dict], metric: str, scope: str, scope_id: str | None, period: Period, as_of: dt.date):
    """The target given at this very scope: exact bounds, else the sum of months cut by working days; None: none."""
    given = _bounds(rows, metric, scope, scope_id)
    so_far = to_date(period, as_of)
    if exact := given.get((period.start, period.end)):
        return Target(exact, exact * share(so_far, period))
    whole_period = (period.start, period.end)
    touched = worked_months(period)
    have = [month for month in touched if (month.start, month.end) in given]
    if not have:
        return None
    value = sum(given[month.start, month.end] * share(whole_period, month) for month in have)
    part = sum(given[month.start, month.end] * share(so_far, month) for month in have)
    whole = len(have) == len(touched)
    return Target(Fraction(value), Fraction(part), not whole, whole)


def own_ratio(rows: list[dict], metric: str, scope: str, scope_id: str | None, period: Period, as_of: dt.date):
    """A ratio's own target: exact bounds, else the mean of its months; never prorated."""
    given = _bounds(rows, metric, scope, scope_id)
    if exact := given.get((period.start, period.end)):
        return Target(exact, exact)
    touched = worked_months(period)
    have = [given[month.start, month.end] for month in touched if (month.start, month.end) in given]
    if not have:
        return None
    mean = sum(have) / len(have)
    return Target(mean, mean, len(have) < len(touched))


Look = Callable[[str, str | None], "Target | None"]


def members(rows: list[dict], users: list[dict], scope: str, scope_id: str | None, finer: str) -> set[str | None]:
    """Who belongs to a group today, at a finer scope: users who sell, and whoever was ever given such a target.

    None is the member "no team" (or unit): users without one, who can have no target.
    """
    key = "user_id" if finer == "rep" else finer
    aimed = {row["scope_id"] for row in rows if row["scope"] == finer}
    inside = [user for user in users if scope == "company" or user[scope] == scope_id]
    found = {user[key] for user in inside if user.get("is_sales") is not False or user[key] in aimed}
    return found | aimed if scope == "company" else found


def added(found: Sequence[Target | None], *, own: bool = False) -> Target | None:
    """The sum of the members' targets, partial: it is not the group's own; of several groups' own, if one lacks."""
    known = [each for each in found if each]
    if not known:
        return None
    value, to_date = sum(e.value for e in known), sum(e.to_date for e in known)
    whole = len(known) == len(found) and all(each.whole for each in known)
    return Target(Fraction(value), Fraction(to_date), not (own and whole), whole)


def at_scope(rows: list[dict], users: list[dict], scope: str, ids: list, look: Look) -> Target | None:
    """The groups' own targets, else their members' in the next finer scope that has any; one group's own is whole."""
    mine = [look(scope, each) for each in ids]
    if found := mine[0] if len(ids) == 1 else added(mine, own=True):
        return found
    for finer in SCOPES[SCOPES.index(scope) + 1 :]:
        inside = set().union(*(members(rows, users, scope, each, finer) for each in ids))
        if found := added([look(finer, each) for each in inside]):
            return found
    return None


def target(rows: list[dict], users: list[dict], metric: str, scope: str, ids: list, period: Period, as_of: dt.date):
    """The target of one group (or of several together) for a figure that is a sum; None: none. ``all`` has none."""
    if period.unit == "all":
        return None
    rows = [row for row in rows if row["metric"] == metric]
    return at_scope(rows, users, scope, ids, lambda s, i: own(rows, metric, s, i, period, as_of))


def basket_target(rows: list[dict], users: list[dict], scope: str, ids: list, period: Period, as_of: dt.date):
    """Average basket: own exact row, else target amount / target count, else the mean of its months."""
    if period.unit == "all":
        return None
    alone = len(ids) == 1  # several groups together have no ratio of their own
    exact = _bounds(rows, "average_basket", scope, ids[0]).get((period.start, period.end)) if alone else None
    if exact:
        return Target(exact, exact)
    amount = target(rows, users, "ordered_amount", scope, ids, period, as_of)
    count = target(rows, users, "order_count", scope, ids, period, as_of)
    if amount and count and count.value:
        ratio = amount.value / count.value
        return Target(ratio, ratio, amount.partial or count.partial, amount.whole and count.whole)
    return own_ratio(rows, "average_basket", scope, ids[0], period, as_of) if alone else None
