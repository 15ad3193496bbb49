"""The days of the question, and what every hand-written answer shares.

26 stretches of days: the 24 months of the trend, October 2026 being the last and stopping at the 15th, then September
2026 and October 2025 to their 15th, the same eleven working days. A month of the trend is seen from 15 October 2026;
the two compared ones from their own 15th.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.by_hand_duckdb import DAYS, ELAPSED, ENDS, STARTS, WORKING_DAYS
from benchmarks.by_hand_pandas import Files as Tables

DAY = pd.Timedelta(days=1)
YEAR = pd.DateOffset(years=1)
TODAY = pd.Timestamp(DAYS[0])
ALWAYS, NEVER = pd.Timestamp("1900-01-01"), pd.Timestamp("9999-12-31")
NOW, PREVIOUS, LAST_YEAR = 23, 24, 25


class Span(NamedTuple):
    """A stretch of days: its first, its last to date, the day after the whole month, the day it is seen from."""

    start: pd.Timestamp
    day: pd.Timestamp
    finish: pd.Timestamp
    seen: pd.Timestamp
    elapsed: int = 1
    working: int = 1


def _months() -> Iterator[Span]:
    for start in pd.date_range("2024-11-01", periods=23, freq="MS"):
        finish = start + pd.DateOffset(months=1)
        yield Span(start, finish - DAY, finish, TODAY)
    for start, day, end, working in zip(STARTS, DAYS, ENDS, WORKING_DAYS, strict=True):
        yield Span(*(pd.Timestamp(each) for each in (start, day, end, day)), ELAPSED, working)


SPANS = list(_months())


class Files(Tables):
    """The canonical Parquet files, and the small results that several answers share."""

    def __init__(self, folder: Path) -> None:
        self.version = folder
        self._kept: dict[Callable[[Files], Any], Any] = {}

    def once(self, made: Callable[[Files], Any]) -> Any:
        """What ``made`` makes of the files, made once."""
        if made not in self._kept:
            self._kept[made] = made(self)
        return self._kept[made]

    def targets_of(self, metric: str) -> np.ndarray:
        """The company's target of each stretch's whole month: its reps'."""
        frame = self.read("targets", "scope", "metric", "period_start", "value")
        frame = frame[frame["scope"].isin(["rep"]) & frame["metric"].isin([metric])]
        sums = frame.groupby("period_start")["value"].sum()
        return sums.reindex([span.start for span in SPANS]).to_numpy()


# what is there at a day ------------------------------------------------------------------------------
def day_of(moments: pd.Series) -> pd.Series:
    """The days of moments."""
    return moments.dt.floor("D")


def ending(moments: pd.Series, done: pd.Series) -> pd.Series:
    """The day that something ended: always where it did and nobody knows when, never where it did not."""
    return day_of(moments).fillna(pd.Series(np.where(done, ALWAYS, NEVER), moments.index).astype("datetime64[us]"))


def standing(rows: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
    """The rows there at the last day of each stretch, with its number and that day."""
    born, gone = rows[since].to_numpy(), rows[until].to_numpy()
    parts = []
    for number, span in enumerate(SPANS):
        day = np.datetime64(span.day)
        parts.append(rows[(born <= day) & (gone > day)].assign(span=number, day=span.day))
    return pd.concat(parts, ignore_index=True)


def looked_up(ids: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each id."""
    return values.reindex(pd.Index(ids)).set_axis(ids.index)


# sums ------------------------------------------------------------------------------------------------
def facts(rows: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Facts with their columns; ``n`` counts those that weigh."""
    frame = pd.DataFrame(columns, index=rows.index).astype("float64")
    return frame.assign(n=(frame["den"] != 0).astype("float64") if "den" in frame else 1.0)


def by_span(span: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Sums of facts by the number of their stretch."""
    return rows.groupby(span.to_numpy()).sum().reindex(range(len(SPANS)), fill_value=0.0)


def stock(rows: pd.DataFrame, since: pd.Series, until: pd.Series | None = None) -> pd.DataFrame:
    """Sums of the facts there at the last day of each stretch."""
    born, sums = since.to_numpy(), []
    gone = None if until is None else until.to_numpy()
    for span in SPANS:
        here = born <= np.datetime64(span.day)
        if gone is not None:
            here &= gone > np.datetime64(span.day)
        sums.append(rows[here].sum())
    return pd.DataFrame(sums)


def flow(rows: pd.DataFrame, day: pd.Series) -> pd.DataFrame:
    """Sums of the facts of each stretch, through sums by day."""
    daily = rows.groupby(day.to_numpy()).sum().sort_index()
    return pd.DataFrame([daily.loc[span.start : span.day].sum() for span in SPANS])


def seen(rows: pd.DataFrame, day: pd.Series) -> Iterator[tuple[Span, pd.DataFrame]]:
    """The rows of each stretch, for what depends on the day it is seen from."""
    days = day.to_numpy()
    for span in SPANS:
        yield span, rows[(days >= np.datetime64(span.start)) & (days <= np.datetime64(span.day))]


def cents(values: pd.Series) -> pd.Series:
    """Money rounded half away from zero."""
    return np.floor(values * 100 + 0.5 + 1e-8) / 100


def told(sums: pd.DataFrame, value: Any = None) -> dict[str, Any]:
    """The answer: the columns of October 2026 to the 15th, comparisons, the trend."""
    if value is None:
        value = sums["num"] / sums["den"].replace(0.0, np.nan) if "den" in sums else sums["num"]
    values = [None if np.isnan(each) else float(each) for each in np.asarray(value, dtype="float64")]
    now = sums.iloc[NOW]
    if "den" in now and now["n"] == 0 and now["num"] == 0:
        now = now[["n"]]
    parts = {
        name: float(now[name]) if name in now and pd.notna(now[name]) else None
        for name in ("num", "den", "amount", "n")
    }
    return {"value": values[NOW], **parts, "previous": values[PREVIOUS], "last_year": values[LAST_YEAR],
            "trend": values[: NOW + 1]}  # fmt: skip


class Timeline:
    """Events of some ids in the order of their days: the last one by a day, the first one from a day on."""

    def __init__(self, ids: pd.Series, days: pd.Series) -> None:
        known = (ids.notna() & days.notna()).to_numpy()
        codes, self.ids = pd.factorize(ids[known])
        self.ids = pd.Index(self.ids)
        self.order = np.argsort(keys := _keys(codes, days[known]), kind="stable")
        self.keys = keys[self.order]
        self.place = np.flatnonzero(known)[self.order]

    def codes(self, ids: pd.Series) -> np.ndarray:
        """The numbers of ids, -1 for those without an event."""
        return self.ids.get_indexer(pd.Index(ids))

    def last(self, codes: np.ndarray, days: Any) -> np.ndarray:
        """Where the last event on or before each day is, -1 for none."""
        found = np.searchsorted(self.keys, _keys(codes, days), side="right") - 1
        return np.where((codes >= 0) & (found >= 0) & (self.keys[found] // 100_000 == codes), found, -1)

    def first(self, codes: np.ndarray, days: Any) -> np.ndarray:
        """Where the first event on or after each day is, -1 for none."""
        found = np.searchsorted(self.keys, _keys(codes, days), side="left")
        inside = np.minimum(found, len(self.keys) - 1)
        return np.where((codes >= 0) & (found == inside) & (self.keys[inside] // 100_000 == codes), inside, -1)

    def days(self, places: np.ndarray) -> pd.Series:
        """The days of events, NaT for -1."""
        days = (self.keys % 100_000).astype("datetime64[D]").astype("datetime64[us]")
        return pd.Series(np.where(places >= 0, days[places], np.datetime64("NaT", "us")))


def numbers(days: Any) -> np.ndarray:
    """Days as whole numbers since 1970."""
    return np.asarray(days, dtype="datetime64[D]").astype("int64")


def _keys(codes: np.ndarray, days: Any) -> np.ndarray:
    return codes.astype("int64") * 100_000 + np.clip(numbers(days), 0, 99_999)
