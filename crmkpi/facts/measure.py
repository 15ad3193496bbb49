"""Running a figure: the sums of its facts by span and group, and what they lack."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.errors import TooLargeError
from crmkpi.facts import compose
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import Dimension, dimension, resolve
from crmkpi.facts.grid import WHOLE, Ask, Group, Sums
from crmkpi.facts.spans import Span
from crmkpi.indicators import Figure
from crmkpi.schema import TABLES

ADDITIVE = (
    "num",
    "den",
    "amount",
    "used",
    "n",
    "left_out",
    "unweighed",
    "weighed",
    "weight",
    "weight_used",
    "undated",
    "adrift",
)
_KEY = re.compile(r"key|period|missing|d\d+|is_total_d\d+")
Filters = dict[str, list[str]]
Columns = dict[str, Any]


def measure(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> Sums:
    """Add up a figure's facts for each ask, by dimensions, under filters (remembered: the data do not change)."""
    key = question(figure, asks, by, where)
    if key not in base.cache:
        base.forget("sums")
        base.cache[key] = _measure(base, figure, asks, by, where)
    return base.cache[key]


def question(figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> tuple[object, ...]:
    """Under what the sums of a question are remembered."""
    return ("sums", figure.name, figure.beside, tuple(asks), tuple(by), _frozen(where))


def is_known(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> bool:
    """Whether :func:`measure` has been asked that."""
    return question(figure, asks, by, where) in base.cache


def _frozen(where: Filters) -> tuple[object, ...]:
    return tuple(sorted((name, tuple(values)) for name, values in where.items()))


def _measure(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> Sums:
    spans = [span for key, ask in enumerate(asks) if (span := ask.span(key)).begun]
    if not spans:
        names = (*ADDITIVE, *(each.name for each in figure.beside))
        return Sums([WHOLE], {name: np.zeros((len(asks), 1)) for name in names}, [])
    _, dimensions, filters = places(base, figure, by, where)

    def dated(spans: Sequence[Span]) -> tuple[list[Columns], str, dict[str, object]]:
        sql, params = _text(base, figure, spans, by, where)
        return [_counted(_keyed(base.engine.arrays(sql, params), figure, spans))], sql, params

    most = base.cache.setdefault(("most spans", figure.name), [sys.maxsize])
    parts, sql, params = _in_halves(dated, spans, most)
    if figure.kind == "flow" and undated(base, figure):
        parts.append(_undated_rows(base, figure, spans, dimensions, filters))
    return _spread(parts, len(asks), len(by), [each.name for each in figure.beside], sql, params)


def text(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters
) -> tuple[str, dict[str, object]]:
    """The query that :func:`measure` would run, and what it binds; empty where there is nothing to ask."""
    spans = [span for key, ask in enumerate(asks) if (span := ask.span(key)).begun]
    return _text(base, figure, spans, by, where) if spans else ("", {})


def _text(
    base: Base, figure: Figure, spans: Sequence[Span], by: Sequence[str], where: Filters
) -> tuple[str, dict[str, object]]:
    columns, dimensions, filters = places(base, figure, by, where)
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, filters)
    select = compose.sums(figure, columns, query, source, compose.period_of(figure, spans), dimensions)
    return query.ending(select)


def _in_halves(
    ask: Callable[[Sequence[Span]], tuple[list[Columns], str, dict[str, object]]],
    spans: Sequence[Span],
    most: list[int],
) -> tuple[list[Columns], str, dict[str, object]]:
    """The answer over the spans; where it needs more memory than there is, over each half of them (a span is a world).

    What was too large once is not tried again: ``most`` holds how many spans can be asked of the figure at a time.
    """
    if len(spans) <= max(most[0], 1):
        try:
            return ask(spans)
        except TooLargeError:
            if len(spans) == 1:
                raise
            most[0] = len(spans) // 2
    first, second = (_in_halves(ask, half, most) for half in (spans[: len(spans) // 2], spans[len(spans) // 2 :]))
    return [*first[0], *second[0]], *first[1:]


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
    return base.cache[key]


def _keyed(rows: Columns, figure: Figure, spans: Sequence[Span]) -> Columns:
    """The rows with ``key``, the number of the ask; a stock's day may serve several."""
    if figure.kind != "stock":
        return rows | {"key": np.asarray(rows["period"], dtype=int)}
    days: dict[object, list[int]] = {}
    for span in spans:
        days.setdefault(np.datetime64(span.state, "D"), []).append(span.key)
    served = [days[day] for day in np.asarray(rows["period"], dtype="datetime64[D]")]
    take = np.repeat(np.arange(len(served)), [len(keys) for keys in served])
    again = {name: values[take] for name, values in rows.items()}
    return again | {"key": np.array([key for keys in served for key in keys], dtype=int)}


def _counted(rows: Columns) -> Columns:
    """The rows with what counts and what is left out, by the code of what they lack."""
    every = _floats(rows["rows"])
    codes = _objects(rows["missing"]) if "missing" in rows else np.full(len(every), None)
    lost = np.array([code is not None for code in codes], dtype=bool)
    weighed = _floats(rows["weighed"]) if "weighed" in rows else every
    weight = np.nan_to_num(_floats(rows["weight"])) if "weight" in rows else every
    only = {name: np.where(lost, 0.0, _floats(values)) for name, values in rows.items() if not _KEY.fullmatch(name)}
    counts = {
        "used": np.where(lost, 0.0, every), "left_out": np.where(lost, every, 0.0),
        "unweighed": np.where(lost, every - weighed, 0.0), "weighed": weighed,
        "weight": weight, "weight_used": np.where(lost, 0.0, weight),
    }  # fmt: skip
    keys = {name: values for name, values in rows.items() if _KEY.fullmatch(name)}
    return keys | {"n": counts["used"]} | only | counts | {"missing": codes}


def undated(base: Base, figure: Figure) -> bool:
    """Whether a flow has facts without a day, which may belong to any period."""
    key = ("undated", figure.name)
    if key not in base.cache:
        query = compose.facts(figure, [], base.library, base.engine, base.settings)
        excluded = " and excluded is null" if "excluded" in base.columns(figure) else ""
        select = f"select 1 as one from facts where day is null{excluded} limit 1"
        base.cache[key] = len(base.engine.arrays(*query.ending(select))["one"]) > 0
    return bool(base.cache[key])


def _undated_rows(
    base: Base, figure: Figure, spans: Sequence[Span], dimensions: Sequence[Dimension],
    filters: Sequence[tuple[Dimension, list[str | None]]],
) -> Columns:  # fmt: skip
    """The facts that have no day, as missing in every span."""
    columns = base.columns(figure)
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, filters, undated="only")
    select = compose.sums(figure, columns, query, source, "0", dimensions)
    found = _counted(base.engine.arrays(*query.ending(select)))
    rows = found["used"] + found["left_out"]
    uncoded = np.array([code is None for code in found["missing"]], dtype=bool)  # a code says more than "no date"
    one = {name: values for name, values in found.items() if _KEY.fullmatch(name)}
    one |= {"undated": np.where(uncoded, rows, 0), "adrift": rows, "left_out": rows}
    one |= {name: found[name] for name in ("unweighed", "weighed", "weight")}
    take = np.tile(np.arange(len(rows)), len(spans))
    keys = np.repeat([span.key for span in spans], len(rows))
    return {name: np.asarray(values)[take] for name, values in one.items()} | {"key": keys}


def _spread(
    parts: Sequence[Columns], asks: int, dimensions: int, beside: list[str], sql: str, params: dict[str, object]
) -> Sums:
    """Rows as arrays by ask and group."""
    groups: list[Group | str] = [WHOLE]
    index = []
    for part in parts:
        places_, groups = _places(part, dimensions, groups)
        index.append(places_)
    at = {name: np.zeros((asks, len(groups))) for name in (*ADDITIVE, *beside)}
    for part, group in zip(parts, index, strict=True):
        for name in at:
            if name in part:
                numbers = _floats(part[name])  # no amount known at all is no amount, not 0
                np.add.at(
                    at[name], (part["key"], group), numbers if name in ("amount", *beside) else np.nan_to_num(numbers)
                )
    lacks = [
        (int(key), groups[number], str(code), int(n))
        for part, group in zip(parts, index, strict=True)
        for key, number, code, n in zip(part["key"], group, part["missing"], part["left_out"], strict=True)
        if code is not None
    ]
    return Sums(groups, at, lacks, sql, params)


def _places(part: Columns, dimensions: int, groups: list[Group | str]) -> tuple[Any, list[Group | str]]:
    """The number of each row's group; new groups are added to the list."""
    rows = len(part["key"])
    if not dimensions:
        return np.zeros(rows, dtype=int), groups
    codes, labels = [], []
    for number in range(dimensions):
        code, names = pd.factorize(_objects(part[f"d{number}"]))
        codes.append(code)
        labels.append([*names, None])
    whole = np.asarray(part["is_total_d0"]) == 1
    combined = np.zeros(rows, dtype=np.int64)
    for code, names in zip(codes, labels, strict=True):
        combined = combined * len(names) + np.where(code < 0, len(names) - 1, code)
    combined = np.where(whole, -1, combined)
    unique, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    place = {group: number for number, group in enumerate(groups)}
    numbers = []
    for value, row in zip(unique, first, strict=True):
        group = WHOLE if value == -1 else tuple(names[code[row]] for code, names in zip(codes, labels, strict=True))
        if group not in place:
            place[group] = len(place)
            groups.append(group)
        numbers.append(place[group])
    return np.array(numbers, dtype=int)[inverse], groups


def _objects(values: Any) -> Any:
    """Ids as objects, with None for what is absent."""
    if isinstance(values, np.ma.MaskedArray):
        found = values.data.astype(object)
        found[np.ma.getmaskarray(values)] = None
        return found
    return np.asarray(values, dtype=object)


def _floats(values: Any) -> Any:
    """Numbers as floats, with NaN for what is absent (DuckDB gives masked arrays)."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(float), np.nan)
    return np.asarray(values, dtype=float)


def first_day(base: Base, figure: Figure) -> date | None:
    """The first day that the figure's facts know of, before any filter; None without facts.

    Of data opened with a scope, the first day of the source's table: nothing may have happened there.
    """
    if "scope" in base.engine.manifest:
        begin = base.engine.manifest["scope"]["begin"].get(figure.needs[0])
        return date.fromisoformat(begin) if begin else None
    key = ("first_day", figure.name)
    if key not in base.cache:
        if figure.kind == "flow":
            query = compose.facts(figure, [], base.library, base.engine, base.settings)
            excluded = " where excluded is null" if "excluded" in base.columns(figure) else ""
            select = f"select min(day)::date as day from facts{excluded}"
            sql, params = query.ending(select)
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
    return base.cache[key]
