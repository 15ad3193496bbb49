"""The answer to a question: rows, and where they come from."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmkpi.calendar import Period

if TYPE_CHECKING:
    from crmkpi.indicators import Figure

_ROW = ("num", "den", "value", "amount", "n", "status", "coverage", "reason", "target", "target_to_date",
        "attainment", "target_status", "target_reason", "previous", "last_year")  # fmt: skip

_PARTS = ("previous_", "last_year_")


@dataclass
class Result:
    """One figure over a period, by group.

    ``frame`` has one row per group (a single row without a breakdown), ``total`` the row for the whole.
    ``value``, ``status``, ``coverage`` and ``reason`` are the whole's. ``sql`` and ``params`` are what ran. ``note``
    says what a reader of the groups must know: that their amounts overlap.
    """

    figure: Figure
    as_of: date
    period: Period
    by: tuple[str, ...]
    frame: pd.DataFrame
    total: dict[str, Any]
    currency: str
    sql: list[str] = field(repr=False)
    params: list[dict[str, object]] = field(repr=False)
    settings: dict[str, object] = field(repr=False)
    source: dict[str, object] = field(repr=False)
    count_left_out: Callable[[], dict[str, int]] = field(repr=False)
    note: str = ""

    @property
    def value(self) -> float | None:
        """The value of the whole; None where there is none (never 0 for something missing)."""
        return self.total["value"]

    @property
    def status(self) -> str:
        """``ok``, ``partial`` or ``unavailable``."""
        return str(self.total["status"])

    @property
    def coverage(self) -> float:
        """The share of the facts, by money where it is known, that could be used."""
        return float(self.total["coverage"])

    @property
    def reason(self) -> str:
        """Why the result is not complete, in words."""
        return str(self.total["reason"])

    @functools.cached_property
    def left_out(self) -> dict[str, int]:
        """How many rows of the period and filters are left out, by reason; counted when asked for."""
        return self.count_left_out()

    @property
    def row(self) -> dict[str, Any]:
        """The row for the whole."""
        return self.total

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; missing is None."""
        return {
            "indicator": self.figure.name,
            "as_of": str(self.as_of),
            "period": {"label": self.period.label, **bounds(self.period, self.as_of)},
            "unit": self.figure.unit,
            "currency": self.currency,
            "status": self.status,
            "coverage": self.total["coverage"],
            "reason": self.reason,
            **({"note": self.note} if self.note else {}),
            "rows": [self._plain_row(row) for row in self.frame.to_dict("records")],
        }

    def _plain_row(self, row: dict[Hashable, Any]) -> dict[str, Any]:
        """A row without the parts that comparisons are made of."""
        return {str(name): plain(value) for name, value in row.items() if not str(name).startswith(_PARTS)}


def bounds(period: Period, as_of: date) -> dict[str, str | None]:
    """The first day of a period and the day after its last one (``all``: open start, the day after ``as_of``)."""
    if period.grain == "all":
        return {"start": None, "end": str(date.fromordinal(as_of.toordinal() + 1))}
    return {"start": str(period.start), "end": str(period.end)}


def plain(value: Any) -> Any:
    """A value as JSON knows it: no NaN, no NumPy, days as text.

    >>> plain(float("nan")), plain(pd.Timestamp("2026-10-01"))
    (None, '2026-10-01')
    """
    if isinstance(value, str) or value is None:
        return value
    if value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date()) if value == value.normalize() else value.isoformat()
    if isinstance(value, date):
        return str(value)
    return value.item() if hasattr(value, "item") else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values; missing is None."""
    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def row_columns(extra: list[str]) -> list[str]:
    """The columns of an answer, in their fixed order."""
    return [*_ROW, *extra]
