"""Small random companies and questions, from a seed: dirty where real CRM data is dirty, dates at period edges.

``company(seed)`` gives tables as lists of dicts with Decimal money (what the oracles read),
``frames(tables)`` the same as pandas frames (what the engine reads).
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pandas as pd

from . import calendar
from .calendar import DAY
from .facts import facts, place

DAYS_SEEN = [
    dt.date(2026, 10, 15),  # a Thursday, mid-month
    dt.date(2026, 10, 31),  # a Saturday, the last day of a month
    dt.date(2026, 11, 1),  # a Sunday and a public holiday: no working day elapsed
    dt.date(2026, 5, 14),  # Ascension, in a month with four public holidays
    dt.date(2024, 2, 29),
    dt.date(2025, 2, 28),
    dt.date(2026, 12, 31),
    dt.date(2026, 1, 2),
    dt.date(2027, 1, 3),  # the last day of 2026-W53
]
TEAMS = {"Nord": "Industrie", "Sud": "Industrie", "Ouest": "Services", "Île-de-France": None}
STAGES = {"Qualification": Decimal("0.10"), "Offre": Decimal("0.333333"), "Négociation": None}
SEGMENTS = ["PME", "Grand compte", None]
METRICS = ["invoiced_revenue", "ordered_amount", "order_count", "average_basket"]


class Maker:
    """One random company: a random source, the day it is seen, and how dirty each column is."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.as_of = self.random.choice(DAYS_SEEN)
        self.dirt = self.random.choice([0.0, 0.03, 0.2, 0.6])

    def maybe(self, value, chance: float | None = None):
        """``value``, or None as often as this company is dirty."""
        return None if self.random.random() < (self.dirt if chance is None else chance) else value

    def day(self, ahead: int = 40) -> dt.date:
        """A day around as_of, often at the edge of a period."""
        near = [self.as_of, self.as_of + DAY, self.as_of - DAY]
        for text in (f"{self.as_of:%Y-%m}", f"{self.as_of.year}", f"{self.as_of.year - 1}"):
            period = calendar.parse(text, self.as_of)
            near += [period.start, period.start - DAY, period.end - DAY, period.end]
        shift = self.random.choice([0, 0, 28, 30, 31, 365, 366, 370])
        if self.random.random() < 0.3:
            return self.random.choice(near)
        return self.as_of + DAY * self.random.randint(-20, ahead) - DAY * shift

    def moment(self, ahead: int = 40) -> dt.datetime:
        """A moment of such a day, midnight and the last second included."""
        hour = self.random.choice([dt.time(), dt.time(23, 59, 59), dt.time(9, 30)])
        return dt.datetime.combine(self.day(ahead), hour)

    def money(self) -> Decimal:
        """An amount: zero, tiny, with an awkward cent, or large."""
        size = self.random.choice([0, 5, 101, 1000, 123456, 99999999])
        return Decimal(self.random.choice([size, self.random.randint(0, 500000)])) / 100

    def count(self) -> int:
        """How many rows: often none or one."""
        return self.random.choice([0, 1, 2, 5, 12, 25])

    def who(self, ids: list[str]) -> str | None:
        """An existing id, an orphan, or nobody."""
        if self.random.random() < 0.08:
            return self.random.choice([None, "ghost"])
        return self.random.choice(ids) if ids else None

    def deleted(self) -> bool | None:
        """Rarely deleted; unknown means it is not."""
        return self.random.choices([True, False, None], [5, 85, 10])[0]


def _users(make: Maker) -> list[dict]:
    found = []
    for n in range(make.random.randint(0, 4)):
        team = make.random.choice([*TEAMS, None])
        name = make.random.choice(["Anne Martin", "Anne Martin", "Bo", "=1+1"])
        found.append({"user_id": f"u{n}", "name": name, "team": team, "business_unit": TEAMS.get(team),
                      "is_sales": make.random.choice([True, True, True, None, False]),
                      "is_deleted": make.deleted()})  # fmt: skip
    return found


def _accounts(make: Maker) -> list[dict]:
    return [
        {"account_id": f"a{n}", "name": make.random.choice(["NA", "Dupont", "Dupont"]), "type": "customer",
         "segment": make.random.choice(SEGMENTS), "industry": make.random.choice(["Bois", "Métal", None]),
         "owner_id": None, "is_deleted": make.deleted()}
        for n in range(make.random.randint(0, 5))
    ]  # fmt: skip


def _booked(make: Maker, mode: str) -> dict:
    if mode == "absent":
        return {}
    if mode == "empty":
        return {"team": None, "business_unit": None}
    team = make.maybe(make.random.choice(list(TEAMS)), 0.3)
    return {"team": team, "business_unit": TEAMS.get(team)}


def _order(make: Maker, n: int, users: list[str], accounts: list[str], mode: str, lists: float, costs: float) -> dict:
    net = make.money() * make.random.choice([1, 1, 1, 1, -1])
    return {
        "order_id": f"o{n}", "account_id": make.who(accounts), "owner_id": make.who(users),
        "order_date": make.maybe(make.day(), make.dirt / 4),
        "status": make.random.choices(["confirmed", "delivered", "draft", "cancelled"], [6, 3, 1, 1])[0],
        "amount": net,
        "list_amount": make.maybe(make.random.choice([net + make.money(), net, Decimal(0)]), lists),
        "cost_amount": make.maybe(make.random.choice([net / 2, net + make.money()]).quantize(Decimal("0.01")), costs),
        "opportunity_id": make.maybe(f"p{make.random.randint(0, 9)}", 0.6),
        "requested_delivery_date": make.maybe(make.day(), 0.4),
        "is_deleted": make.deleted(), **_booked(make, mode),
    }  # fmt: skip


def _invoice(make: Maker, n: int, users: list[str], accounts: list[str], mode: str) -> dict:
    kind = make.random.choices(["invoice", "credit_note", "deposit"], [7, 3, 1])[0]
    return {
        "invoice_id": f"i{n}", "account_id": make.who(accounts), "owner_id": make.who(users),
        "order_id": make.maybe(f"o{make.random.randint(0, 9)}", 0.5),
        "invoice_date": make.maybe(make.day(), make.dirt / 4), "type": kind,
        "status": make.random.choices(["posted", "draft", "cancelled"], [8, 1, 1])[0],
        "amount": make.money() * (-1 if kind == "credit_note" else 1),
        "is_deleted": make.deleted(), **_booked(make, mode),
    }  # fmt: skip


def _opportunity(make: Maker, n: int, users: list[str], accounts: list[str]) -> dict:
    status = make.random.choices(["open", "won", "lost"], [5, 3, 2])[0]
    created = make.moment(2)
    closed = created + DAY * make.random.randint(0, 90)
    return {
        "opportunity_id": f"p{n}", "account_id": make.who(accounts), "owner_id": make.who(users),
        "stage": make.random.choice(list(STAGES)), "status": status, "amount": make.maybe(make.money()),
        "probability": make.maybe(make.random.choice([Decimal(0), Decimal(1), Decimal("0.05"), Decimal("0.123456")])),
        "created_at": make.maybe(created, make.dirt / 4), "expected_close_date": make.maybe(make.day(), 0.3),
        "closed_at": make.maybe(closed, 0.97) if status == "open" else make.maybe(closed, make.dirt / 4),
        "is_deleted": make.deleted(),
    }  # fmt: skip


def _histories(seed: int, deals: list[dict], as_of: dt.date) -> list[dict]:
    """What deals were before: up to three rows, the last as the record is; a field of some deals is not followed."""
    rng, found = random.Random(seed), {}
    names = ("stage", "amount", "probability", "expected_close_date")
    for deal in deals:
        start = deal["created_at"] or dt.datetime(2019, 1, 1)
        ends = [each for each in (dt.datetime.combine(as_of, dt.time(23, 59, 59)), deal["closed_at"]) if each]
        span = int((min(ends) - start).total_seconds())
        moments = sorted(
            {start + dt.timedelta(seconds=rng.randint(0, span)) for _ in range(rng.randint(0, 3))} if span > 0 else ()
        )
        lost = {name for name in names if rng.random() < 0.15}
        for at in moments:
            before = {
                "stage": rng.choice(list(STAGES)), "amount": rng.choice([None, Decimal("1000.01"), Decimal(77)]),
                "probability": rng.choice([None, Decimal("0.05"), Decimal("0.5")]),
                "expected_close_date": rng.choice([None, as_of - DAY * rng.randint(-30, 60)]),
            }  # fmt: skip
            row = {name: deal[name] for name in names} if at == moments[-1] else before
            found[deal["opportunity_id"], at] = (
                {"opportunity_id": deal["opportunity_id"], "at": at} | row | dict.fromkeys(lost)
            )
    return list(found.values())


def _begin_early(deals: list[dict]) -> None:
    """Where a deal has no creation day, one created long ago: when such data begin is nobody's to say."""
    kept = [deal for deal in deals if not deal["is_deleted"]]
    if any(deal["created_at"] is None for deal in kept):
        kept[0]["created_at"] = dt.datetime(2019, 1, 1)


def _targets(make: Maker, users: list[str]) -> list[dict]:
    found = {}
    names = {"rep": users, "team": list(TEAMS), "business_unit": ["Industrie", "Services"], "company": ["company"]}
    for _ in range(make.random.choice([0, 3, 12, 30])):
        scope = make.random.choice([each for each in names if names[each]])
        year, month = make.as_of.year, make.as_of.month
        text = make.random.choice([f"{year}-{month:02}", f"{year}-{month:02}", f"{year}-01", f"{year}",
                                   f"{year}-Q{(month + 2) // 3}", f"{year}-{min(month + 1, 12):02}"])  # fmt: skip
        period = calendar.parse(text, make.as_of)
        key = (scope, make.random.choice(names[scope]), make.random.choice(METRICS), period.start, period.end - DAY)
        found[key] = Decimal(make.random.choice([10, 12, 100000, 333333])) / make.random.choice([1, 1, 100])
    columns = ("scope", "scope_id", "metric", "period_start", "period_end")
    return [{**dict(zip(columns, key, strict=True)), "value": value} for key, value in found.items()]


def company(seed: int) -> tuple[dict[str, list[dict]], dt.date]:
    """A random company and the day it is seen."""
    make = Maker(seed)
    users, accounts = _users(make), _accounts(make)
    reps, customers = [row["user_id"] for row in users], [row["account_id"] for row in accounts]
    mode, lists, costs = (
        make.random.choice(["absent", "empty", "booked"]),
        *make.random.sample([0, 0.02, 0.3, 0.9, 1], 2),
    )
    tables = {
        "users": users,
        "accounts": accounts,
        "orders": [_order(make, n, reps, customers, mode, lists, costs) for n in range(make.count())],
        "invoices": [_invoice(make, n, reps, customers, mode) for n in range(make.count())],
        "opportunities": [_opportunity(make, n, reps, customers) for n in range(make.count())],
        "targets": _targets(make, reps),
        "stages": [
            {"stage": stage, "position": n, "probability": chance, "status": "open"}
            for n, (stage, chance) in enumerate(STAGES.items())
        ],
    }
    _begin_early(tables["opportunities"])
    if history := _histories(seed, tables["opportunities"], make.as_of) if seed % 2 else []:
        tables["opportunity_history"] = history
    absent = make.random.choice([[], [], [], ["stages"], ["targets"], ["users"], ["accounts"], ["orders"]])
    return {name: rows for name, rows in tables.items() if name not in absent}, make.as_of


TARGETED = ["invoiced_revenue", "ordered_amount", "order_count", "average_basket"]
FIGURES = [
    "invoiced_revenue", "ordered_amount", "order_count", "discount_rate", "margin_rate", "average_basket",
    "weighted_pipeline", "open_opportunities", "win_rate", "win_rate_by_value",
]  # fmt: skip
FLOWS = [each for each in FIGURES if each not in ("weighted_pipeline", "open_opportunities")]
FILTERS = ("rep", "team", "business_unit", "customer", "segment")
PLACES = ("rep", "team", "business_unit")
BREAKDOWNS = [[], [], ["rep"], ["team"], ["business_unit"], ["customer"], ["segment"], ["industry"], ["month"],
              ["rep", "month"], ["team", "segment"], ["business_unit", "team"],
              ["quarter"], ["week"], ["day"], ["year"], ["rep", "team"]]  # fmt: skip


def periods(as_of: dt.date) -> list[str]:
    """Texts of periods around a day, of every kind."""
    week = as_of.isocalendar()
    return [
        f"{as_of:%Y-%m}", f"{as_of:%Y-%m}", f"{as_of:%Y-%m}", f"{as_of.year}",
        f"{as_of.year}-Q{(as_of.month + 2) // 3}",
        f"{week[0]}-W{week[1]:02}", f"{as_of}", f"{as_of - DAY * 40:%Y-%m}", f"{as_of.year - 1}", f"FY{as_of.year}",
        f"{as_of - DAY * 10}/{as_of + DAY * 5}", f"{as_of - DAY * 60}/{as_of - DAY * 30}", "all",
    ]  # fmt: skip


def question(seed: int, tables: dict, as_of: dt.date) -> dict:
    """A random question: figure, period, as_of (often in the past), breakdown and filter."""
    rng = random.Random(seed)
    seen = rng.choice([as_of, as_of, as_of, as_of - DAY * 3, as_of - DAY * 31, as_of - DAY * 365])
    name = rng.choice(FIGURES)
    by = rng.choice(BREAKDOWNS)
    if rng.random() < 0.4:  # ask more often where targets may be
        name, by = rng.choice(TARGETED), rng.choice([[], [], ["rep"], ["team"], ["business_unit"]])
    found = facts(tables, name, as_of)
    choices = {dim: {place(tables, each, dim) for each in found} for dim in FILTERS}
    where = {}
    for dim in rng.sample(sorted(choices), rng.choice([0, 0, 1, 1, 2])):
        if choices[dim]:
            where[dim] = list(rng.sample(sorted(choices[dim], key=str), min(len(choices[dim]), rng.choice([1, 1, 2]))))
    if not set(by) - set(PLACES) and rng.random() < 0.7:
        where = {dim: ids for dim, ids in where.items() if dim in PLACES}
    period = rng.choice(periods(seen))
    if name not in FLOWS and period == "all":  # a stock has no first day to begin its units with
        by = [each for each in by if each not in calendar.UNITS]
    return {"name": name, "period": period, "as_of": seen, "by": by, "where": where}


def frames(tables: dict[str, list[dict]], seed: int = 0) -> dict[str, pd.DataFrame]:
    """The tables as pandas frames: money as floats, days as datetimes or as Python dates (by seed)."""
    return {name: _frame(rows, bool(seed % 2)) for name, rows in tables.items() if rows}


def _frame(rows: list[dict], python_dates: bool) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for column in frame.columns:
        known = [row[column] for row in rows if row.get(column) is not None]
        if any(isinstance(each, Decimal) for each in known):
            frame[column] = [None if row[column] is None else float(row[column]) for row in rows]
        elif any(isinstance(each, dt.date) for each in known) and not python_dates:
            frame[column] = pd.to_datetime(pd.Series([row[column] for row in rows]))
    return frame
