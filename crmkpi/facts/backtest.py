"""How far a forecast has been from what came: the same question asked of past periods, as it would have been answered then.

The forecast of each past period is taken at the working day that this one has reached (the origin), with what was known
at its close, and set against the final value. Below it: :mod:`crmkpi.facts.values`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from crmkpi.calendar import ALL, DAY, Period, comparable
from crmkpi.errors import UsageError
from crmkpi.facts.base import Base
from crmkpi.facts.grid import UNAVAILABLE, Ask, Grid
from crmkpi.facts.measure import Filters, first_day
from crmkpi.facts.result import records
from crmkpi.facts.values import is_dated, not_begun, values
from crmkpi.indicators import Figure

LEVEL = 0.8
"""The share of the time that an interval should hold."""
ENOUGH = 8
"""Errors from which an interval can be drawn."""
JUDGED = 8
"""Intervals from which one can say how often they held."""
HELD = (0.7, 0.9)
"""Between them an interval is said to have held."""
MOST, CENT = 48, 0.005
COLUMNS = ("period", "origin", "forecast", "final", "error", "low", "high", "held")


@dataclass
class Backtest:
    """The past errors of a forecast, and the interval they give the present one.

    ``frame`` has one row per past period, the oldest first: ``period``, ``origin`` (the day it was seen), ``forecast``,
    ``final``, ``error`` (forecast less final, over final), ``low`` and ``high`` (from earlier errors only), ``held``.
    ``mape`` is the mean absolute error, ``bias`` the mean error, ``held`` the share of the ``tried`` intervals that held.
    ``verdict``: ``held``, ``not_held``, ``too_short`` (a history that can not tell) or ``unavailable`` (``reason`` says why).
    """

    figure: Figure
    forecasts: str
    as_of: date
    period: Period
    currency: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    reason: str = ""

    @property
    def origins(self) -> int:
        """How many past periods it was tried on."""
        return len(self.frame)

    @property
    def mape(self) -> float | None:
        """The mean absolute error, over the final value."""
        return _mean(self.frame["error"].astype(float).abs())

    @property
    def bias(self) -> float | None:
        """The mean error, over the final value: above zero it foresees too much."""
        return _mean(self.frame["error"].astype(float))

    @property
    def tried(self) -> int:
        """How many past intervals could be drawn."""
        return int(self.frame["held"].notna().sum())

    @property
    def held(self) -> float | None:
        """The share of them that held."""
        return _mean(self.frame["held"].dropna().astype(float))

    @property
    def verdict(self) -> str:
        """What can be said of its intervals."""
        if not self.origins:
            return "unavailable"
        if self.tried < JUDGED or self.held is None:
            return "too_short"
        return "held" if HELD[0] <= self.held <= HELD[1] else "not_held"

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; missing is None."""
        numbers = {name: getattr(self, name) for name in ("value", "low", "high", "mape", "bias", "held")}
        return {
            "indicator": self.figure.name, "forecasts": self.forecasts, "as_of": str(self.as_of), "period": self.period.label,
            "currency": self.currency, **numbers, "origins": self.origins, "tried": self.tried, "verdict": self.verdict,
            "reason": self.reason, "rows": records(self.frame),
        }  # fmt: skip


def backtest(base: Base, figure: Figure, now: Ask, where: Filters) -> Backtest:
    """The past errors of a composite that says what it foresees (see :meth:`crmkpi.facts.crm.Crm.backtest`)."""
    if not figure.forecasts:
        able = [each.name for each in base.library.figures.values() if each.forecasts]
        raise UsageError(f"{figure.name} foresees nothing; {', '.join(able)} do")
    currency = str(base.engine.manifest.get("currency") or "")
    found = Backtest(figure, figure.forecasts, now.as_of, now.period, currency)
    found.reason = _refusal(base, figure, now)
    if found.reason:
        return found
    aim = base.figure(figure.forecasts)
    origins = _origins(base, aim, now)
    foreseen = values(base, figure, [now, *origins], [], where)
    final = values(base, aim, [Ask(each.period, now.as_of) for each in origins], [], where) if origins else None
    found.value = _value(foreseen, 0)
    rows = _rows(origins, [_value(foreseen, place + 1) for place in range(len(origins))],
                 [_value(final, place) for place in range(len(origins))] if final else [])  # fmt: skip
    if rows:
        found.frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"held": object})
        found.low, found.high = _interval(found.value, [(row[2], row[3]) for row in rows])
    else:
        found.reason = base.say("aucune période passée à comparer", "no past period to compare with")
    return found


def _refusal(base: Base, figure: Figure, now: Ask) -> str:
    """Why there is nothing to try; empty if there is."""
    if now.period.grain == ALL.grain or now.as_of >= now.period.last_day:
        return base.say("la période est finie : plus rien à prévoir", "the period is over: nothing is left to foresee")
    if now.as_of < now.period.start:
        return not_begun(base, now)
    if not base.working.count(now.period.start, now.as_of + DAY):
        return base.say("aucun jour ouvré écoulé", "no working day has elapsed")
    if not is_dated(base, figure):
        return base.say("erreur passée inconnue : sans historique, on ne sait pas ce que les affaires étaient alors",
                        "past error unknown: without a history, what deals were then is not known")  # fmt: skip
    return ""


def _origins(base: Base, aim: Figure, now: Ask) -> list[Ask]:
    """Past periods that the data hold whole, the oldest first, each as seen at the working day that this one has reached."""
    first = first_day(base, aim) or now.as_of
    found: list[Ask] = []
    each = now.period.previous()
    while each is not None and each.start >= first and len(found) < MOST:
        stop = comparable(now.period, now.as_of, each, base.working)
        if stop is not None:
            found.append(Ask(each, stop - DAY))
        each = each.previous()
    return found[::-1]


def _value(grid: Grid, place: int) -> float | None:
    """The value of the whole in an ask; None where there is none."""
    value = float(grid["value"][place, 0])
    return None if grid.status[place, 0] == UNAVAILABLE or math.isnan(value) else value


def _rows(
    origins: Sequence[Ask], foreseen: Sequence[float | None], final: Sequence[float | None]
) -> list[tuple[Any, ...]]:
    """A row per origin that has both sides, with the interval that the earlier ones gave."""
    rows: list[tuple[Any, ...]] = []
    past: list[tuple[float, float]] = []
    for ask, forecast, came in zip(origins, foreseen, final, strict=True):
        if forecast is None or not came:
            continue
        low, high = _interval(forecast, past)
        held = None if low is None or high is None else low - CENT <= came <= high + CENT
        rows.append((ask.period.label, ask.as_of, forecast, came, (forecast - came) / abs(came), low, high, held))
        past.append((forecast, came))
    return rows


def _interval(forecast: float | None, past: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    """The forecast, more or less what four past ones in five were off by at most."""
    off = sorted(abs(came / foreseen - 1) for foreseen, came in past if foreseen > 0)
    if forecast is None or forecast <= 0 or len(off) < ENOUGH:
        return None, None
    width = forecast * quantile(off, LEVEL)
    return forecast - width, forecast + width


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which the next one of its kind lies with a probability of ``share`` (Weibull's positions).

    >>> quantile([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.8), quantile([1, 2, 3], 0.5)
    (8.0, 2.0)
    """
    place = share * (len(ordered) + 1) - 1
    low = min(max(math.floor(place + 1e-9), 0), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + max(place - low, 0) * (ordered[high] - ordered[low]))


def _mean(numbers: pd.Series) -> float | None:
    return float(numbers.mean()) if len(numbers) else None
