"""When things happen in the sample: French working days, seasons, growth, and customers' rhythms.

A rhythm runs in *busy time*: a calendar day advances it by that day's weight (nothing on Sundays,
little in August, more at the end of a quarter), so that orders are regular, fall on working days
and show the season. Below it: draw.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkpi.sample.draw import Draw, Floats, Ints, repeat

Days = npt.NDArray[Any]
NEVER = np.datetime64("NaT", "D")
DAY, MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
"""What a number of days or months is multiplied by before it moves a date: numpy adds no bare number to one."""
MONTHS = (0.95, 1.0, 1.08, 1.0, 0.9, 1.1, 0.95, 0.5, 1.1, 1.08, 1.03, 0.9)
GROWTH = 0.05
_SHORTEST, _LONGEST = 0.65, 1.35


def easter(year: int) -> dt.date:
    """Easter Sunday (Butcher's rule).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def holidays(first: int, last: int) -> Days:
    """The French public holidays of the years ``first`` to ``last``."""
    fixed = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
    days = [np.datetime64(f"{year}-{each}") for year in range(first, last + 1) for each in fixed]
    moving = [np.datetime64(easter(year)) + gap * DAY for year in range(first, last + 1) for gap in (1, 39, 50)]
    return np.array(days + moving, dtype="M8[D]")


def off(days: Days, working_days: Ints | int) -> Days:
    """``days`` moved by a number of French working days (NaT stays NaT)."""
    return np.busday_offset(days, working_days, roll="forward", holidays=holidays(2000, 2100))


def at(days: Days, draw: Draw, stream: str) -> npt.NDArray[np.datetime64]:
    """A moment between 08:00 and 18:00 on each day."""
    return days.astype("M8[s]") + draw.integers(stream, len(days), 8 * 3600, 18 * 3600 - 1).astype("m8[s]")


def months_before(day: dt.date, months: int) -> np.datetime64:
    """The first day of the month ``months`` before that of ``day``.

    >>> str(months_before(dt.date(2026, 10, 15), 36))
    '2023-10-01'
    """
    return (np.datetime64(day, "M") - months * MONTH).astype("M8[D]")


class Season:
    """Busy time from ``start`` to ``end``: how many average days have passed at a day."""

    def __init__(self, start: np.datetime64, end: np.datetime64) -> None:
        self.start, self.end = start, end
        self.days = np.arange(start, end + DAY, dtype="M8[D]")
        self.weights = _weights(self.days)
        self._passed = np.cumsum(self.weights)

    def position(self, days: Days) -> Floats:
        """The busy time passed before each day (days outside are brought to the nearest end)."""
        index = np.clip((days - self.start).astype(np.int64), 0, len(self.days))
        return np.concatenate([[0.0], self._passed])[index]

    def day(self, position: Floats) -> Days:
        """The day on which a busy time falls, always a working day."""
        return self.days[np.clip(np.searchsorted(self._passed, position, side="right"), 0, len(self.days) - 1)]

    def rhythm(self, draw: Draw, stream: str, cycle: Floats, begin: Days, end: Days) -> tuple[Ints, Days]:
        """Regular events: for each one, who it belongs to and its day.

        ``cycle`` is the mean gap in days, ``begin`` (included) and ``end`` (excluded) the life of each.
        """
        first, last = self.position(begin), self.position(end)
        counts = np.maximum(np.ceil((last - first) / (cycle * _SHORTEST)), 0).astype(np.int64) + 1
        who, rank = repeat(counts)
        gap = cycle[who] * (_SHORTEST + (_LONGEST - _SHORTEST) * draw.uniform(stream, len(who)))
        gap = np.where(rank == 0, gap * draw.uniform(stream + ":phase", len(who)), gap)
        passed = np.cumsum(gap)
        passed += (first - passed[np.cumsum(counts) - counts] + gap[np.cumsum(counts) - counts])[who]
        keep = passed < last[who]
        return who[keep], self.day(passed[keep])


def _weights(days: Days) -> Floats:
    month = days.astype("M8[M]")
    index = month.astype(np.int64) % 12
    open_day = np.is_busday(days, holidays=holidays(2000, 2100))
    closing = (index % 3 == 2) & ((month + MONTH).astype("M8[D]") - days <= 10 * DAY)
    years = (days - days[0]).astype(np.int64) / 365.25
    weights = np.asarray(MONTHS)[index] * open_day * np.where(closing, 1.25, 1.0) * (1 + GROWTH * years)
    return weights / weights.mean()
