"""Periods and working days, written from indicators.md rules 3 and 7 (France only)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Easter Sunday of a Gregorian year (Butcher's algorithm).

    >>> easter(2026), easter(2024), easter(2000)
    (datetime.date(2026, 4, 5), datetime.date(2024, 3, 31), datetime.date(2000, 4, 23))
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def french_holidays(year: int) -> set[dt.date]:
    """The eleven legal public holidays of metropolitan France."""
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    moving = [1, 39, 50]  # Easter Monday, Ascension, Whit Monday
    return {dt.date(year, *each) for each in fixed} | {easter(year) + DAY * n for n in moving}


def is_open(day: dt.date) -> bool:
    """Whether a day is a working day."""
    return day.weekday() < 5 and day not in french_holidays(day.year)


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """The days of [start, end)."""
    return [start + DAY * n for n in range((end - start).days)]


def open_days(start: dt.date, end: dt.date) -> int:
    """How many working days there are in [start, end)."""
    return sum(is_open(day) for day in days(start, end))


@dataclass(frozen=True)
class Period:
    """``[start, end)``; ``unit`` is day, week, month, quarter, year, fiscal_quarter, fiscal_year, range or all."""

    start: dt.date
    end: dt.date
    unit: str = "range"


LONG_AGO = dt.date(1, 1, 1)


def first_of(month_number: int) -> dt.date:
    """The first day of the n-th month since year 0."""
    return dt.date(month_number // 12, month_number % 12 + 1, 1)


def months_from(day: dt.date, count: int, unit: str) -> Period:
    """The ``count`` months that begin with the month of ``day``."""
    number = day.year * 12 + day.month - 1
    return Period(first_of(number), first_of(number + count), unit)


def parse(text: str, as_of: dt.date, fiscal_start: int = 1) -> Period:
    """The period that a text means; a fiscal year is named after the year it ends in."""
    if text == "all":
        return Period(LONG_AGO, as_of + DAY, "all")
    if "/" in text:
        start, end = (dt.date.fromisoformat(each) for each in text.split("/"))
        return Period(start, end, "range")
    if found := re.fullmatch(r"FY(\d{4})(?:-Q([1-4]))?", text):
        year = int(found[1]) - (fiscal_start > 1)
        first = first_of(year * 12 + fiscal_start - 1 + 3 * (int(found[2]) - 1 if found[2] else 0))
        return months_from(first, 3 if found[2] else 12, "fiscal_quarter" if found[2] else "fiscal_year")
    if found := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        start = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(start, start + 7 * DAY, "week")
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return months_from(dt.date(int(found[1]), 3 * int(found[2]) - 2, 1), 3, "quarter")
    parts = [int(each) for each in text.split("-")]
    if len(parts) == 1:
        return months_from(dt.date(parts[0], 1, 1), 12, "year")
    if len(parts) == 2:
        return months_from(dt.date(parts[0], parts[1], 1), 1, "month")
    return Period(dt.date(*parts), dt.date(*parts) + DAY, "day")


MONTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}


def previous(period: Period) -> Period | None:
    """The unit before; of a range, as many days just before; of everything, nothing."""
    if period.unit == "all":
        return None
    if period.unit in MONTHS:
        count = MONTHS[period.unit]
        number = period.start.year * 12 + period.start.month - 1
        return Period(first_of(number - count), period.start, period.unit)
    return Period(period.start - (period.end - period.start), period.start, period.unit)


UNITS = ("day", "week", "month", "quarter", "year")


def label(day: dt.date, unit: str) -> str:
    """The day, week, month, quarter or year that holds a day, as a period's text.

    >>> [label(dt.date(2027, 1, 3), unit) for unit in UNITS]
    ['2027-01-03', '2026-W53', '2027-01', '2027-Q1', '2027']
    """
    year, week, _ = day.isocalendar()
    return {
        "day": f"{day}",
        "week": f"{year}-W{week:02}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[unit]


def parts(period: Period, unit: str) -> dict[str, Period]:
    """A period cut into units, by label; one that is cut short is a range, those of ``all`` are whole."""
    found = {}
    day = max(period.start, dt.date(2000, 1, 1))  # "all" has no beginning
    while day < period.end:
        name = label(day, unit)
        whole = parse(name, day)
        cut = (max(whole.start, period.start), min(whole.end, period.end))
        kept = period.unit == "all" or cut == (whole.start, whole.end)
        found[name] = whole if kept else Period(*cut)
        day = whole.end
    return found


def year_before(day: dt.date) -> dt.date:
    """The same date a year earlier, 29 February as the 28th."""
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def last_year(period: Period) -> Period | None:
    """The same dates a year earlier: the same unit, the same ISO week, the same first and last day."""
    if period.unit == "all":
        return None
    if period.unit == "week":
        year, week, _ = period.start.isocalendar()
        try:
            start = dt.date.fromisocalendar(year - 1, week, 1)
        except ValueError:  # that year has no 53rd week
            return None
        return Period(start, start + 7 * DAY, "week")
    if period.unit in MONTHS:
        return months_from(year_before(period.start), MONTHS[period.unit], period.unit)
    return Period(year_before(period.start), year_before(period.end - DAY) + DAY, period.unit)


def to_date(period: Period, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """The part of the period that has happened at the close of ``as_of`` (empty if it has not begun)."""
    return period.start, max(period.start, min(period.end, as_of + DAY))


def compared(other: Period | None, period: Period, as_of: dt.date) -> tuple[dt.date, dt.date] | None:
    """The window of ``other`` that is like ``period`` seen at ``as_of``; None: nothing to compare with (rule 7)."""
    if other is None:
        return None
    if as_of >= period.end - DAY:
        return other.start, other.end
    elapsed = open_days(*to_date(period, as_of))
    if elapsed == 0:
        return None
    for day in days(other.start, other.end):
        elapsed -= is_open(day)
        if elapsed == 0:
            return other.start, day + DAY
    return other.start, other.end
