"""What a forecast would have said of past periods, month by month, and what came: plain arithmetic over the other oracles."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from . import calendar
from .calendar import DAY, Period
from .commercial import at, begins
from .composites import COMPOSITES
from .facts import Company

Row = tuple[dt.date, Fraction, Fraction]


def reached(period: Period, as_of: dt.date, other: Period) -> dt.date | None:
    """The day of another period at the working day that this one has reached; its last one if it has fewer."""
    window = calendar.compared(other, period, as_of)
    return None if window is None else window[1] - DAY


def past(company: Company, name: str, aim: str, period: Period, as_of: dt.date) -> list[Row]:
    """Origin, forecast and final value of each past period that the data hold whole, the newest first."""
    found: list[Row] = []
    first, each = begins(company, aim), calendar.previous(period)
    while first and each and each.start >= first:
        origin = reached(period, as_of, each)
        forecast = COMPOSITES[name](company, each, origin, {}, [], ()) if origin else None
        final = at(company, aim, (each.start, each.end), {}, [], ())["value"]
        if forecast is not None and final:
            found.append((origin, forecast, final))  # type: ignore[arg-type]
        each = calendar.previous(each)
    return found


def width(errors: list[Fraction]) -> Fraction | None:
    """What four errors in five stay under: position 0.8 (n + 1) among them, between neighbours; None under eight."""
    if len(errors) < 8:
        return None
    ordered = sorted(errors)
    place = Fraction(8, 10) * (len(ordered) + 1) - 1
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
