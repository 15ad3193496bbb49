"""Small random companies with every canonical table, alone or many in one data set; few ids, so that things collide.

``company(seed)`` is one as tables of rows (dicts; Decimal money, dates, datetimes, None where missing), ``batch``
many at once: the company's number begins every id, team and business unit, so that an answer by business unit is
one answer per company. ``frames`` makes of it what the engine opens. The people of it are in ``parties``.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from . import parties
from .calendar import DAY, months_from
from .maker import AS_OF, Maker, mixed

Tables = dict[str, list[dict[str, Any]]]
STAGES = {"Qualification": Decimal("0.10"), "Offre": Decimal("0.333333"), "Négociation": None}
OPTIONAL = ("opportunity_history", "stages", "payments", "action_plan_history", "order_lines")
METRICS = ("visits_done", "qualified_leads", "new_prospects", "ordered_amount", "order_count")


def _deal(make: Maker, n: int, tables: Tables) -> dict:
    status = make.pick(["open", "won", "lost"], [6, 2, 2])
    created = make.moment(200, 10)
    return {
        "opportunity_id": make.id("p", n), "account_id": make.some(tables["ids"]["a"]),
        "owner_id": make.some(tables["ids"]["u"]), "name": f"Affaire {n}", "stage": make.pick(list(STAGES)),
        "status": status, "amount": make.maybe(make.money()),
        "probability": make.maybe(Decimal(make.pick(["0", "1", "0.05", "0.5", "0.123456"]))),
        "need": make.maybe("Remplacer", 0.5), "competitor": make.maybe("Orexia", 0.7),
        "expected_close_date": make.maybe(make.day(60, 90), 0.3), "product_interest": make.maybe("Filtre", 0.5),
        "created_at": make.maybe(created, 0.1),
        "closed_at": make.maybe(make.at(make.after(created, 90)), 0.95 if status == "open" else 0.15),
        "is_deleted": make.deleted(),
    }  # fmt: skip


def _customer_of(make: Maker, tables: Tables, *links: tuple[str, str, str | None]) -> str | None:
    """The customer of the first document that a row is linked to, now and then another one."""
    for table, key, wanted in links:
        found = [row["account_id"] for row in tables[table] if wanted and row[key] == wanted]
        if found and make.chance(0.9):
            return found[0]
    return make.some(tables["ids"]["a"])


def _quote(make: Maker, n: int, tables: Tables) -> dict:
    status = make.pick(["sent", "draft", "accepted", "refused", "cancelled"], [8, 1, 3, 1, 1])
    deal = make.some(tables["ids"]["p"], 0.4)
    issued = make.moment(150, 10)
    decided = make.maybe(make.at(make.after(issued, 60)), 0.15)
    return {
        "quote_id": make.id("q", n), "number": f"D{n}", "opportunity_id": deal,
        "account_id": _customer_of(make, tables, ("opportunities", "opportunity_id", deal)),
        "owner_id": make.some(tables["ids"]["u"]), "issued_at": issued,
        "valid_until": make.maybe(make.pick([make.day(40, 40), issued.date() + DAY * 30]), 0.2),
        "decided_at": decided if status not in ("sent", "draft") else make.maybe(decided, 0.95),
        "status": status, "amount": make.money(),
        "replaced_by": make.some([each for each in tables["ids"]["q"] if each != make.id("q", n)], 0.85),
        "last_follow_up_at": make.maybe(make.at(make.after(issued, 40)), 0.6), "is_deleted": make.deleted(),
    }  # fmt: skip


def _order(make: Maker, n: int, tables: Tables) -> dict:
    status = make.pick(["confirmed", "delivered", "draft", "cancelled"], [8, 3, 1, 1])
    deal, quote = make.some(tables["ids"]["p"], 0.7), make.some(tables["ids"]["q"], 0.6)
    links = (("quotes", "quote_id", quote), ("opportunities", "opportunity_id", deal))
    day, net = make.far(), make.money() * make.pick([1, 1, 1, 1, 1, 1, -1])
    late = 0.8 if status != "delivered" else 0.3
    team = make.maybe(make.pick(tables["teams"]), 0.5)
    return {
        "order_id": make.id("o", n), "number": f"C{n}", "account_id": _customer_of(make, tables, *links),
        "owner_id": make.some(tables["ids"]["u"]), "opportunity_id": deal, "quote_id": quote,
        "activity_id": make.some(tables["ids"]["v"], 0.8), "order_date": day, "status": status, "amount": net,
        "list_amount": make.maybe(net + make.money(), 0.3), "cost_amount": make.maybe((net / 2).quantize(Decimal("0.01"))),
        "requested_delivery_date": make.maybe(make.after(day, 60), 0.3),
        "delivered_at": make.maybe(make.at(make.after(day, 40)), late),
        "cancelled_at": make.maybe(make.at(make.after(day, 40)), 0.97 if status != "cancelled" else 0.3),
        "is_deleted": make.deleted(),
        **({"team": team, "business_unit": make.name("BU") if team else None} if tables["booked"] else {}),
    }  # fmt: skip


def _invoice(make: Maker, n: int, tables: Tables) -> dict:
    kind = make.pick(["invoice", "credit_note", "deposit"], [7, 3, 1])
    order = make.some(tables["ids"]["o"], 0.5)
    day, net = make.day(300, 20), make.money() * (-1 if kind == "credit_note" else 1)
    gross = make.maybe((net * Decimal("1.2")).quantize(Decimal("0.01")), make.dirt / 3)
    left = make.pick([Decimal(0), gross, (net / 3).quantize(Decimal("0.01"))], [4, 4, 2])
    return {
        "invoice_id": make.id("i", n), "number": f"F{n}", "order_id": order,
        "account_id": _customer_of(make, tables, ("orders", "order_id", order)),
        "owner_id": make.some(tables["ids"]["u"]), "invoice_date": day, "type": kind,
        "due_date": make.maybe(make.after(day, 60), 0.25),
        "status": make.pick(["posted", "draft", "cancelled"], [9, 1, 1]), "amount": net, "amount_with_tax": gross,
        "open_amount": make.maybe(left, make.dirt / 3),
        "paid_at": make.maybe(make.at(make.after(day, 60)), 0.2 if left == 0 else 0.9), "is_deleted": make.deleted(),
    }  # fmt: skip


def _activity(make: Maker, n: int, tables: Tables) -> dict:
    ids = tables["ids"]
    status = make.pick(["planned", "done", "cancelled", "unknown"], [5, 8, 1, 2])
    planned = make.maybe(make.moment(120, 30), 0.15)
    lost = {"done": 0.1, "planned": 0.95}.get(status, 1)
    done = make.at(make.after(planned, 20) if planned and make.chance(0.5) else make.far(5))
    deal, quote, lead = make.some(ids["p"], 0.6), make.some(ids["q"], 0.6), make.some(ids["l"], 0.6)
    if make.busy and ids["q"] and status == "done":  # much is done these days, about one or two quotes
        quote, deal = make.some(ids["q"][:2], 0.4), make.some(ids["p"][:2], 0.4)
        done = make.at(make.after(make.as_of - DAY * make.pick([0, 6, 7, 8, 9, 20]), 3))
    links = (("quotes", "quote_id", quote), ("opportunities", "opportunity_id", deal))
    return {
        "activity_id": make.id("v", n), "type": make.pick(["visit", "meeting", "call", "email", "task"], [5, 2, 2, 1, 1]),
        "account_id": _customer_of(make, tables, *links), "contact_id": make.some(ids["k"], 0.5),
        "opportunity_id": deal, "quote_id": quote, "lead_id": lead, "owner_id": make.pick(ids["u"]),
        "subject": make.maybe(f"Rendez-vous {n}", 0.1), "planned_at": planned, "done_at": make.maybe(done, lost),
        "cancelled_at": make.maybe(make.at(make.after(planned, 20)), 0.3 if status == "cancelled" else 0.97)
        if status != "done" else None,
        "status": status, "direction": make.pick(["out", "in", None], [5, 2, 2]),
        "report": make.pick(["vu le client", "  ", None], [5, 1, 4]),
        "reported_at": make.maybe(make.at(make.after(done, 10)), 0.8),
        "late_reason": make.pick(["client absent", "", None], [2, 1, 5]),
        "priority": make.pick(["high", "Urgent", "normal", "low", " Haute ", "faible", "", None]), "is_deleted": make.deleted(),
    }  # fmt: skip


def _delivery(make: Maker, n: int, tables: Tables) -> dict:
    order = make.some(tables["ids"]["o"], 0.03)
    owed = next((row for row in tables["orders"] if row["order_id"] == order), None)
    whole = owed["amount"] if owed else make.money()
    status = make.pick(["pending", "partial", "delivered", "cancelled"], [5, 2, 4, 1])
    day = make.after(owed["order_date"] if owed else None, 60)
    return {
        "delivery_id": make.id("d", n), "order_id": order, "account_id": owed["account_id"] if owed else None,
        "planned_date": make.maybe(make.pick([day, make.day(60, 40)]), 0.2), "status": status,
        "delivered_at": make.maybe(make.at(make.after(day, 15)), 0.1 if status in ("partial", "delivered") else 0.97),
        "amount": make.maybe(make.pick([whole, (whole / 2).quantize(Decimal("0.01")), make.money()]), 0.25),
        "is_deleted": make.deleted(),
    }  # fmt: skip


def _ticket(make: Maker, n: int, tables: Tables) -> dict:
    opened, status = make.moment(90, 10), make.pick(["open", "closed"])
    return {
        "ticket_id": make.id("t", n), "number": f"T{n}", "account_id": make.some(tables["ids"]["a"]),
        "owner_id": make.some(tables["ids"]["u"], 0.2), "subject": make.maybe("Panne"),
        "priority": make.pick(["high", None]), "status": status, "opened_at": opened,
        "due_at": make.maybe(make.at(make.after(opened, 40)), 0.3),
        "closed_at": make.maybe(make.at(make.after(opened, 40)), 0.15 if status == "closed" else 0.95),
        "is_deleted": make.deleted(),
    }  # fmt: skip


def _plan(make: Maker, n: int, tables: Tables) -> dict:
    start = make.day(120, 20)
    status = make.pick(["running", "done", "stopped"], [7, 2, 1])
    due = start + DAY * make.pick([0, 0, 1, 10, 29, 30, 90, 180])
    goal = make.pick([make.money(), Decimal(1000)])
    return {
        "plan_id": make.id("s", n), "name": f"Plan {n}", "owner_id": make.some(tables["ids"]["u"]),
        "account_id": make.some(tables["ids"]["a"], 0.4), "team": make.maybe(make.pick(tables["teams"]), 0.7),
        "start_date": make.maybe(start, 0.2), "due_date": due,
        "progress": make.maybe(Decimal(make.pick(["0", "0.25", "0.5", "0.9", "1"]))),
        "target_amount": make.maybe(goal), "status": status, "risk": make.maybe("retard", 0.7),
        "actual_amount": make.maybe(make.pick([make.money(), (goal / 4).quantize(Decimal("0.01"))])),
        "updated_at": make.maybe(make.moment(60, 2), 0.3),
        "closed_at": make.maybe(make.moment(60, 10), 0.95 if status == "running" else 0.2), "is_deleted": make.deleted(),
    }  # fmt: skip


def _history(make: Maker, rows: list[dict], key: str) -> list[dict]:
    """What some rows were worth on some days before."""
    found = {}
    for row in rows:
        for _ in range(make.pick([0, 1, 2])):
            at = make.moment(120, 10)
            found[row[key], at] = {name: row[name] for name in row if name in ("stage", "amount", "actual_amount")} | {
                key: row[key], "at": at, "is_deleted": None,
                ("progress" if key == "plan_id" else "probability"): make.maybe(Decimal(make.pick(["0.2", "0.6"]))),
            }  # fmt: skip
    return list(found.values())


def _payments(make: Maker, invoices: list[dict]) -> list[dict]:
    """What was paid of the invoices: nothing, a part, in two parts, all, too much."""
    found = []
    for row in invoices:
        for part in make.pick([[], [1], [2, 2], [2], [3], [Decimal("0.5")]]):
            whole = row["amount_with_tax"] if row["amount_with_tax"] is not None else row["amount"]
            paid = (whole / part).quantize(Decimal("0.01"))
            found.append({"invoice_id": row["invoice_id"], "paid_at": make.at(make.after(row["invoice_date"], 60)),
                          "amount": paid, "is_deleted": make.deleted()})  # fmt: skip
    return found


def _lines(make: Maker, orders: list[dict]) -> list[dict]:
    """One or two lines an order, most of which add up to it."""
    found = []
    for row in orders:
        first = (row["amount"] / make.pick([1, 3])).quantize(Decimal("0.01"))
        for amount in [first, row["amount"] - first][: 1 if first == row["amount"] else 2]:
            product = make.pick(["Filtre", "Pompe", None])
            found.append({"order_id": row["order_id"], "product_id": product, "product": product, "amount": amount,
                          "product_family": "Eau" if product else None, "is_deleted": row["is_deleted"],
                          "quantity": Decimal(make.pick([0, 1, 2, 10]))})  # fmt: skip
    return mixed(found, make.tag)


def _targets(make: Maker, tables: Tables) -> list[dict]:
    names = {"rep": tables["ids"]["u"], "team": [t for t in tables["teams"] if t], "business_unit": [make.name("BU")]}
    found = {}
    for _ in range(make.pick([0, 2, 6])):
        scope = make.pick(list(names))
        number = make.as_of.year * 12 + make.as_of.month - 1 - make.pick([0, 0, 1, 2])
        month = months_from(dt.date(number // 12, number % 12 + 1, 1), 1, "month")
        key = (scope, make.pick(names[scope]), make.pick(METRICS), month.start, month.end - DAY)
        found[key] = Decimal(make.pick([1, 3, 10, 12, 1000]))
    columns = ("scope", "scope_id", "metric", "period_start", "period_end")
    return [{**dict(zip(columns, key, strict=True)), "value": value} for key, value in found.items()]


ROWS = {"opportunities": ("p", _deal), "quotes": ("q", _quote), "orders": ("o", _order), "invoices": ("i", _invoice),
        "activities": ("v", _activity), "deliveries": ("d", _delivery), "tickets": ("t", _ticket),
        "action_plans": ("s", _plan)}  # fmt: skip


def company(seed: int, as_of: dt.date = AS_OF, tag: str = "", booked: bool = False, busy: bool = False) -> Tables:
    """A random company seen at a day; ``tag`` begins its ids; ``booked``: orders carry their team of then."""
    make = Maker(seed, as_of, tag, busy)
    counts = {"u": make.random.randint(1, 4), "a": make.pick([1, 2, 4, 8]), "k": make.count(), "l": make.count(8)}
    counts |= {letter: make.count() for letter, _ in ROWS.values()}
    tables: dict[str, Any] = {"ids": {letter: make.ids(letter, n) for letter, n in counts.items()}, "booked": booked}
    tables["teams"] = [make.name("Nord"), make.name("Sud"), None]
    tables |= {name: [draw(make, n, tables) for n in range(counts[letter])]
               for name, (letter, draw) in parties.ROWS.items()}  # fmt: skip
    for name, (letter, draw) in ROWS.items():
        tables[name] = [draw(make, n, tables) for n in range(counts[letter])]
    tables["stages"] = [{"stage": stage, "position": n, "probability": chance, "status": "open"}
                        for n, (stage, chance) in enumerate(STAGES.items())]  # fmt: skip
    tables["opportunity_history"] = _history(make, tables["opportunities"], "opportunity_id")
    tables["action_plan_history"] = _history(make, tables["action_plans"], "plan_id")
    tables["payments"] = _payments(make, tables["invoices"])
    tables["order_lines"] = _lines(make, tables["orders"])
    tables["targets"] = _targets(make, tables)
    return {name: rows for name, rows in tables.items() if name not in ("ids", "teams", "booked")}


def batch(seeds: Iterable[int], as_of: dt.date = AS_OF, without: Iterable[str] = (), busy: bool = False) -> Tables:
    """Many companies as one data set, without some tables; business unit ``BU c7-`` is the company of seed 7."""
    found: Tables = {}
    for seed in seeds:
        for name, rows in company(seed, as_of, f"c{seed}-", busy=busy).items():
            if name not in without and (name != "stages" or name not in found):
                found.setdefault(name, []).extend(rows)
    return found


REQUIRED = {
    "orders": ("order_date", "status", "amount"), "invoices": ("invoice_date", "status", "type"),
    "quotes": ("issued_at", "status", "amount"), "tickets": ("opened_at", "status"), "activities": ("status",),
}  # fmt: skip


def spoilt(seeds: Iterable[int], as_of: dt.date = AS_OF, share: float = 0.1) -> Tables:
    """A batch of busy companies of which some required cells are empty, as an import keeps them."""
    found, rng = batch(seeds, as_of, busy=True), random.Random(f"{as_of} {share}")
    for name, columns in REQUIRED.items():
        for row in found[name]:
            row |= {column: None for column in columns if rng.random() < share}
    return found


def frames(tables: Tables, without: Iterable[str] = ()) -> dict[str, pa.Table]:
    """The tables that have rows as Arrow tables, exact to the cent: what ``crmkpi.open`` takes."""
    kept = {name: rows for name, rows in tables.items() if rows and name not in without}
    return {name: pa.Table.from_pylist(rows) for name, rows in kept.items()}
