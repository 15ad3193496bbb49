"""What makes a gap, from the words of indicators.md ("Gaps explained"): plain sums over facts, exact fractions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from . import calendar
from .calendar import Period
from .commercial import Where, at, scoped, selected, target_of
from .facts import Company, Fact, place, rows

Window = tuple[dt.date, dt.date]


def counted(company: Company, name: str, window: Window, where: Where) -> list[Fact]:
    """The facts that count in a window, under filters."""
    return [f for f in scoped(company, selected(company, name, window), where) if not f.left]


def money(found: list[Fact]) -> Fraction:
    """What facts amount to."""
    return sum((Fraction(f.amount) for f in found if f.amount is not None), Fraction(0))


def unknown(row: dict) -> bool:
    """Whether nothing can be said: before the data begin, or too little of them is usable (no fact at all is 0)."""
    return row["num"] is None or (row["value"] is None and row["coverage"] is not None)


def windows(period: Period, as_of: dt.date) -> tuple[Window, Window] | None:
    """The window of the period and that of the one before; None where nothing compares."""
    before = calendar.compared(calendar.previous(period), period, as_of)
    now = calendar.to_date(period, as_of)
    return None if before is None or now[0] >= now[1] else (before, now)


def sides(company: Company, name: str, period: Period, as_of: dt.date, where: Where) -> list[list[Fact]] | None:
    """The facts of both sides; None where one of them is not known."""
    both = windows(period, as_of)
    if both is None or any(unknown(at(company, name, window, where, [], ())) for window in both):
        return None
    return [counted(company, name, window, where) for window in both]


def by_group(company: Company, before: list[Fact], now: list[Fact], dim: str) -> dict[tuple[str, str | None], Fraction]:
    """Groups that are new, lost, grown or shrunk, by how much: rows of zero make nobody a customer."""
    found = {}
    for who in {place(company, f, dim) for f in before + now}:
        old, new = ([f for f in side if place(company, f, dim) == who] for side in (before, now))
        was, has = (any(f.amount for f in side) for side in (old, new))
        change = money(new) - money(old)
        if change:
            found["new" if not was else "lost" if not has else "grown" if change > 0 else "shrunk", who] = change
    return found


def by_basket(before: list[Fact], now: list[Fact]) -> tuple[Fraction, Fraction]:
    """Number x basket over rows that are not zero; all to the number where one side has none."""
    (a0, n0), (a1, n1) = ((money(side), sum(1 for f in side if f.amount)) for side in (before, now))
    if not n0 or not n1:
        return a1 - a0, Fraction(0)
    b0, b1 = a0 / n0, a1 / n1
    return (n1 - n0) * (b0 + b1) / 2, (b1 - b0) * (n0 + n1) / 2


def sold(company: Company, found: list[Fact]) -> tuple[dict[str, tuple[Fraction, Fraction]], Fraction]:
    """Quantity and amount by product, of the orders whose lines add up to them; and the money of the others."""
    products: dict[str, tuple[Fraction, Fraction]] = {}
    rest = Fraction(0)
    for fact in found:
        lines = [line for line in rows(company, "order_lines") if line["order_id"] == fact.id]
        complete = all(line[name] is not None for line in lines for name in ("product_id", "quantity", "amount"))
        if not lines or not complete or sum(line["amount"] for line in lines) != fact.amount:
            rest += Fraction(fact.amount)  # type: ignore[arg-type]
            continue
        for line in lines:
            q, a = products.get(line["product_id"], (Fraction(0), Fraction(0)))
            products[line["product_id"]] = q + Fraction(line["quantity"]), a + Fraction(line["amount"])
    return products, rest


def by_product(company: Company, before: list[Fact], now: list[Fact]) -> dict[str, Fraction]:
    """Price, volume, mix, new, stopped, what has no price and what no lines explain."""
    (old, rest0), (new, rest1) = sold(company, before), sold(company, now)
    found = {"not_explained": rest1 - rest0, "new": Fraction(0), "stopped": Fraction(0), "unpriced": Fraction(0)}
    common = [p for p in old if p in new and old[p][0] > 0 and new[p][0] > 0]
    for product in set(old) | set(new):
        (q0, a0), (q1, a1) = old.get(product, (None, Fraction(0))), new.get(product, (None, Fraction(0)))
        if product in common:
            continue
        bad = (q0 is not None and q0 <= 0) or (q1 is not None and q1 <= 0)
        found["unpriced" if bad else "stopped" if q1 is None else "new"] += a1 - a0
    if common:
        price = {p: (old[p][1] / old[p][0], new[p][1] / new[p][0]) for p in common}
        total = [sum((side[p][0] for p in common), Fraction(0)) for side in (old, new)]
        mean = [sum((side[p][1] for p in common), Fraction(0)) / q for side, q in zip((old, new), total, strict=True)]
        found["price"] = sum(((price[p][1] - price[p][0]) * (old[p][0] + new[p][0]) / 2 for p in common), Fraction(0))
        found["volume"] = (total[1] - total[0]) * (mean[0] + mean[1]) / 2
        moved = sum(((new[p][0] - old[p][0]) * (price[p][0] + price[p][1]) / 2 for p in common), Fraction(0))
        found["mix"] = moved - found["volume"]
    return found


def from_target(company: Company, name: str, period: Period, as_of: dt.date, dim: str):
    """Each group less its target, those without one, and what of the whole target nobody was given; None: no target."""
    whole = target_of(company, name, period, as_of, {}, [], ())
    if whole is None or unknown(at(company, name, calendar.to_date(period, as_of), {}, [], ())):
        return None
    facts = counted(company, name, calendar.to_date(period, as_of), {})
    own = {row["scope_id"] for row in rows(company, "targets")} | {user.get(dim) for user in rows(company, "users")}
    groups = {place(company, f, dim) for f in facts} | own | {user["user_id"] for user in rows(company, "users")}
    goals = {who: target_of(company, name, period, as_of, {}, [dim], (who,)) for who in groups}
    goals = {who: goal.to_date for who, goal in goals.items() if goal}
    if not goals:
        return None
    found = {("not_shared", None): sum(goals.values(), Fraction(0)) - whole.to_date}
    for who in {place(company, f, dim) for f in facts} | set(goals):
        amount = money([f for f in facts if place(company, f, dim) == who])
        change = amount - goals.get(who, 0)
        found["no_target" if who not in goals else "ahead" if change > 0 else "behind", who] = change
    return found
