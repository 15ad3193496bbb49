"""Running a figure: the sums of its facts by span and group, with coverage and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from crmkpi.facts import compose
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import Dimension, dimension, resolve
from crmkpi.facts.spans import Span
from crmkpi.indicators import Figure
from crmkpi.schema import TABLES

ADDITIVE = ("num", "den", "amount", "used", "n", "left_out", "unweighed", "weighed", "weight", "weight_used")
Filters = dict[str, list[str]]


@dataclass
class Measured:
    """The sums of a figure: ``frame`` has ``key`` (of the span), ``d0``... and ``total``; ``sql`` is what ran."""

    frame: pd.DataFrame
    sql: str
    params: dict[str, object]
    dimensions: tuple[str, ...]


def measure(base: Base, figure: Figure, spans: Sequence[Span], by: Sequence[str], where: Filters) -> Measured:
    """Add up a figure's facts over ``spans``, by dimensions, under filters.

    One row per span and group, and one per span for the whole (``total``). ``coverage`` weighs the rows
    that lack data by their money; one whose money is unknown weighs as the mean of the others.
    """
    groups = [f"d{number}" for number in range(len(by))]
    spans = [span for span in spans if span.begun]
    if not spans:
        return Measured(pd.DataFrame(columns=["key", *groups, "total", *ADDITIVE, "coverage"]), "", {}, tuple(by))
    columns, dimensions, filters = places(base, figure, by, where)
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, filters)
    select = compose.sums(figure, columns, query, source, compose.period_of(figure, spans), dimensions)
    sql, params = query.text(select), query.bind(select)
    frame = _keyed(base.engine.query(sql, params), figure, spans)
    frame["total"] = (frame["is_total_d0"] == 1) if groups else True
    for name in ADDITIVE:
        if name not in frame:
            frame[name] = frame["used"] if name == "n" else None if name in ("den", "amount") else 0
    if figure.kind == "flow" and undated(base, figure):
        frame = _with_undated(base, figure, spans, dimensions, filters, frame, groups)
    frame["coverage"] = _coverage(frame)
    return Measured(frame, sql, params, tuple(by))


def places(
    base: Base, figure: Figure, by: Sequence[str], where: Filters
) -> tuple[dict[str, str], list[Dimension], list[tuple[Dimension, list[str | None]]]]:
    """The columns of a figure's facts, the dimensions asked for, the filters with the ids they mean."""
    columns = base.columns(figure)
    dimensions = [dimension(name, figure, columns, base.engine) for name in by]
    filters = [(dimension(name, figure, columns, base.engine), ids(base, name, where[name])) for name in where]
    return columns, dimensions, filters


def ids(base: Base, name: str, values: Sequence[str]) -> list[str | None]:
    """The ids that the values of a filter mean (looked up once)."""
    key = ("ids", name, tuple(values))
    if key not in base.cache:
        base.cache[key] = resolve(name, values, base.engine)
    return base.cache[key]  # type: ignore[no-any-return]


def _keyed(frame: pd.DataFrame, figure: Figure, spans: Sequence[Span]) -> pd.DataFrame:
    """The frame with the number of the span; a stock's day may serve several spans."""
    if figure.kind != "stock":
        return frame.rename(columns={"period": "key"})
    days = pd.DataFrame({"key": [span.key for span in spans], "period": [pd.Timestamp(span.state) for span in spans]})
    return days.merge(frame.assign(period=pd.to_datetime(frame["period"])), on="period").drop(columns="period")


def undated(base: Base, figure: Figure) -> bool:
    """Whether a flow has facts without a day, which may belong to any period."""
    key = ("undated", figure.name)
    if key not in base.cache:
        query = compose.facts(figure, [], base.library, base.engine, base.settings)
        excluded = " and excluded is null" if "excluded" in base.columns(figure) else ""
        select = f"select 1 as one from facts where day is null{excluded} limit 1"
        base.cache[key] = len(base.engine.query(query.text(select), query.bind(select))) > 0
    return bool(base.cache[key])


def _with_undated(
    base: Base, figure: Figure, spans: Sequence[Span], dimensions: Sequence[Dimension],
    filters: Sequence[tuple[Dimension, list[str | None]]], frame: pd.DataFrame, groups: list[str],
) -> pd.DataFrame:  # fmt: skip
    """The sums with the facts that have no day, as missing in every span."""
    columns = base.columns(figure)
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, filters, undated=True)
    select = compose.sums(figure, columns, query, source, "0", dimensions)
    extra = base.engine.query(query.text(select), query.bind(select))
    extra["total"] = (extra["is_total_d0"] == 1) if groups else True
    plain = "missing" not in columns
    rows = extra["used"] + (0 if plain else extra["left_out"])
    extra = extra.assign(
        left_out=rows, undated=rows, unweighed=0 if plain else extra["unweighed"],
        weighed=rows if plain else extra["weighed"], weight=rows if plain else extra["weight"],
        used=0, n=0, weight_used=0.0,
    )  # fmt: skip
    if plain:
        frame = frame.assign(weighed=frame["used"], weight=frame["used"], weight_used=frame["used"])
    extra = pd.DataFrame({"key": [span.key for span in spans]}).merge(
        extra.drop(columns=["period", "num", *({"den", "amount"} & set(extra))]), how="cross"
    )
    both = pd.concat([frame, extra], ignore_index=True)
    kept = [name for name in both if name not in ADDITIVE and name not in ("key", "total", "undated", *groups)]
    sums: dict[str, Any] = {name: (name, lambda column: column.sum(min_count=1)) for name in (*ADDITIVE, "undated")}
    first = {name: (name, "first") for name in kept}
    return both.groupby(["key", *groups, "total"], dropna=False, as_index=False).agg(**sums, **first)


def _coverage(frame: pd.DataFrame) -> pd.Series[float]:
    """The share of the facts that could be used: by weight, or by rows where no weight is known."""
    number = frame[["used", "left_out", "unweighed", "weighed", "weight", "weight_used"]].astype(float).fillna(0)
    rows = number["used"] / (number["used"] + number["left_out"])
    mean = number["weight"] / number["weighed"]
    weighed = number["weight_used"] / (number["weight"] + number["unweighed"] * mean)
    share = weighed.where((number["weight"] > 0) & (number["left_out"] > 0), rows)
    return share.where(number["left_out"] > 0, 1.0)


def reasons(base: Base, figure: Figure, spans: Sequence[Span], by: Sequence[str], where: Filters) -> pd.DataFrame:
    """How many facts lack what, by span and group: ``key, d0..., total, code, n``."""
    columns, dimensions, filters = places(base, figure, by, where)
    groups = [f"d{number}" for number in range(len(by))]
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, filters)
    source += (" and " if " where " in source else " where ") + "f.missing is not null"
    source += " and f.excluded is null" if "excluded" in columns else ""
    picked = "".join(f", {each.expression} as {group}" for each, group in zip(dimensions, groups, strict=True))
    query.ctes.append(
        f"lacking as (select {compose.period_of(figure, spans)} as period, f.missing as code{picked} {source})"
    )
    names = ", ".join(["period", *groups, "code"])
    whole = f", grouping({groups[0]}) as is_total_d0" if groups else ""
    sets = f"grouping sets (({names}), (period, code))" if groups else names
    select = f"select {names}, count(*) as n{whole} from lacking group by {sets}"
    frame = _keyed(base.engine.query(query.text(select), query.bind(select)), figure, spans)
    return frame.assign(total=(frame["is_total_d0"] == 1) if groups else True)


def first_day(base: Base, figure: Figure) -> date | None:
    """The first day that the figure's facts know of, before any filter; None without facts."""
    key = ("first_day", figure.name)
    if key not in base.cache:
        if figure.kind == "flow":
            query = compose.facts(figure, [], base.library, base.engine, base.settings)
            excluded = " where excluded is null" if "excluded" in base.columns(figure) else ""
            select = f"select min(day)::date as day from facts{excluded}"
            sql, params = query.text(select), query.bind(select)
        else:
            dated = [column.name for column in TABLES[figure.needs[0]].columns if column.dated]
            least = (
                f"least({', '.join(f'min({name}::date)' for name in dated)})"
                if len(dated) > 1
                else f"min({dated[0]}::date)"
            )
            sql, params = f"select {least} as day from {figure.needs[0]}", {}
        found = base.engine.query(sql, params)["day"].iloc[0]
        base.cache[key] = None if pd.isna(found) else pd.Timestamp(found).date()
    return base.cache[key]  # type: ignore[no-any-return]
