"""What the texts by hand share: the spans of days, and the sums of events and of states over them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

LAST = 25
"""The number of the last span; the month itself, 0, ends the 24."""


def _months() -> list[date]:
    return [date(2024 + (10 + number) // 12, (10 + number) % 12 + 1, 1) for number in range(24)]


def _spans() -> list[tuple[int, date, date, date, date]]:
    """Number, first day, last day that counts, first day of the next month, and the day it is seen from."""
    seen = date(2026, 10, 15)
    rows = [(0, date(2026, 10, 1), seen, date(2026, 11, 1), seen)]
    rows += [(1, date(2026, 9, 1), date(2026, 9, 15), date(2026, 10, 1), date(2026, 9, 15))]
    rows += [(2, date(2025, 10, 1), date(2025, 10, 15), date(2025, 11, 1), date(2025, 10, 15))]
    months = _months()
    pairs = pairwise(months)
    return rows + [(3 + number, a, b - timedelta(1), b, seen) for number, (a, b) in enumerate(pairs)]


_ROWS = ", ".join(
    f"({k}, date '{a}', date '{day}', date '{b}', date '{a - timedelta(1)}', date '{seen}')"
    for k, a, day, b, seen in _spans()
)
S = f"(values {_ROWS}) s(k, start, day, finish, opening, seen)"
"""The spans as a relation."""
FIRST = "date '2024-11-01'"
"""The first day that any span counts."""


def answer(sums: str, value: str = "num / nullif(den, 0)") -> str:
    """The answer of ``sums``: k, num, den, amount, n; a sum of nothing is 0."""
    if value != "num":
        return f"select k, ({value})::double as value, num, den, amount, n from ({sums})"
    return f"""
        select s.k, coalesce(u.num, 0)::double as value, coalesce(u.num, 0) as num, u.den,
               u.amount, coalesce(u.n, 0) as n
        from {S} left join ({sums}) u using (k)"""


def flow(events: str, den: bool = False) -> str:
    """The sums of events over the spans: ``events`` gives day, num, den, amount, n, a row per day."""
    each = f"sum({'den' if den else 'null::double'})"
    sums = f"""
        select k, sum(num) as num, {each} as den, sum(amount) as amount, sum(n) as n
        from {S} join ({events}) e on e.day between s.start and s.day group by 1"""
    return answer(sums) if den else answer(sums, "num")
