"""The random companies of ``company`` with what families 3 and 4 stumble over.

Orders in series around whole cycles, answers that shield, a minute in which many records were made; by seed also:
all records created on one day, one update day for all contacts, tables that the source has not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from . import company
from .calendar import DAY
from .company import Tables
from .maker import AS_OF, Maker

ABSENT = (
    [],
    [],
    [],
    [],
    ["activities"],
    ["users"],
    ["orders"],
    ["contacts"],
    ["leads"],
    ["action_plan_history"],
    ["invoices"],
)


def _series(make: Maker, account: str, n: int) -> list[dict]:
    """The orders of a customer with a habit: the last one or two cycles ago, give or take a day."""
    cycle, length = make.pick([5, 10, 30, 45, 90]), make.pick([1, 2, 3, 4, 5, 8])
    day, found = make.as_of - DAY * max(0, cycle * make.pick([0, 1, 1, 2, 2, 3, 12]) + make.pick([-1, 0, 1, 7])), []
    for at in range(length):
        status = make.pick(["confirmed", "delivered", "cancelled", "draft"], [8, 5, 1, 1])
        again = make.pick([1, 1, 1, 2])  # two orders of a day are one order day
        found += [_order(make, f"{account}-s{n}-{at}-{each}", account, day, status) for each in range(again)]
        day -= DAY * max(0, cycle + make.pick([0, 0, 0, -1, 1, 2, cycle, 2 * cycle]))
    return found


def _order(make: Maker, number: str, account: str, day: dt.date, status: str) -> dict:
    amount = make.pick([Decimal(1000), make.money(), make.money(), Decimal(-50), Decimal(0)], [6, 6, 6, 1, 1])
    return {"order_id": number, "number": number, "account_id": account, "owner_id": None, "order_date": day,
            "status": status, "amount": amount, "is_deleted": make.deleted()}  # fmt: skip


def _answers(make: Maker, account: str) -> list[dict]:
    """What came in from a customer, at the edges of its silence."""
    return [
        {"activity_id": f"{account}-in{n}", "type": make.pick(["email", "call"]), "account_id": account,
         "owner_id": make.id("u", 0), "status": "done", "direction": make.pick(["in", "in", "in", "out"]),
         "done_at": make.maybe(make.at(make.day(200, 5)), 0.1), "is_deleted": make.deleted()}
        for n in range(make.pick([0, 0, 1, 2]))
    ]  # fmt: skip


def _rush(make: Maker, rows: list[dict]) -> None:
    """Some records made by one hand or from one file within a minute, at its first and last second."""
    for row in rows:
        if make.chance(0.4):
            row["created_at"] = make.rush.replace(second=make.pick([0, 59]))
            row["created_by" if make.chance(0.5) else "source"] = make.name("import")


def _one_day(rows: list[dict], moment: dt.datetime, column: str = "created_at") -> None:
    for row in rows:
        if row[column] is not None:
            row[column] = moment


UNREADABLE = {
    "orders": ("status", "order_date", "amount"), "invoices": ("status", "invoice_date"), "accounts": ("type", "name"),
    "leads": ("status", "created_at"), "activities": ("status",), "action_plans": ("status", "due_date"),
}  # fmt: skip
"""Columns that every row should have: an import reports what it can not read, and leaves it empty."""


def _spoil(make: Maker, tables: Tables) -> None:
    for name, columns in UNREADABLE.items():
        for row in tables[name]:
            for column in columns:
                row[column] = make.maybe(row[column], 0.02)


def enriched(tables: Tables, make: Maker) -> Tables:
    """A company with habits of ordering, answers and a rush."""
    accounts = [row["account_id"] for row in tables["accounts"]]
    for n, account in enumerate(accounts):
        tables["orders"] += _series(make, account, n) if make.chance(0.6) else []
        tables["activities"] += _answers(make, account)
    if make.chance(0.3):
        _rush(make, tables["accounts"] + tables["leads"])
    for row in tables["accounts"]:  # else nearly everybody shares a number with somebody
        row["registration_no"] = make.maybe(row["registration_no"], 0.6)
        row["vat_no"] = make.maybe(row["vat_no"], 0.7)
        row["email"] = make.maybe(row["email"], 0.4)
        row["name"] = make.pick([row["name"], f"{row['name']} {row['account_id']}", "李", "&"], [4, 6, 1, 1])
        row["is_active"] = make.pick([True, False], [9, 1])
    if make.chance(0.5):
        _spoil(make, tables)
    return tables


def one(seed: int, as_of: dt.date = AS_OF) -> Tables:
    """One company, in which what holds for all of its rows may hold."""
    make = Maker(seed + 10_000, as_of)
    tables = enriched(company.company(seed, as_of), make)
    if make.chance(0.15):
        _one_day(tables["accounts"], make.rush)
    if make.chance(0.15):
        _one_day(tables["leads"], make.rush)
    if make.chance(0.3):
        _one_day(tables["contacts"][: make.pick([0, 19, 99])], make.rush, "updated_at")
    absent = make.pick(ABSENT)
    return {name: rows for name, rows in tables.items() if name not in absent}


def batch(seeds: Iterable[int], as_of: dt.date = AS_OF) -> Tables:
    """Many companies as one data set."""
    found: Tables = {}
    for seed in seeds:
        make = Maker(seed + 10_000, as_of, f"c{seed}-")
        for name, rows in enriched(company.company(seed, as_of, make.tag), make).items():
            if name != "stages" or name not in found:
                found.setdefault(name, []).extend(rows)
    return found
