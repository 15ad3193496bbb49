"""From a period to the spans of days that a question needs.

A *span* is a period as seen at a day: what is counted (``start``, ``stop``), the whole period's ``end``,
``state``, the day at which stocks are taken, and ``seen``, the day that the question is asked at. The current
span comes with those it is compared with.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crmkpi.calendar import ALL, DAY, Period, WorkingDays, comparable, to_date

OTHERS: dict[str, Callable[[Period], Period | None]] = {"previous": Period.previous, "last_year": Period.last_year}
"""The periods that one is compared with, by name."""
COMPARISONS = (*OTHERS, "target")


@dataclass(frozen=True)
class Span:
    """One stretch of days, ``[start, stop)``, of a period that ends at ``end``; numbered by ``key``."""

    key: int
    period: Period
    start: date
    stop: date
    end: date
    state: date
    seen: date

    @property
    def opening(self) -> date:
        """The day before its first: who was there at the start."""
        return max(self.start, date.min + DAY) - DAY

    @property
    def begun(self) -> bool:
        """Whether it holds at least one day."""
        return self.stop > self.start


def span(key: int, period: Period, as_of: date) -> Span:
    """The span of a period seen at ``as_of``."""
    stop = to_date(period, as_of)
    return Span(key, period, period.start, stop, period.end, min(period.last_day, as_of), as_of)


def compared(key: int, period: Period, as_of: date, other: Period | None, working: WorkingDays) -> Span | None:
    """The span of ``other`` that compares with ``period`` seen at ``as_of``; None where nothing does."""
    if other is None or period.grain == ALL.grain:
        return None
    stop = comparable(period, as_of, other, working)
    if stop is None:
        return None
    later = max(as_of - period.last_day, 0 * DAY)  # a finished period is compared at equal age
    return Span(key, other, other.start, stop, other.end, stop - DAY, stop - DAY + later)


def against(period: Period, as_of: date, comparison: str, key: int, working: WorkingDays) -> Span | None:
    """The span for ``previous`` or ``last_year``."""
    if period.grain == ALL.grain:
        return None
    return compared(key, period, as_of, OTHERS[comparison](period), working)


def trailing(base: Span, months: int) -> Span:
    """The ``months`` months up to the day of a span."""
    stop = base.state + DAY
    year, month = divmod(stop.year * 12 + stop.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1] if year >= 1 else 0
    start = date(year, month + 1, min(stop.day, last)) if year >= 1 else date.min
    return Span(base.key, base.period, start, stop, stop, base.state, base.seen)


def alike(period: Period, other: Period, as_of: date, working: WorkingDays) -> tuple[date, date] | None:
    """The days at which two periods are seen to compare like with like, whichever is named first; None: they do not.

    Finished ones are whole, at equal age; else both stop at the working day that the unfinished one has reached.
    """
    both = period, other
    if ALL.grain in (period.grain, other.grain):
        return None
    unfinished = [each for each in both if as_of < each.last_day]
    if not unfinished:
        age = as_of - max(each.last_day for each in both)
        return period.last_day + age, other.last_day + age
    reached = min(working.count(each.start, as_of + DAY) if as_of >= each.start else 0 for each in unfinished)
    if not reached:
        return None

    def stop(each: Period) -> date:
        days = working.days(each.start, each.end)
        if each in unfinished and working.count(each.start, as_of + DAY) == reached:
            return as_of
        return min(days[reached - 1] if len(days) >= reached else each.last_day, as_of)

    return stop(period), stop(other)
