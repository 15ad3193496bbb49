"""Rows of the tables become facts: used, excluded by rule or missing for lack of data (indicators.md).

A company = table name -> list of rows (dicts, None where missing); money is Decimal, days are dates.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Company = dict[str, list[dict[str, Any]]]
CENT = Decimal("0.01")
STOCKS = ("weighted_pipeline", "open_opportunities")


@dataclass
class Fact:
    """One row of a figure; ``left`` is '', excluded or missing.

    ``weight`` is its money in the coverage (None: unknown).
    """

    id: str
    day: dt.date | None
    account_id: str | None
    owner_id: str | None
    num: Decimal | None
    den: Decimal | None = None
    amount: Decimal | None = None
    weight: Decimal | None = None
    left: str = ""
    table: str = ""
    row: dict | None = None


def cents(number: Decimal) -> Decimal:
    """Rounded half away from zero to the cent."""
    return number.quantize(CENT, ROUND_HALF_UP)


def rows(company: Company, table: str) -> list[dict]:
    """The rows of a table that are not marked deleted."""
    return [row for row in company.get(table, []) if not row.get("is_deleted")]


def day_of(moment: dt.date | dt.datetime | None) -> dt.date | None:
    """The day of a moment: everything is compared as dates."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _fact(row: dict, table: str, key: str, day: str, **more: Any) -> Fact:
    when = day_of(row.get(day))
    if when is None and not more.get("left"):
        more["left"] = "missing"
    return Fact(row[key], when, row.get("account_id"), row.get("owner_id"), table=table, row=row, **more)


def _invoices(company: Company) -> list[Fact]:
    """Posted invoices and credit notes; deposits, drafts and cancelled ones are excluded."""
    return [
        _fact(row, "invoices", "invoice_id", "invoice_date", num=row["amount"], amount=row["amount"],
              weight=abs(row["amount"]),
              left="" if row["status"] == "posted" and row["type"] != "deposit" else "excluded")
        for row in rows(company, "invoices")
    ]  # fmt: skip


def _orders(company: Company, name: str) -> list[Fact]:
    found = []
    for row in rows(company, "orders"):
        net, one = row["amount"], Decimal(1)
        left = "" if row["status"] in ("confirmed", "delivered") else "excluded"
        num, den, amount, weight = net, None, net, abs(net)
        if name == "order_count":
            num, weight = one, one
        elif name == "average_basket":
            den = one
            left = left or ("excluded" if net == 0 else "")
        elif name == "discount_rate":
            den = weight = row.get("list_amount")
            if den is None:
                left, num = left or "missing", None
            else:
                left, num = left or ("excluded" if den <= 0 else ""), den - net
        elif name == "margin_rate":
            den, cost = net, row.get("cost_amount")
            left = left or ("missing" if cost is None else "")
            num = amount = None if cost is None else net - cost
        found.append(
            _fact(row, "orders", "order_id", "order_date", num=num, den=den, amount=amount, weight=weight, left=left)
        )
    return found


def _closed(company: Company, name: str) -> list[Fact]:
    """Won and lost opportunities by the day they closed; open ones are excluded."""
    found = []
    for row in rows(company, "opportunities"):
        won, amount = row["status"] == "won", row.get("amount")
        left = "excluded" if row["status"] == "open" else ""
        num, den, weight = Decimal(won), Decimal(1), Decimal(1)
        if name == "win_rate_by_value":
            den, weight = amount, None if amount is None else abs(amount)
            num = None if amount is None else amount * won
            left = left or ("missing" if amount is None else "")
        found.append(
            _fact(row, "opportunities", "opportunity_id", "closed_at", num=num, den=den,
                  amount=amount if won else Decimal(0), weight=weight, left=left)
        )  # fmt: skip
    return found


def is_open(row: dict, day: dt.date) -> bool:
    """Whether an opportunity was open at the close of a day: created by then, not closed by then."""
    created, closed = day_of(row.get("created_at")), day_of(row.get("closed_at"))
    if created is not None and created > day:
        return False
    return row["status"] == "open" or (closed is not None and closed > day)


def probability(company: Company, row: dict) -> Decimal | None:
    """The record's own, else its stage's."""
    if row.get("probability") is not None:
        return row["probability"]
    return {stage["stage"]: stage["probability"] for stage in rows(company, "stages")}.get(row["stage"])


FOLLOWED = ("stage", "amount", "probability", "expected_close_date")


def known_at(company: Company, deal: dict, day: dt.date) -> dict:
    """A deal as known at a day: by the latest row of its history by then, else as its record says.

    A field that no row of its history fills is not followed there. The record is what is known at the data's own date.
    """
    history = [row for row in rows(company, "opportunity_history") if row["opportunity_id"] == deal["opportunity_id"]]
    then = sorted((row for row in history if day_of(row["at"]) <= day), key=lambda row: row["at"])  # type: ignore[operator]
    if not then:
        return deal
    followed = [name for name in FOLLOWED if any(row.get(name) is not None for row in history)]
    return {**deal, **{name: then[-1].get(name) for name in followed}}


def _pipeline(company: Company, name: str, day: dt.date) -> list[Fact]:
    found = []
    for deal in rows(company, "opportunities"):
        row = known_at(company, deal, day)
        amount, chance = row.get("amount"), probability(company, row)
        left = "" if is_open(row, day) else "excluded"
        num: Decimal | None = Decimal(1)
        weight: Decimal | None = Decimal(1)
        if name == "weighted_pipeline":
            lacking = amount is None or chance is None
            num = None if lacking else cents(amount * chance)  # type: ignore[operator]
            left = left or ("missing" if lacking else "")
            weight = None if amount is None else abs(amount)
        found.append(
            Fact(row["opportunity_id"], day, row.get("account_id"), row.get("owner_id"), num, None,
                 amount, weight, left, "opportunities", row)
        )  # fmt: skip
    return found


def facts(company: Company, name: str, day: dt.date | None = None) -> list[Fact]:
    """Every fact of a figure (of a stock: at ``day``), used or left out."""
    if name in STOCKS:
        assert day is not None
        return _pipeline(company, name, day)
    if name == "invoiced_revenue":
        return _invoices(company)
    return _closed(company, name) if name.startswith("win_rate") else _orders(company, name)


def place(company: Company, fact: Fact, dimension: str) -> str | None:
    """What a fact counts for in a dimension: an id, a word, or None (its own group)."""
    if dimension in ("rep", "customer"):
        return fact.owner_id if dimension == "rep" else fact.account_id
    if dimension in ("segment", "industry"):
        accounts = {row["account_id"]: row for row in rows(company, "accounts")}
        return accounts.get(fact.account_id, {}).get(dimension)
    if fact.table != "opportunities" and any(row.get(dimension) is not None for row in rows(company, fact.table)):
        return fact.row[dimension]  # type: ignore[index]
    users = {row["user_id"]: row for row in rows(company, "users")}
    return users.get(fact.owner_id, {}).get(dimension)
