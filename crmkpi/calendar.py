"""Periods, fiscal years and working days: every question about days is answered here.

A period is half-open, ``[start, end)``. Nothing here knows what day it is: ``as_of`` is always
given, and is a whole day seen at its close. Below it: :mod:`crmkpi.errors` only.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crmkpi.errors import UsageError

DAY = timedelta(days=1)
GRAINS = ("day", "week", "month", "quarter", "year")
FORMS = "2026, 2026-Q4, 2026-10, 2026-10-23, 2026-W47, FY2026, FY2026-Q1, 2026-01-01/2026-04-01 or all"


@dataclass(frozen=True)
class Period:
    """A span of whole days ``[start, end)`` with the label it is known by.

    ``grain`` is one of ``GRAINS``, ``range`` or ``all``; ``fiscal`` is the month in which the fiscal
    year starts, for the quarters and years that follow it. The period ``all`` has no bounds.
    """

    label: str
    start: date
    end: date
    grain: str
    fiscal: int = 1

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - DAY

    def previous(self) -> Period:
        """The unit before; for a range, as many days just before.

        >>> parse("2026-Q1").previous().label, parse("2026-01-11/2026-01-21").previous().label
        ('2025-Q4', '2026-01-01/2026-01-11')
        """
        if self.grain in GRAINS:
            return unit(self.start - DAY, self.grain, self.fiscal)
        return _range(self.start - (self.end - self.start), self.start)

    def last_year(self) -> Period | None:
        """The same dates a year earlier (29 February as the 28th); for a week, the same ISO week.

        None for a week 53 of which the year before has none.

        >>> parse("2026-W47").last_year().label, parse("2024-02-29").last_year().label
        ('2025-W47', '2023-02-28')
        """
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            weeks = date(year - 1, 12, 28).isocalendar().week
            return unit(date.fromisocalendar(year - 1, week, 1), "week") if week <= weeks else None
        if self.grain in GRAINS:
            return unit(year_before(self.start), self.grain, self.fiscal)
        return _range(year_before(self.start), year_before(self.last_day) + DAY)

    def split(self, grain: str, fiscal: int = 1) -> Iterator[Period]:
        """The calendar units that the period touches; one that it cuts is a range with the unit's label.

        >>> [month.label for month in parse("2026-Q1").split("month")]
        ['2026-01', '2026-02', '2026-03']
        """
        day = self.start
        while day < self.end:
            whole = unit(day, grain, fiscal)
            start, end = max(whole.start, self.start), min(whole.end, self.end)
            yield whole if (start, end) == (whole.start, whole.end) else Period(whole.label, start, end, "range")
            day = whole.end


ALL = Period("all", date(1, 1, 1), date(9999, 12, 31), "all")


def year_before(day: date) -> date:
    """The same date one year earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _range(start: date, end: date) -> Period:
    return Period(f"{start}/{end}", start, end, "range")


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _day(day: date, fiscal: int) -> Period:
    return Period(str(day), day, day + DAY, "day")


def _week(day: date, fiscal: int) -> Period:
    year, week, weekday = day.isocalendar()
    start = day - (weekday - 1) * DAY
    return Period(f"{year}-W{week:02}", start, start + 7 * DAY, "week")


def _month(day: date, fiscal: int) -> Period:
    start = day.replace(day=1)
    return Period(f"{day:%Y-%m}", start, _months_later(start, 1), "month")


def _quarter(day: date, fiscal: int) -> Period:
    number = (day.month - fiscal) % 12 // 3
    start = _months_later(day.replace(day=1), -((day.month - fiscal) % 3))
    return Period(f"{_year_name(day, fiscal)}-Q{number + 1}", start, _months_later(start, 3), "quarter", fiscal)


def _year(day: date, fiscal: int) -> Period:
    start = _months_later(day.replace(day=1), -((day.month - fiscal) % 12))
    return Period(_year_name(day, fiscal), start, _months_later(start, 12), "year", fiscal)


def _year_name(day: date, fiscal: int) -> str:
    if fiscal == 1:
        return f"{day.year:04}"
    return f"FY{day.year + (day.month >= fiscal):04}"


_UNITS: dict[str, Callable[[date, int], Period]] = {
    "day": _day, "week": _week, "month": _month, "quarter": _quarter, "year": _year,
}  # fmt: skip


def unit(day: date, grain: str, fiscal: int = 1) -> Period:
    """The calendar unit that holds ``day``; quarters and years follow the fiscal calendar.

    >>> unit(date(2026, 5, 3), "year", fiscal=4).label
    'FY2027'
    """
    return _UNITS[grain](day, fiscal)


def parse(text: str, fiscal: int = 1) -> Period:
    """The period that ``text`` names; ``FY2026`` is named after the year it ends in.

    >>> parse("2026-10").last_day
    datetime.date(2026, 10, 31)
    >>> parse("FY2026-Q1", fiscal=4).start
    datetime.date(2025, 4, 1)
    >>> parse("2026-13")
    Traceback (most recent call last):
    crmkpi.errors.UsageError: '2026-13' is not a period. Write 2026, 2026-Q4, ...
    """
    try:
        period = _parse(str(text).strip(), fiscal)
    except (ValueError, OverflowError):
        period = None
    if period is None:
        raise UsageError(f"{text!r} is not a period. Write {FORMS}")
    if period.grain != ALL.grain:
        check_day(period.start)
        check_day(period.last_day)
    return period


def check_day(day: date) -> date:
    """The day itself; UsageError outside the years that a CRM can speak of, so that neighbours always exist.

    >>> check_day(date(1, 1, 1))
    Traceback (most recent call last):
    crmkpi.errors.UsageError: 0001-01-01 is outside the years 1900 to 2199
    """
    if not 1900 <= day.year <= 2199:
        raise UsageError(f"{day} is outside the years 1900 to 2199")
    return day


def _parse(text: str, fiscal: int) -> Period | None:
    if text.lower() == "all":
        return ALL
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", text):
        return _parse_range(*found.groups())
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return unit(date.fromisoformat(text), "day")
    if re.fullmatch(r"\d{4}-\d\d", text):
        return unit(date.fromisoformat(f"{text}-01"), "month")
    if found := re.fullmatch(r"(\d{4})-[Ww](\d\d?)", text):
        return unit(date.fromisocalendar(int(found[1]), int(found[2]), 1), "week")
    if found := re.fullmatch(r"(FY|fy)?(\d{4})(?:-[Qq]([1-4]))?", text):
        first = fiscal if found[1] else 1
        start = date(int(found[2]) - (first > 1), first, 1)
        if found[3]:
            return _named(unit(_months_later(start, 3 * int(found[3]) - 3), "quarter", first), text)
        return _named(unit(start, "year", first), text)
    return None


def _named(period: Period, text: str) -> Period:
    """``FY2026`` keeps its name even where the fiscal year is the calendar year."""
    return Period(text.upper(), period.start, period.end, period.grain, period.fiscal)


def _parse_range(start: str, end: str) -> Period:
    first, stop = date.fromisoformat(start), date.fromisoformat(end)
    if first >= stop:
        raise UsageError(f"'{start}/{end}' is empty: the end of a period is the day after its last one")
    return _range(first, stop)


class WorkingDays:
    """Monday to Friday, less the public holidays of a country (ISO code, as in ``holidays``).

    >>> WorkingDays("FR").count(date(2026, 5, 1), date(2026, 5, 9))     # the 1st and the 8th are holidays
    4
    """

    def __init__(self, country: str = "FR") -> None:
        self.country = country

    @functools.cached_property
    def _holidays(self) -> Callable[[int], frozenset[date]]:
        @functools.cache
        def of_year(year: int) -> frozenset[date]:
            if self.country == "FR" and 2008 <= year < 2100:
                return _french_holidays(year)
            import holidays  # here: loading it takes longer than most figures

            return frozenset(holidays.country_holidays(self.country, years=year))

        try:
            of_year(2026)
        except NotImplementedError:
            raise UsageError(f"setting country: no public holidays are known for {self.country!r}") from None
        return of_year

    @functools.cache  # noqa: B019 - one object lives as long as the data that uses it
    def _of_year(self, year: int) -> tuple[date, ...]:
        off = self._holidays(year)
        days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
        return tuple(day for day in days if day.weekday() < 5 and day not in off)

    def holidays(self, start: date, end: date) -> list[date]:
        """The public holidays in ``[start, end)``, in order."""
        return sorted(day for year in _years(start, end) for day in self._holidays(year) if start <= day < end)

    def days(self, start: date, end: date) -> list[date]:
        """The working days in ``[start, end)``, in order."""
        found: list[date] = []
        for year in _years(start, end):
            days = self._of_year(year)
            found += days[bisect.bisect_left(days, start) : bisect.bisect_left(days, end)]
        return found

    def count(self, start: date, end: date) -> int:
        """How many working days ``[start, end)`` has."""
        total = 0
        for year in _years(start, end):
            days = self._of_year(year)
            total += bisect.bisect_left(days, end) - bisect.bisect_left(days, start)
        return max(total, 0)


def _years(start: date, end: date) -> range:
    """The years of the days in ``[start, end)``."""
    return range(start.year, (end - DAY).year + 1)


def _french_holidays(year: int) -> frozenset[date]:
    """The public holidays of France in our years, without loading the package ``holidays`` (a test compares them)."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset([date(year, *day) for day in fixed] + [_easter(year) + days * DAY for days in moving])


def _easter(year: int) -> date:
    """Easter Sunday, from 1900 to 2099 (Gauss's rule)."""
    moon = (19 * (year % 19) + 24) % 30
    week = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    late = moon + week == 35 or (moon == 28 and week == 6 and year % 19 > 10)
    return date(year, 3, 22) + (moon + week - (7 if late else 0)) * DAY


def to_date(period: Period, as_of: date) -> date:
    """The day after the last one that counts: ``min(end, as_of + 1 day)``."""
    return period.end if as_of >= period.last_day else as_of + DAY


def comparable(period: Period, as_of: date, other: Period, working: WorkingDays) -> date | None:
    """Where ``other`` must stop to be compared with ``period`` seen at ``as_of`` (rule 7 of the definitions).

    A finished period compares with a whole one; an unfinished one with the days up to the close of
    the n-th working day, n being those elapsed in ``[start, as_of]``; None when n is 0.

    >>> comparable(parse("2026-10"), date(2026, 10, 6), parse("2026-09"), WorkingDays("FR"))   # 4 elapsed
    datetime.date(2026, 9, 5)
    """
    if as_of >= period.last_day:
        return other.end
    elapsed = working.count(period.start, as_of + DAY) if as_of >= period.start else 0
    if elapsed == 0:
        return None
    days = working.days(other.start, other.end)
    return days[elapsed - 1] + DAY if len(days) >= elapsed else other.end
