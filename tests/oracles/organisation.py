"""Indicators 2.1 and 2.2 (indicators.md): late visits with the money they put at risk, quotes to follow up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from . import calendar
from .answers import Data, Fact, Span, Spec, by_then, day_of
from .calendar import DAY
from .facts import cents, is_open
from .portfolio import ORDERS, backlog, booked
from .visits import cancelled, done, no_status, there, unknown, visits

LATE_DAYS, CADENCE, SOON, ONE_IN = 7, 7, 7, 10
AGES = ((range(8), "0-7"), (range(8, 15), "8-14"), (range(15, 31), "15-30"), (range(31, 61), "31-60"))
DECIDED = ("accepted", "refused", "cancelled")


def top(amounts: Iterable[Decimal], one_in: int) -> Decimal | None:
    """The smallest amount of the top: ``ceil(n / one_in)`` of them, ties included; None where there are none.

    >>> top([Decimal(5)] * 3 + [Decimal(1)] * 8, 10), top([], 10)
    (Decimal('5'), None)
    """
    ranked = sorted(amounts, reverse=True)
    return ranked[-(-len(ranked) // one_in) - 1] if ranked else None


def median(numbers: Iterable[int]) -> Fraction | None:
    """The middle one, or the middle of the two in the middle."""
    ranked = sorted(numbers)
    half = len(ranked) // 2
    return Fraction(ranked[half] + ranked[-half - 1], 2) if ranked else None


# quotes -----------------------------------------------------------------------------------------------------------


def _issued(data: Data, day: dt.date) -> list[dict]:
    """The latest versions among the quotes issued by a day: not replaced by one issued by then, or by one unknown."""
    found = []
    for row in data.rows("quotes"):
        if not there(row["issued_at"], day):
            continue
        later = data.one("quotes", "quote_id", row["replaced_by"])
        if row["replaced_by"] is None or (later and not there(later["issued_at"], day)):
            found.append(row)
    return found


def decided(row: dict, day: dt.date) -> bool:
    """Whether a quote was accepted, refused or cancelled at the close of a day; without its day it always was."""
    return row["status"] in DECIDED and (row["decided_at"] is None or by_then(row["decided_at"], day))


def _expired(row: dict, day: dt.date) -> bool:
    return row["valid_until"] is not None and row["valid_until"] < day


def _waiting(data: Data, day: dt.date) -> list[dict]:
    """Sent, latest version, not decided; past their validity or not."""
    return [row for row in _issued(data, day) if row["status"] != "draft" and not decided(row, day)]


def open_quotes(data: Data, day: dt.date) -> list[dict]:
    """Sent, latest version, neither accepted, refused, cancelled nor past validity."""

    def find() -> list[dict]:
        return [row for row in _waiting(data, day) if row["status"] is not None and not _expired(row, day)]

    return data.once(("open_quotes", day), find)


def time_to_sign(data: Data, day: dt.date) -> Fraction | None:
    """The median of the days from issue to decision, of the quotes accepted by a day."""
    return median(
        (day_of(row["decided_at"]) - day_of(row["issued_at"])).days
        for row in data.rows("quotes")
        if row["status"] == "accepted"
        and by_then(row["decided_at"], day)
        and row["issued_at"]
        and day_of(row["decided_at"]) >= day_of(row["issued_at"])
    )


def follow_up(data: Data, row: dict, day: dt.date) -> dt.date | None:
    """The last time a quote was followed up since its issue: by an activity done, else as the quote itself says."""
    since = day_of(row["issued_at"])
    linked = data.by("activities", "quote_id").get(row["quote_id"], [])
    if row["opportunity_id"] is not None:
        linked = linked + data.by("activities", "opportunity_id").get(row["opportunity_id"], [])
    days = [day_of(each["done_at"]) for each in linked if each["direction"] != "in" and by_then(each["done_at"], day)]
    if days := [each for each in days if since is None or each >= since]:
        return max(days)
    return day_of(row["last_follow_up_at"]) if by_then(row["last_follow_up_at"], day) else None


def _quote(row: dict, day: dt.date, **more: Any) -> Fact:
    lacks = {"left": "missing", "code": "no_status"} if row["status"] is None else {}
    return Fact(row["quote_id"], day, row["account_id"], row["owner_id"], amount=row["amount"], **{**more, **lacks})


def _untold(data: Data, day: dt.date) -> list[dict]:
    """The quotes of which the source does not say what became of them: missing wherever they may be."""
    return [row for row in _issued(data, day) if row["status"] is None]


def open_quotes_facts(data: Data, span: Span) -> list[Fact]:
    """One per open quote, by its age; no age where the day of issue is not known."""
    found = []
    for row in open_quotes(data, span.state) + _untold(data, span.state):
        issued = day_of(row["issued_at"])
        days = (span.state - issued).days if issued else None
        age = None if days is None else next((name for ages, name in AGES if days in ages), "60+")
        found.append(_quote(row, span.state, own={"ageing": age}))
    return found


def draft_quotes(data: Data, span: Span) -> list[Fact]:
    """One per draft."""
    return [_quote(row, span.state) for row in _issued(data, span.state) if row["status"] in ("draft", None)]


def expired_quotes(data: Data, span: Span) -> list[Fact]:
    """One per quote past its validity and never closed."""
    past = [row for row in _waiting(data, span.state) if row["status"] is not None and _expired(row, span.state)]
    return [_quote(row, span.state) for row in past + _untold(data, span.state)]


def _why(row: dict, day: dt.date, last: dt.date | None, usual: Fraction | None) -> str | None:
    """Why a quote is to be followed up: its validity ends, it is older than the usual, or nobody did for too long."""
    issued = day_of(row["issued_at"])
    if row["valid_until"] and (row["valid_until"] - day).days <= SOON:
        return "validity"
    if usual is not None and issued and (day - issued).days > usual:
        return "age"
    since = last or issued
    return "cadence" if since and (day - since).days > CADENCE else None


def quotes_to_follow_up(data: Data, span: Span) -> list[Fact]:
    """One per open quote that nobody followed up for too long, that ends soon, or that is older than the usual."""
    day, rows = span.state, open_quotes(data, span.state)
    usual = time_to_sign(data, day)
    big = top((row["amount"] for row in rows if row["amount"] is not None), ONE_IN)
    found = []
    for row in rows + _untold(data, day):
        last, issued, end = follow_up(data, row, day), day_of(row["issued_at"]), row["valid_until"]
        why = _why(row, day, last, usual)
        old = usual is not None and issued is not None and (day - issued).days > usual
        urgent = last is None and end and (end - day).days < SOON and big is not None and (row["amount"] or 0) >= big
        if why is None and row["status"] is not None:
            found.append(Fact(row["quote_id"], day, row["account_id"], row["owner_id"], left="excluded", code="recent"))
            continue
        severity = "P1" if urgent else "P2" if old else None
        said = {"last_follow_up": last, "age": (day - issued).days if issued else None, "usual_days": usual}
        found.append(_quote(row, day, severity=severity, own={"why": why}, listed=said))
    return found


def quote_conversion_rate(data: Data, span: Span) -> list[Fact]:
    """Of the quotes issued in the period, not draft and not replaced, those accepted by the day of the question."""
    found = []
    for row in _issued(data, span.seen):
        day = day_of(row["issued_at"])
        if row["status"] != "draft" and (day is None or span.start <= day < span.stop):
            signed = row["status"] == "accepted" and decided(row, span.seen)
            code = "no_status" if row["status"] is None else "no_date" if day is None else ""
            found.append(Fact(
                row["quote_id"], day, row["account_id"], row["owner_id"], int(signed), 1,
                row["amount"] if signed else Decimal(0), "missing" if code else "", code,
            ))  # fmt: skip
    return found


# the money at risk ------------------------------------------------------------------------------------------------


def _links(data: Data, day: dt.date) -> list[tuple[tuple, tuple]]:
    """Which document names which: an order its quote and its opportunity, a quote its opportunity."""
    orders = [("order_id", row) for row in data.rows("orders") if booked(row, day)]
    quotes = [("quote_id", row) for row in data.rows("quotes")]
    return [
        ((key, row[key]), (link, row[link]))
        for key, row in orders + quotes
        for link in ("quote_id", "opportunity_id")
        if link != key and row[link] is not None
    ]


def _deals(data: Data, day: dt.date) -> dict[tuple, tuple]:
    """Orders, quotes and opportunities of a day by deal: those that name each other are one."""
    parent: dict[tuple, tuple] = {}

    def root(node: tuple) -> tuple:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for one, other in _links(data, day):
        parent[root(one)] = root(other)
    return {node: root(node) for node in list(parent)}


def _worth(data: Data, row: dict, day: dt.date, data_day: dt.date) -> Decimal | None:
    """An opportunity's amount x probability: before the data's day what its history last said, where it says it."""
    told = data.by("opportunity_history", "opportunity_id").get(row["opportunity_id"], [])
    past = [each for each in told if day < data_day and by_then(each["at"], day)]
    if past:
        last = max(past, key=lambda each: each["at"])
        filled = {name for each in told for name in each if each[name] is not None}
        row = row | {name: last[name] for name in ("stage", "probability", "amount") if name in filled}
    chance = row["probability"]
    if chance is None:
        chance = data.one("stages", "stage", row["stage"]).get("probability")
    return None if None in (chance, row["amount"]) else cents(row["amount"] * chance)


def documents_at_risk(data: Data, day: dt.date, data_day: dt.date) -> list[tuple[str, dict, Decimal | None]]:
    """Of each deal the most advanced document: orders not delivered, else open quotes, else the weighted opportunity."""
    deals = _deals(data, day)

    def deal(key: str, row: dict) -> tuple:
        return deals.get((key, row[key]), (key, row[key]))

    ordered = {deal("order_id", row) for row in data.rows("orders") if booked(row, day)}
    left = [(row, amount) for row, amount in backlog(data, day) if row["status"] is not None]
    found: list[tuple[str, dict, Decimal | None]] = [("order_id", row, amount) for row, amount in left]
    quotes = [row for row in open_quotes(data, day) if deal("quote_id", row) not in ordered]
    taken = ordered | {deal("quote_id", row) for row in quotes}
    found += [("quote_id", row, row["amount"]) for row in quotes]
    for row in data.rows("opportunities"):
        if is_open(row, day) and deal("opportunity_id", row) not in taken:
            worth = _worth(data, row, day, data_day)
            found += [("opportunity_id", row, worth)] if worth is not None else []
    return found


def at_risk_linked_share(data: Data, span: Span, data_day: dt.date) -> list[Fact]:
    """Of the money in undelivered orders and open quotes, the part that names an earlier document of its deal."""
    found, day = [], span.state
    untold = [("order_id", row, amount) for row, amount in backlog(data, day) if row["status"] is None]
    for key, row, amount in data.once(("at risk", day), lambda: documents_at_risk(data, day, data_day)) + untold:
        linked = any(row.get(link) is not None for link in ("quote_id", "opportunity_id") if link != key)
        code = "no_status" if row["status"] is None else "no_amount" if amount is None else ""
        left = {"left": "missing", "code": code} if code else {}
        if key == "opportunity_id":
            left = {"left": "excluded", "code": "deal"}
        found.append(Fact(f"{key.removesuffix('_id')}:{row[key]}", day, row["account_id"], row["owner_id"],
                          amount if linked else Decimal(0), amount, amount, weight=amount, **left))  # fmt: skip
    return found


def money_at_risk(data: Data, day: dt.date, data_day: dt.date) -> dict[str, Decimal]:
    """The money at risk of each customer at a day."""

    def add() -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for _, row, amount in documents_at_risk(data, day, data_day):
            if row["account_id"] is not None and amount is not None:
                found[row["account_id"]] += amount
        return dict(found)

    return data.once(("money_at_risk", day), add)


# visits -----------------------------------------------------------------------------------------------------------


def _past(data: Data, day: dt.date) -> list[dict]:
    """The visits planned before a day, neither done nor cancelled by then."""
    return [
        row for row in visits(data)
        if by_then(row["planned_at"], day - DAY) and not done(row, day) and not cancelled(row, day)
    ]  # fmt: skip


def _lacks(data: Data, row: dict) -> dict[str, str]:
    """How a visit that nobody knows of is left out: by rule, or lacking where no visit of its type was ever done."""
    if no_status(row):
        return {"left": "missing", "code": "no_status"}
    if not unknown(row):
        return {}
    same = (each for each in visits(data) if each["type"] == row["type"])
    says = any(each["status"] == "done" or each["done_at"] for each in same)
    return {"left": "excluded", "code": "unknown_outcome"} if says else {"left": "missing", "code": "no_done_flag"}


def overdue_visits(data: Data, span: Span, data_day: dt.date) -> list[Fact]:
    """One per late visit, with the money at risk of its customer, once in any group."""
    day, found = span.state, []
    risks = money_at_risk(data, day, data_day)
    late = [row for row in _past(data, day) if not _lacks(data, row)]
    least = top((risks[who] for who in {row["account_id"] for row in late} if risks.get(who, 0) > 0), ONE_IN)
    for row in _past(data, day):
        risk = risks.get(row["account_id"], Decimal(0))
        days = calendar.open_days(day_of(row["planned_at"]) + DAY, day + DAY)
        big = least is not None and risk >= least
        found.append(Fact(
            row["activity_id"], day, row["account_id"], row["owner_id"], amount=risk, once=row["account_id"],
            severity="P1" if big else "P2" if days > LATE_DAYS else None, listed={"days_late": days},
            own={"type": row["type"], "late_reason": (row["late_reason"] or "").strip() or None}, **_lacks(data, row),
        ))  # fmt: skip
    return found


def unknown_visits(data: Data, span: Span) -> list[Fact]:
    """One per past visit of unknown outcome."""
    return [
        Fact(row["activity_id"], span.state, row["account_id"], row["owner_id"], own={"type": row["type"]})
        for row in _past(data, span.state)
        if unknown(row)
    ]


def overdue_visit_rate(data: Data, span: Span) -> list[Fact]:
    """Of the visits planned in the period, of known outcome and not cancelled, those overdue at its end."""
    found = []
    for row in visits(data):
        day = day_of(row["planned_at"])
        if not day or not span.start <= day < span.stop:
            continue
        late = day < span.state and not done(row, span.state)
        gone = {"left": "excluded", "code": "cancelled"} if cancelled(row, span.state) else _lacks(data, row)
        found.append(Fact(row["activity_id"], day, row["account_id"], row["owner_id"], int(late), 1, **gone))
    return found


_QUOTES = ("issued_at", "decided_at", "last_follow_up_at")
_ACTIVITIES = ("done_at", "cancelled_at", "reported_at")


def specs(data_day: dt.date) -> dict[str, Spec]:
    """The figures, for data of a day."""
    late, linked = partial(overdue_visits, data_day=data_day), partial(at_risk_linked_share, data_day=data_day)
    found = (
        Spec("overdue_visits", "stock", late, "activities", _ACTIVITIES, helps=("orders", "quotes", "opportunities"),
             undated=True),
        Spec("unknown_visits", "stock", unknown_visits, "activities", _ACTIVITIES),
        Spec("overdue_visit_rate", "change", overdue_visit_rate, "activities", _ACTIVITIES, ratio=True),
        Spec("at_risk_linked_share", "stock", linked, "orders", ORDERS, ratio=True, in_money=True, helps=("quotes",),
             undated=True),
        Spec("open_quotes", "stock", open_quotes_facts, "quotes", _QUOTES),
        Spec("draft_quotes", "stock", draft_quotes, "quotes", _QUOTES),
        Spec("expired_quotes", "stock", expired_quotes, "quotes", _QUOTES),
        Spec("quotes_to_follow_up", "stock", quotes_to_follow_up, "quotes", _QUOTES, helps=("activities",),
             undated="activities"),
        Spec("quote_conversion_rate", "change", quote_conversion_rate, "quotes", _QUOTES, ratio=True),
    )  # fmt: skip
    return {spec.name: spec for spec in found}
