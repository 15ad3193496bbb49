"""Active, inactive and lost customers, churn, and how often the rule cries wolf (indicators.md 3.3)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median

from .answers import Data, Fact, Span, Spec, by_then, day_of, months_before
from .data_health import is_order, top

DEFAULT_CYCLE, MIN_ORDER_DAYS, MIN_SEGMENT = 90, 4, 5
NEWLY = 30  # days since the cycle passed


@dataclass(frozen=True)
class State:
    """A customer at a day."""

    account_id: str
    last_order: dt.date
    cycle: Fraction
    cycle_from: str
    age: int
    quiet: int
    revenue: Decimal

    @property
    def state(self) -> str:
        """Lost past two cycles, inactive past one, of age and of silence both; else active."""
        least = min(self.age, self.quiet)
        return "lost" if least > 2 * self.cycle else "inactive" if least > self.cycle else "active"


@dataclass(frozen=True)
class Rule:
    """The settings of the rule."""

    default: int = DEFAULT_CYCLE
    order_days: int = MIN_ORDER_DAYS
    segment: int = MIN_SEGMENT


def ordered(data: Data) -> dict[str, list[tuple[dt.date, Decimal]]]:
    """Each customer's orders of some amount, the oldest first."""
    return data.once("ordered", lambda: _ordered(data))


def _ordered(data: Data) -> dict[str, list[tuple[dt.date, Decimal]]]:
    found: dict[str, list[tuple[dt.date, Decimal]]] = {}
    for row in data.rows("orders"):
        if is_order(row) and row.get("account_id") is not None and row["order_date"] and (row["amount"] or 0) > 0:
            found.setdefault(row["account_id"], []).append((row["order_date"], row["amount"]))
    return {who: sorted(each) for who, each in found.items()}


def order_days(data: Data, who: str, day: dt.date) -> list[dt.date]:
    """The distinct days on which a customer had ordered by a day."""
    days = data.once(("days", who), lambda: sorted({when for when, _ in ordered(data)[who]}))
    return days[: bisect_right(days, day)]


def own_cycle(data: Data, who: str, day: dt.date, rule: Rule) -> Fraction | None:
    """The median of the gaps known at a day, with enough order days."""
    days = order_days(data, who, day)
    return data.once(("own", who, len(days), rule), lambda: _own_cycle(days, rule))


def _own_cycle(days: list[dt.date], rule: Rule) -> Fraction | None:
    if len(days) < max(2, rule.order_days):
        return None
    return median(Fraction((late - early).days) for early, late in pairwise(days))


def segment_cycle(data: Data, segment: str | None, day: dt.date, rule: Rule) -> Fraction | None:
    """The median of the own cycles of a segment's customers, of enough of them."""
    return data.once(("segment", segment, day, rule), lambda: _segment_cycle(data, segment, day, rule))


def _segment_cycle(data: Data, segment: str | None, day: dt.date, rule: Rule) -> Fraction | None:
    if segment is None:
        return None
    members = [row["account_id"] for row in data.by("accounts", "segment")[segment]]
    known = [own_cycle(data, who, day, rule) for who in members if who in ordered(data)]
    cycles = [each for each in known if each is not None]
    return median(cycles) if len(cycles) >= rule.segment else None


def cycle(data: Data, who: str, day: dt.date, rule: Rule = Rule()) -> tuple[Fraction, str]:
    """A customer's cycle as known at a day, and which one it is."""
    account = data.one("accounts", "account_id", who)
    if (account.get("order_cycle_days") or 0) > 0:
        return Fraction(account["order_cycle_days"]), "account"
    own = own_cycle(data, who, day, rule)
    if own is not None:
        return own, "own"
    segment = segment_cycle(data, account.get("segment"), day, rule)
    return (segment, "segment") if segment is not None else (Fraction(rule.default), "default")


def _last_answer(data: Data, who: str, day: dt.date) -> dt.date | None:
    rows = data.by("activities", "account_id").get(who, [])
    days = [day_of(row["done_at"]) for row in rows
            if row.get("direction") == "in" and by_then(row.get("done_at"), day)]  # fmt: skip
    return max(days, default=None)


def year_to(data: Data, who: str, day: dt.date) -> Decimal:
    """What a customer ordered in the 12 months up to a day."""
    least = months_before(day, 12)
    return sum((amount for when, amount in ordered(data)[who] if least < when <= day), Decimal(0))


def states(data: Data, day: dt.date, rule: Rule = Rule()) -> dict[str, State]:
    """Everybody who had ordered by a day."""
    return data.once(("states", day, rule), lambda: _states(data, day, rule))


def _states(data: Data, day: dt.date, rule: Rule) -> dict[str, State]:
    found = {}
    for who in ordered(data):
        if days := order_days(data, who, day):
            last, (length, origin) = days[-1], cycle(data, who, day, rule)
            heard = max(last, _last_answer(data, who, day) or last)
            found[who] = State(
                who, last, length, origin, (day - last).days, (day - heard).days, year_to(data, who, last)
            )
    return found


def _fact(data: Data, at: State, day: dt.date, **more) -> Fact:
    owner = data.one("accounts", "account_id", at.account_id).get("owner_id")
    own = {"cycle_from": at.cycle_from}
    return Fact(at.account_id, day, at.account_id, owner, own=own, **{"amount": at.revenue} | more)


def in_state(data: Data, span: Span, wanted: str, rule: Rule) -> list[Fact]:
    """The customers in a state at the day; alerts: a big one past its cycle, one just past it."""
    every = states(data, span.state, rule)
    big = top({who: at.revenue for who, at in every.items() if at.state != "active"}, 10)
    return [
        _fact(data, at, span.state, severity=_severity(at, big)) for at in every.values() if at.state == wanted
    ]  # fmt: skip


def _severity(at: State, big: set[str]) -> str | None:
    if at.state == "active":
        return None
    return "P1" if at.account_id in big else "P2" if at.state == "inactive" and at.quiet - at.cycle <= NEWLY else None


def newly_lost(data: Data, span: Span, rule: Rule) -> list[Fact]:
    """Customers at the opening, lost since."""
    before, now = states(data, span.opening, rule), states(data, span.state, rule)
    return [
        _fact(data, at, span.state)
        for who, at in now.items()
        if at.state == "lost" and who in before and before[who].state != "lost"
    ]


def churn(data: Data, span: Span, rule: Rule, by_revenue: bool) -> list[Fact]:
    """Customers active or inactive at the opening: those lost at the end."""
    now, found = states(data, span.state, rule), []
    for who, at in states(data, span.opening, rule).items():
        if at.state != "lost":
            revenue, lost = year_to(data, who, span.opening), now[who].state == "lost"
            num, den = (revenue * lost, revenue) if by_revenue else (int(lost), 1)
            found.append(_fact(data, now[who], span.state, num=num, den=den, amount=num if by_revenue else revenue))
    return found


def false_alarms(data: Data, span: Span, rule: Rule) -> list[Fact]:
    """Gaps between orders that passed one and two cycles, as known when they began: those that ended in an order.

    A gap that began without a known cycle is left out by rule.
    """
    found = []
    for who in ordered(data):
        days = order_days(data, who, span.state)
        for start, end in zip(days, [*days[1:], None], strict=False):
            length, (known, origin) = ((end or span.state) - start).days, cycle(data, who, start, rule)
            owner = data.one("accounts", "account_id", who).get("owner_id")
            left, code = ("excluded", "no_known_cycle") if origin == "default" else ("", "")
            for k in (1, 2):
                own = {"cycles": str(k), "cycle_from": origin}
                fact = Fact(f"{who}:{start}:{k}", span.state, who, owner, int(end is not None), 1, own=own)
                fact.left, fact.code = left, code
                found += [fact] if length > k * known else []
    return found


def specs(rule: Rule = Rule()) -> dict[str, Spec]:
    """The figures under some settings."""
    more: dict = {"table": "orders", "dated": ("order_date", "delivered_at", "cancelled_at"), "needs": ("orders",)}
    silent = more | {"helps": ("activities.direction",)}
    found = [
        Spec(f"{state}_customers", "stock", lambda d, s, state=state: in_state(d, s, state, rule), **silent)
        for state in ("active", "inactive", "lost")
    ]
    found += [
        Spec("newly_lost_customers", "change", lambda d, s: newly_lost(d, s, rule), **silent),
        Spec("churn_rate", "change", lambda d, s: churn(d, s, rule, False), ratio=True, **silent),
        Spec("revenue_churn_rate", "change", lambda d, s: churn(d, s, rule, True), ratio=True, **silent),
        Spec("false_alarm_rate", "stock", lambda d, s: false_alarms(d, s, rule), ratio=True, **more),
    ]
    return {each.name: each for each in found}


SPECS = specs()
