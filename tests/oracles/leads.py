"""Qualified leads and what became of them (indicators.md 4.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from .answers import Data, Fact, Span, Spec, by_then, day_of, existed
from .data_health import is_order

UNTOUCHED = 2  # days
Test = Callable[[Data, dict, dt.date], bool]


def _dims(row: dict) -> dict[str, str | None]:
    return {name: row.get(name) for name in ("product_interest", "source", "campaign")}


def _fact(row: dict, day: dt.date | None, **more) -> Fact:
    return Fact(row["lead_id"], day, row.get("account_id"), row.get("owner_id"), own=_dims(row), **more)


def is_qualified(row: dict) -> bool:
    """Whether a lead ever entered the qualified status: who was converted had."""
    return row["status"] in ("qualified", "converted") or row.get("qualified_at") is not None


def done(data: Data, column: str, value: str | None) -> list[dt.date]:
    """The days on which something was done with it, from either side."""
    rows = data.by("activities", column).get(value, []) if value is not None else []
    return sorted(day_of(row["done_at"]) for row in rows if row.get("done_at"))


def qualified(data: Data, span: Span) -> list[Fact]:
    """One fact per lead that entered the qualified status; P3: nobody knows what it is interested in."""
    found = []
    for row in data.rows("leads"):
        day, left, code = day_of(row.get("qualified_at")), "", ""
        if not is_qualified(row):
            day = day_of(row.get("created_at"))
            left, code = ("excluded", "not_qualified") if row["status"] else ("missing", "no_status")
        severity = None if row.get("product_interest") else "P3"
        amount = row.get("potential_amount")
        found.append(_fact(row, day, amount=amount, left=left, code=code, severity=severity))
    return found


def names_leads(data: Data) -> bool:
    """Whether any activity of the source names a lead."""
    return any(row.get("lead_id") is not None for row in data.rows("activities"))


def to_contact(data: Data, span: Span) -> list[Fact]:
    """Leads qualified and still open at the day, that nobody has contacted since; P1 after 48 hours."""
    day, found = span.state, []
    linked = names_leads(data)
    for row in data.rows("leads"):
        start = day_of(row.get("qualified_at"))
        if not is_qualified(row) or (start and start > day) or _closed(row, day):
            continue
        if start is None and row["status"] == "qualified" and existed(row, day):
            found.append(_fact(row, day, amount=row.get("potential_amount"), left="missing", code="no_date"))
        if start is None:
            continue
        days = done(data, "lead_id", row["lead_id"]) + done(data, "account_id", row.get("account_id"))
        if not any(start <= each <= day for each in days):
            left, severity = "" if linked else "missing", "P1" if (day - start).days > UNTOUCHED else None
            more = {"left": left, "code": "no_link" if left else "", "severity": severity}
            found.append(_fact(row, day, amount=row.get("potential_amount"), **more))
    return found


def _closed(row: dict, day: dt.date) -> bool:
    """Whether a lead was converted or refused by a day; undated it always was."""
    return any(
        by_then(row.get(f"{status}_at"), day) or (row["status"] == status and row.get(f"{status}_at") is None)
        for status in ("converted", "disqualified")
    )


def has_deal(data: Data, row: dict, seen: dt.date) -> bool:
    """Whether a lead had become an opportunity by a day; without a date, it had."""
    if row.get("converted_at") is not None:
        return by_then(row["converted_at"], seen)
    deal = data.one("opportunities", "opportunity_id", row.get("opportunity_id"))
    created = day_of(deal.get("created_at"))
    return (row["status"] == "converted" or row.get("opportunity_id") is not None) and (
        created is None or created <= seen
    )


def has_order(data: Data, row: dict, seen: dt.date) -> bool:
    """Whether its opportunity has an order, or its account ordered after the day it was qualified."""
    deal, who, day = row.get("opportunity_id"), row.get("account_id"), day_of(row.get("qualified_at"))
    direct = data.by("orders", "opportunity_id").get(deal, []) if deal is not None else []
    later = data.by("orders", "account_id").get(who, []) if who is not None else []
    return any(is_order(each) and by_then(each["order_date"], seen) for each in direct) or any(
        is_order(each) and by_then(each["order_date"], seen) and day is not None and each["order_date"] > day
        for each in later
    )


def cohort(data: Data, span: Span, test: Test) -> list[Fact]:
    """The leads qualified in the period, and which of them had come to something when seen."""
    found = []
    for row in filter(is_qualified, data.rows("leads")):
        day = day_of(row.get("qualified_at"))
        if day is None:
            found.append(_fact(row, None, num=None, den=1, left="missing", code="no_date"))
        elif span.start <= day < span.stop:
            good = test(data, row, span.seen)
            amount = row.get("potential_amount") if good else Decimal(0)
            found.append(_fact(row, day, num=int(good), den=1, amount=amount))
    return found


def first_contact(data: Data, span: Span) -> list[Fact]:
    """The days from a lead's creation to the first thing done with it, by the day it is seen."""
    found = []
    nothing = ("excluded", "not_contacted") if names_leads(data) else ("missing", "no_link")
    for row in data.rows("leads"):
        created = day_of(row["created_at"])
        if created is None:
            found.append(_fact(row, None, num=None, den=1, left="missing", code="no_date"))
        elif span.start <= created < span.stop:
            days = [day for day in done(data, "lead_id", row["lead_id"]) if created <= day <= span.seen]
            left, code = ("", "") if days else nothing
            num = (days[0] - created).days if days else None
            found.append(_fact(row, created, num=num, den=1, left=left, code=code))
    return found


def refusals(data: Data, span: Span) -> list[Fact]:
    """The leads decided on: those refused, with what they might have been worth."""
    found = []
    for row in data.rows("leads"):
        refused, left, code = row["status"] == "disqualified", "", ""
        if refused:
            day = day_of(row.get("disqualified_at"))
        elif is_qualified(row):
            day = day_of(row.get("qualified_at") or row.get("converted_at"))
        else:
            day = day_of(row.get("created_at"))
            left, code = ("excluded", "undecided") if row["status"] else ("missing", "no_status")
        amount = row.get("potential_amount") if refused else Decimal(0)
        found.append(_fact(row, day, num=int(refused), den=1, amount=amount, left=left, code=code))
    return found


LEAD_DAYS = ("created_at", "assigned_at", "qualified_at", "converted_at", "disqualified_at")
SPECS = {
    each.name: each
    for each in (
        Spec("qualified_leads", "flow", qualified, "leads", target="qualified_leads"),
        Spec("leads_to_contact", "stock", to_contact, "leads", dated=LEAD_DAYS, needs=("leads", "activities")),
        Spec("lead_conversion_rate", "change", lambda d, s: cohort(d, s, has_deal), "leads", dated=LEAD_DAYS, ratio=True),
        Spec("lead_order_rate", "change", lambda d, s: cohort(d, s, has_order), "leads", dated=LEAD_DAYS, ratio=True,
             needs=("leads", "orders")),
        Spec("time_to_first_contact", "change", first_contact, "leads", dated=LEAD_DAYS, ratio=True,
             needs=("leads", "activities")),
        Spec("lead_refusal_rate", "flow", refusals, "leads", ratio=True),
    )
}  # fmt: skip
