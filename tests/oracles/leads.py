"""Qualified leads and what became of them, and the activities that are due (indicators.md 4.3, Today)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .answers import DAY, Data, Fact, Span, Spec, by_then, day_of
from .data_health import is_order

UNTOUCHED = 2  # days


def _dims(row: dict) -> dict[str, str | None]:
    return {name: row.get(name) for name in ("product_interest", "source", "campaign")}


def _fact(row: dict, day: dt.date | None, **more) -> Fact:
    return Fact(row["lead_id"], day, row.get("account_id"), row.get("owner_id"), own=_dims(row), **more)


def is_qualified(row: dict) -> bool:
    """Whether a lead ever entered the qualified status."""
    return row["status"] == "qualified" or row.get("qualified_at") is not None


def done(data: Data, column: str, value: str | None) -> list[dt.date]:
    """The days of the activities done on something."""
    rows = data.by("activities", column).get(value, []) if value is not None else []
    return sorted(day_of(row["done_at"]) for row in rows if row.get("done_at") and row["status"] != "cancelled")


def touched_since(data: Data, row: dict, start: dt.date, day: dt.date) -> bool:
    """Whether something was done on a lead, or with its account, from a day to another."""
    days = done(data, "lead_id", row["lead_id"]) + done(data, "account_id", row.get("account_id"))
    return any(start <= each <= day for each in days)


def qualified(data: Data, span: Span) -> list[Fact]:
    """One fact per lead that entered the qualified status."""
    found = []
    for row in data.rows("leads"):
        day = day_of(row.get("qualified_at"))
        amount = row.get("potential_amount")
        if not is_qualified(row):
            found.append(_fact(row, None, amount=amount, left="excluded", code="not_qualified"))
        else:
            found.append(_fact(row, day, amount=amount, severity=urgent(data, row, day, span.seen)))
    return found


def urgent(data: Data, row: dict, day: dt.date | None, seen: dt.date) -> str | None:
    """P1: qualified and untouched for 48 hours; P3: nobody knows what it is interested in."""
    waits = day is not None and day + UNTOUCHED * DAY < seen and row["status"] == "qualified"
    if waits and not touched_since(data, row, day, seen):
        return "P1"
    return None if row.get("product_interest") else "P3"


def has_deal(data: Data, row: dict, seen: dt.date) -> bool:
    """Whether a lead had become an opportunity by a day; without a date, it had."""
    if row.get("converted_at") is not None:
        return by_then(row["converted_at"], seen)
    deal = data.one("opportunities", "opportunity_id", row.get("opportunity_id"))
    created = day_of(deal.get("created_at"))
    return row.get("opportunity_id") is not None and (created is None or created <= seen)


def has_order(data: Data, row: dict, seen: dt.date) -> bool:
    """Whether its opportunity has an order, or its account ordered after it was qualified."""
    deal, who, day = row.get("opportunity_id"), row.get("account_id"), day_of(row.get("qualified_at"))
    direct = data.by("orders", "opportunity_id").get(deal, []) if deal is not None else []
    later = data.by("orders", "account_id").get(who, []) if who is not None else []
    return any(is_order(each) and by_then(each["order_date"], seen) for each in direct) or any(
        is_order(each) and by_then(each["order_date"], seen) and day is not None and each["order_date"] > day
        for each in later
    )


def cohort(data: Data, span: Span, test) -> list[Fact]:
    """The leads qualified in the period, and which of them had come to something when seen."""
    found = []
    for row in data.rows("leads"):
        day = day_of(row.get("qualified_at"))
        if day is not None and span.start <= day < span.stop:
            good = test(data, row, span.seen)
            amount = row.get("potential_amount") if good else Decimal(0)
            found.append(_fact(row, day, num=int(good), den=1, amount=amount))
    return found


def first_contact(data: Data, span: Span) -> list[Fact]:
    """The days from a lead's creation to the first thing done with it."""
    found = []
    for row in data.rows("leads"):
        created = day_of(row["created_at"])
        days = [day for day in done(data, "lead_id", row["lead_id"]) if created is not None and day >= created]
        if days:
            found.append(_fact(row, created, num=(days[0] - created).days, den=1))  # type: ignore[operator]
        else:
            found.append(_fact(row, created, num=None, den=1, left="excluded", code="not_contacted"))
    return found


def refusals(data: Data, span: Span) -> list[Fact]:
    """The leads decided: those refused."""
    found = []
    for row in data.rows("leads"):
        refused = row["status"] == "disqualified"
        day = day_of(row.get("disqualified_at") if refused else row.get("qualified_at"))
        if refused or is_qualified(row):
            found.append(_fact(row, day, num=int(refused), den=1))
        else:
            found.append(_fact(row, None, num=None, den=1, left="excluded", code="not_decided"))
    return found


PRIORITIES = {"high": "P1", "urgent": "P1", "low": "P3"}


def is_due(row: dict, day: dt.date) -> bool:
    """Whether an activity is planned by a day and neither done nor cancelled then."""
    for state, moment in (("done", row.get("done_at")), ("cancelled", row.get("cancelled_at"))):
        if by_then(moment, day) or (moment is None and row["status"] == state):
            return False
    return by_then(row.get("planned_at"), day) and row["status"] != "unknown"


def due_activities(data: Data, span: Span) -> list[Fact]:
    """What is to be done, the most urgent by its own priority."""
    return [
        Fact(row["activity_id"], span.state, row.get("account_id"), row["owner_id"],
             severity=PRIORITIES.get((row.get("priority") or "").strip().lower(), "P2"))
        for row in data.rows("activities")
        if is_due(row, span.state)
    ]  # fmt: skip


SPECS = {
    each.name: each
    for each in (
        Spec("qualified_leads", "flow", qualified, "leads", target="qualified_leads"),
        Spec("lead_conversion_rate", "change", lambda d, s: cohort(d, s, has_deal), "leads", ratio=True),
        Spec("lead_order_rate", "change", lambda d, s: cohort(d, s, has_order), "leads", ratio=True),
        Spec("time_to_first_contact", "flow", first_contact, "leads", ratio=True),
        Spec("lead_refusal_rate", "flow", refusals, "leads", ratio=True),
        Spec("due_activities", "stock", due_activities, "activities",
             dated=("done_at", "cancelled_at", "reported_at"), needs=("activities",)),
    )
}  # fmt: skip
