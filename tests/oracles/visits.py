"""Indicator 4.1 and the activities due (indicators.md): visits, reports, orders credited to visits, what is to be done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from .answers import Data, Fact, Span, Spec, by_then, day_of
from .calendar import DAY

VISITS = ("visit", "meeting")
ATTRIBUTION = 30
"""W: how many days a visit is waited on for an order."""
URGENCY = dict.fromkeys(("high", "urgent", "haute", "urgente", "élevée"), "P1") | dict.fromkeys(
    ("low", "basse", "faible"), "P3"
)
"""The alert of a priority, in both languages; any other, and none, is P2."""


def done(row: dict, day: dt.date) -> bool:
    """Whether an activity was done at the close of a day; one said to be done without its day always was."""
    return by_then(row["done_at"], day) or (row["status"] == "done" and row["done_at"] is None)


def cancelled(row: dict, day: dt.date) -> bool:
    """Whether an activity was cancelled at the close of a day; one said to be without its day always was."""
    return by_then(row["cancelled_at"], day) or (row["status"] == "cancelled" and row["cancelled_at"] is None)


def there(moment: dt.date | dt.datetime | None, day: dt.date) -> bool:
    """Whether something that may lack its day was there at the close of a day: without one it always was."""
    return moment is None or by_then(moment, day)


def visits(data: Data) -> list[dict]:
    """The activities of the types that are visits, whatever became of them."""
    return [row for row in data.rows("activities") if row["type"] in VISITS]


def done_visits(data: Data) -> list[dict]:
    """The visits done, on whatever day, with or without an account."""
    return [row for row in visits(data) if row["done_at"] is not None or row["status"] == "done"]


def _told(data: Data) -> list[dict]:
    """The visits done, and those of which the source does not say whether they were."""
    return [*done_visits(data), *(row for row in visits(data) if unknown(row) or no_status(row))]


def unknown(row: dict) -> bool:
    """Whether the source does not say if something took place."""
    return row["status"] == "unknown" and row["done_at"] is None


def no_status(row: dict) -> bool:
    """Whether nothing says what became of something: neither a status nor a day."""
    return row["status"] is None and row["done_at"] is None and row["cancelled_at"] is None


def _fact(row: dict, wait: int = 0, **more: Any) -> Fact:
    """A visit on its day, or some days later; left out without an account, lacking where nobody says it took place."""
    day = day_of(row["planned_at"] if unknown(row) or no_status(row) else row["done_at"])
    left = {} if row["account_id"] else {"left": "excluded", "code": "no_account"}
    if unknown(row) or no_status(row):
        left = {"left": "missing", "code": "unknown_outcome" if unknown(row) else "no_status"}
    elif day is None and not left:
        left = {"left": "missing", "code": "no_date"}
    return Fact(row["activity_id"], day and day + DAY * wait, row["account_id"], row["owner_id"], **more, **left)


def reported(row: dict) -> bool:
    """Whether a visit has a report: words, or the day they were written."""
    return bool((row["report"] or "").strip()) or row["reported_at"] is not None


def visits_done(data: Data, span: Span) -> list[Fact]:
    """One per done visit."""
    return [_fact(row) for row in _told(data)]


def visit_reports(data: Data, span: Span) -> list[Fact]:
    """One per done visit with a report."""
    return [_fact(row) for row in _told(data) if reported(row) or unknown(row) or no_status(row)]


def visit_report_rate(data: Data, span: Span) -> list[Fact]:
    """Of the done visits, those with a report; a source without any report does not say."""
    found = [_fact(row, num=int(reported(row)), den=1) for row in _told(data)]
    if not any(map(reported, visits(data))):
        for fact in found:
            fact.left, fact.code = fact.left or "missing", fact.code or "no_reports"
    return found


def credited(data: Data, seen: dt.date) -> dict[str, list[dict]]:
    """The orders of each visit: those that name it, else those of its account within W days after, the last visit's."""
    known = {row["activity_id"]: row for row in done_visits(data) if row["account_id"]}
    found: dict[str, list[dict]] = {}
    for order in data.rows("orders"):
        if order["status"] not in ("confirmed", "delivered") or not by_then(order["order_date"], seen):
            continue
        visit = known.get(order["activity_id"]) or _last_visit(data, order)
        if visit:
            found.setdefault(visit["activity_id"], []).append(order)
    return found


def _last_visit(data: Data, order: dict) -> dict | None:
    """The last visit of the order's account, any owner, within W days; ties: the latest moment, then the id."""
    if order["account_id"] is None:
        return None
    near = [
        row
        for row in data.by("activities", "account_id").get(order["account_id"], [])
        if row["type"] in VISITS
        and row["done_at"]
        and order["order_date"] - DAY * ATTRIBUTION <= day_of(row["done_at"]) <= order["order_date"]
    ]
    return max(near, key=lambda row: (row["done_at"], row["activity_id"]), default=None)


def _matured(data: Data, span: Span, conversion: bool) -> list[Fact]:
    """The visits that matured in the period, and those nobody knows the day of."""
    orders = data.once(("credited", span.seen), lambda: credited(data, span.seen))
    found = []
    for row in _told(data):
        own = orders.get(row["activity_id"], [])
        known = [order["amount"] for order in own if order["amount"] is not None]
        amount = None if own and not known else sum(known, Decimal(0))
        num, den = (int(bool(own)), 1) if conversion else (1, len(own))
        fact = _fact(row, ATTRIBUTION, num=num, den=den, amount=amount)
        if fact.day is None or span.start <= fact.day < span.stop:
            found.append(fact)
    return found


def visit_to_order_ratio(data: Data, span: Span) -> list[Fact]:
    """Visits for one order, on the day that W days have passed."""
    return _matured(data, span, conversion=False)


def visit_conversion_rate(data: Data, span: Span) -> list[Fact]:
    """Of the visits, on the day that W days have passed, those with an order."""
    return _matured(data, span, conversion=True)


def due_activities(data: Data, span: Span) -> list[Fact]:
    """What was planned by the day and is neither done nor cancelled, with its urgency; nobody knows of some."""
    day, found = span.state, []
    for row in data.rows("activities"):
        if by_then(row["planned_at"], day) and not done(row, day) and not cancelled(row, day):
            code = "unknown_outcome" if unknown(row) else "no_status" if no_status(row) else ""
            found.append(Fact(
                row["activity_id"], day, row["account_id"], row["owner_id"], left="missing" if code else "", code=code,
                severity=URGENCY.get((row["priority"] or "").strip().lower(), "P2"), own={"type": row["type"]},
            ))  # fmt: skip
    return found


DATED = ("done_at", "cancelled_at", "reported_at")
SPECS = {
    spec.name: spec
    for spec in (
        Spec("visits_done", "flow", visits_done, "activities", target="visits_done"),
        Spec("visit_reports", "flow", visit_reports, "activities"),
        Spec("visit_report_rate", "flow", visit_report_rate, "activities", ratio=True),
        Spec(
            "visit_to_order_ratio",
            "change",
            visit_to_order_ratio,
            "activities",
            DATED,
            ratio=True,
            needs=("activities", "orders"),
        ),
        Spec(
            "visit_conversion_rate",
            "change",
            visit_conversion_rate,
            "activities",
            DATED,
            ratio=True,
            needs=("activities", "orders"),
        ),
        Spec("due_activities", "stock", due_activities, "activities", DATED),
    )
}
