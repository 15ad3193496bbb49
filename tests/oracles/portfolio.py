"""Indicator 2.3 (indicators.md): what is owed to customers and by them, at a day; DSO by count-back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import calendar
from .answers import WHOLE, Data, Fact, Key, Question, Span, Spec, by_then, day_of, groups_at, row_of
from .calendar import DAY
from .facts import is_open
from .visits import there

AGES = ((30, "0-30"), (60, "31-60"), (90, "61-90"))


# orders -----------------------------------------------------------------------------------------------------------


def booked(row: dict, day: dt.date) -> bool:
    """Whether an order was one at the close of a day: confirmed by then and not cancelled by then."""
    return row["status"] is not None and _may_be(row, day)


def _may_be(row: dict, day: dt.date) -> bool:
    """Whether it was one, or may have been: it has no status."""
    if row["status"] == "draft" or not there(row["order_date"], day):
        return False
    return not by_then(row["cancelled_at"], day) and (row["status"] != "cancelled" or row["cancelled_at"] is not None)


def _gone(row: dict, day: dt.date) -> bool:
    """Whether a delivery had left at the close of a day; one said to be delivered without its day always had."""
    return row["status"] in ("delivered", "partial") and (
        row["delivered_at"] is None or by_then(row["delivered_at"], day)
    )


def _deliveries(data: Data, order: dict) -> list[dict]:
    found = data.by("deliveries", "order_id").get(order["order_id"], [])
    return [row for row in found if row["status"] != "cancelled"]


def _left_on(order: dict, parts: list[dict]) -> dt.date | None:
    """The day all of an order had left: its own, else, where it is said to be delivered, that of its last delivery.

    ``dt.date.min``: it is said to be delivered, and nothing has a day.
    """
    if order["delivered_at"] is not None or order["status"] != "delivered":
        return day_of(order["delivered_at"])
    return max((day_of(part["delivered_at"]) for part in parts if part["delivered_at"]), default=dt.date.min)


def undelivered(data: Data, order: dict, day: dt.date) -> Decimal | None:
    """What of an order is still to be delivered at the close of a day; 0: it was no order then; None: nobody knows."""
    parts = _deliveries(data, order)
    if not _may_be(order, day) or by_then(_left_on(order, parts), day):
        return Decimal(0)
    gone = [part for part in parts if _gone(part, day)]
    unvalued = any(part["amount"] is None for part in gone) and all(_whole(part, day) for part in parts)
    if unvalued and order["delivered_at"] is None:  # else its own day says when
        return Decimal(0)
    if order["amount"] is None:
        return None
    return order["amount"] - sum((part["amount"] for part in gone if part["amount"] is not None), Decimal(0))


def _whole(part: dict, day: dt.date) -> bool:
    """Whether a delivery had left whole: a partial one leaves a promise."""
    return part["status"] == "delivered" and _gone(part, day)


def promised(data: Data, order: dict, day: dt.date) -> dt.date | None:
    """The earliest day planned of what is not delivered, else the day the customer wished."""
    days = [part["planned_date"] for part in _deliveries(data, order) if not _whole(part, day) and part["planned_date"]]
    return min(days, default=order["requested_delivery_date"])


def backlog(data: Data, day: dt.date) -> list[tuple[dict, Decimal | None]]:
    """The orders with something to deliver at the close of a day."""
    left = data.once(("undelivered", day), lambda: [(row, undelivered(data, row, day)) for row in data.rows("orders")])
    return [(row, amount) for row, amount in left if amount is None or amount > 0]


def _order(row: dict, day: dt.date, amount: Decimal | None, own: dict | None = None, **more: Any) -> Fact:
    own = (own or {}) | {name: row[name] for name in ("team", "business_unit") if name in row}
    return Fact(row["order_id"], day, row["account_id"], row["owner_id"], amount=amount, own=own, **more)


def _awaited(data: Data, order: dict, day: dt.date) -> str:
    return "awaited" if any(not _whole(part, day) for part in _deliveries(data, order)) else "none"


def _says_nothing(data: Data) -> bool:
    """Whether the source says nothing of what was delivered."""
    orders = data.rows("orders")
    states = {row["status"] for row in orders}
    dated = any(row["delivered_at"] for row in orders)
    return not (data.rows("deliveries") or dated or {"confirmed", "delivered"} <= states)


def _lacks(data: Data, row: dict, due: bool = True) -> dict[str, str]:
    """Why nobody knows what of an order is to be delivered, or when."""
    code = (
        "no_status" if row["status"] is None else "no_delivery" if _says_nothing(data) else "" if due else "no_promise"
    )
    return {"left": "missing", "code": code} if code else {}


def order_backlog(data: Data, span: Span) -> list[Fact]:
    """One per order with something to deliver."""
    return [
        _order(row, span.state, amount, {"delivery": _awaited(data, row, span.state)}, **_lacks(data, row))
        for row, amount in backlog(data, span.state)
    ]


def _courted(data: Data, day: dt.date) -> set[str]:
    """The customers with an open quote or an open opportunity."""
    from .organisation import open_quotes

    deals = [row for row in data.rows("opportunities") if is_open(row, day)]
    return {row["account_id"] for row in [*deals, *open_quotes(data, day)] if row["account_id"] is not None}


def late_deliveries(data: Data, span: Span) -> list[Fact]:
    """The orders of the backlog, one for each whose promised day is past; without one nobody knows."""
    day, found = span.state, []
    courted = _courted(data, day)
    for row, amount in backlog(data, day):
        due = promised(data, row, day)
        late = due is not None and due < day
        severity = ("P1" if row["account_id"] in courted else "P2") if late else None
        money = amount if late else Decimal(0)
        found.append(_order(row, day, money, num=int(late), severity=severity, listed={"promised": due},
                            **_lacks(data, row, due is not None)))  # fmt: skip
    return found


# requests ---------------------------------------------------------------------------------------------------------


def open_requests(data: Data, span: Span) -> list[Fact]:
    """One per request opened and not closed by the day; late where its due day is past."""
    day, found = span.state, []
    for row in data.rows("tickets"):
        code = "no_status" if row["status"] is None and row["closed_at"] is None else ""
        closed = row["status"] != "open" and (row["closed_at"] is None or by_then(row["closed_at"], day))
        if there(row["opened_at"], day) and (code or not closed):
            found.append(Fact(
                row["ticket_id"], day, row["account_id"], row["owner_id"], left="missing" if code else "", code=code,
                severity="P2" if by_then(row["due_at"], day - DAY) else None, own={"priority": row["priority"]},
            ))  # fmt: skip
    return found


# what customers owe -----------------------------------------------------------------------------------------------


def open_amount(data: Data, row: dict, day: dt.date, data_day: dt.date) -> Decimal | None:
    """What of an invoice was not paid at the close of a day, tax included and signed; None: unknown."""
    if day >= data_day:
        return row["open_amount"]
    whole = row["amount_with_tax"]
    if "payments" in data.names:
        paid = [each["amount"] for each in data.by("payments", "invoice_id").get(row["invoice_id"], [])
                if by_then(each["paid_at"], day)]  # fmt: skip
        return None if whole is None else whole - sum(paid, Decimal(0))
    if by_then(row["paid_at"], day):
        return Decimal(0)
    return Decimal(0) if row["paid_at"] is None and row["open_amount"] == 0 else whole  # paid, nobody knows when


def _posted(data: Data, day: dt.date) -> list[dict]:
    kept = [row for row in data.rows("invoices") if row["status"] in ("posted", None)]
    return [row for row in kept if there(row["invoice_date"], day)]


def _untold(row: dict) -> bool:
    """Whether a document lacks its status or its type."""
    return row["status"] is None or row["type"] is None


def _age(days: int) -> str:
    return "not_due" if days <= 0 else next((name for most, name in AGES if days <= most), "90+")


class Receivables:
    """The figures of what customers owe, at a day that is before the data's own or not."""

    def __init__(self, data_day: dt.date) -> None:
        self.data_day = data_day

    def _facts(self, data: Data, day: dt.date) -> list[tuple[dict, Fact]]:
        found = []
        for row in _posted(data, day):
            left = open_amount(data, row, day, self.data_day)
            if left == 0:
                continue
            code = "no_status" if _untold(row) else "no_open_amount" if left is None else ""
            lacks = {"left": "missing", "code": code} if code else {}
            own = {name: row[name] for name in ("team", "business_unit") if name in row}
            own["side"] = None if left is None else "owed" if left > 0 else "credit"
            found.append((row, Fact(row["invoice_id"], day, row["account_id"], row["owner_id"], left, amount=left,
                                    weight=left, own=own, **lacks)))  # fmt: skip
        return found

    def receivables(self, data: Data, span: Span) -> list[Fact]:
        """Signed open amounts of posted documents, by age; credit notes apart."""
        found = self._facts(data, span.state)
        for row, fact in found:
            due = row["due_date"] or row["invoice_date"]
            fact.own["ageing"] = (
                "credit" if fact.own["side"] == "credit" else _age((span.state - due).days if due else 999)
            )
        return [fact for _, fact in found]

    def _due(self, data: Data, day: dt.date) -> list[tuple[int, Fact]]:
        """The positive open amounts, and the unknown ones, with the days since they were due."""
        found = []
        for row, fact in self._facts(data, day):
            due = row["due_date"] or row["invoice_date"]
            if due is None and not fact.left:
                fact.left, fact.code = "missing", "no_due_date"
            if fact.num is None or fact.num > 0 or fact.code == "no_status":
                found.append(((day - due).days if due else 1, fact))
        return found

    def overdue_receivables(self, data: Data, span: Span) -> list[Fact]:
        """Positive open amounts due before the day, by age."""
        found = []
        for days, fact in self._due(data, span.state):
            if days > 0:
                fact.own["ageing"] = _age(days)
                found.append(fact)
        return found

    def overdue_share(self, data: Data, span: Span) -> list[Fact]:
        """Overdue over all positive open amounts."""
        found = []
        for days, fact in self._due(data, span.state):
            fact.den, fact.num = fact.num, fact.num if days > 0 or fact.left else Decimal(0)
            fact.amount = fact.num  # type: ignore[assignment]
            found.append(fact)
        return found

    def over_credit_limit(self, data: Data, span: Span) -> list[Fact]:
        """One per customer whose balance is above what is allowed, with what is above."""
        owed: dict[str | None, list[Any]] = {}
        for _, fact in self._facts(data, span.state):
            owed.setdefault(fact.account_id, []).append(None if fact.left else fact.num)
        limited = any(row["credit_limit"] is not None for row in data.rows("accounts"))
        found = []
        for row in data.rows("accounts"):
            if not (balances := owed.get(row["account_id"])):
                continue
            limit, above = row["credit_limit"], sum(each or 0 for each in balances) - (row["credit_limit"] or 0)
            fact = Fact(row["account_id"], span.state, row["account_id"], row["owner_id"], severity="P1", amount=above)
            lacks = "no_limits" if not limited else "unknown_balance" if None in balances else ""
            if limited and limit is None:
                fact.left, fact.code = "excluded", "no_limit"
            elif lacks:
                fact.left, fact.code = "missing", lacks
            if above > 0 or fact.left:
                found.append(fact)
        return found


def billed_with_tax(data: Data, span: Span) -> list[Fact]:
    """Amounts with tax of posted invoices and credit notes."""
    found = []
    for row in data.rows("invoices"):
        if row["status"] in ("posted", None) and row["type"] != "deposit":
            amount = row["amount_with_tax"]
            code = "no_status" if _untold(row) else "no_amount" if amount is None else ""
            found.append(Fact(
                row["invoice_id"], day_of(row["invoice_date"]), row["account_id"], row["owner_id"], amount,
                amount=amount, weight=amount, left="missing" if code else "", code=code,
            ))  # fmt: skip
    return found


# DSO --------------------------------------------------------------------------------------------------------------


def count_back(balance: Fraction, months: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """How many days of billing the balance is, the newest month first; None: more than all these months.

    >>> float(count_back(Fraction(2500), [(Fraction(1200), 30), (Fraction(800), 31), (Fraction(700), 30)]).__round__(1))
    82.4
    >>> count_back(Fraction(0), []), count_back(Fraction(10), [(Fraction(9), 30)])
    (Fraction(0, 1), None)
    """
    days = Fraction(0)
    if balance <= 0:
        return days
    for billed, length in months:
        if billed >= balance:
            return days + balance / billed * length
        balance, days = balance - billed, days + length
    return None


def months_back(day: dt.date) -> list[Span]:
    """The month of a day, up to it, and the 23 before."""
    number = day.year * 12 + day.month - 1
    found = []
    for back in range(24):
        start, end = calendar.first_of(number - back), calendar.first_of(number - back + 1)
        found.append(Span(start, min(end, day + DAY), end, day))
    return found


def dso(data: Data, asked: Question) -> dict[Key, Fraction | None]:
    """Days of sales outstanding by group, the whole under ``()`` where there is no breakdown."""
    window = calendar.to_date(asked.period, asked.as_of)
    span = Span(*window, asked.period.end, asked.as_of)
    by = list(asked.by)
    owed = groups_at(data, specs(asked.data_day)["receivables"], span, asked, by)
    billed = [
        (groups_at(data, BILLED, each, asked, by), (each.stop - each.start).days) for each in months_back(span.state)
    ]
    keys = {key for rows, _ in [(owed, 0), *billed] for key in rows} - {WHOLE} if by else {WHOLE}
    found: dict[Key, Fraction | None] = {}
    for key in keys:
        balance = row_of(owed, key)["value"]
        months = [(row_of(rows, key)["value"] or Fraction(0), days) for rows, days in billed]
        found[key if by else ()] = None if balance is None else count_back(balance, months)
    return found


ORDERS = ("order_date", "delivered_at", "cancelled_at")
_INVOICES = ("invoice_date", "paid_at")
BILLED = Spec("billed_with_tax", "flow", billed_with_tax, "invoices", in_money=True)


def specs(data_day: dt.date) -> dict[str, Spec]:
    """The figures, for data of a day."""
    owed = Receivables(data_day)
    found = (
        Spec("order_backlog", "stock", order_backlog, "orders", ORDERS, helps=("deliveries",)),
        Spec("late_deliveries", "stock", late_deliveries, "orders", ORDERS, helps=("deliveries",), undated=True),
        Spec("open_requests", "stock", open_requests, "tickets", ("opened_at", "closed_at")),
        Spec("receivables", "stock", owed.receivables, "invoices", _INVOICES, in_money=True, undated="payments"),
        Spec("overdue_receivables", "stock", owed.overdue_receivables, "invoices", _INVOICES, in_money=True,
             undated="payments"),
        Spec("overdue_share", "stock", owed.overdue_share, "invoices", _INVOICES, ratio=True, in_money=True,
             undated="payments"),
        Spec("over_credit_limit", "stock", owed.over_credit_limit, "invoices", _INVOICES, undated=True,
             needs=("invoices", "accounts")),
        BILLED,
    )  # fmt: skip
    return {spec.name: spec for spec in found}
