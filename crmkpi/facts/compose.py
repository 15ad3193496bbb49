"""The text of a query: views as CTEs, the figure's SELECT, and the sums by span and group.

Values are always bound parameters; the names that are put into the text come from closed lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from crmkpi.calendar import WorkingDays, unit
from crmkpi.engine import DuckDB
from crmkpi.facts.dimensions import Dimension
from crmkpi.facts.scoped import alternatives
from crmkpi.facts.spans import Span
from crmkpi.indicators import Figure, Library, View
from crmkpi.indicators.header import parameters_of

_PARTS = ("num", "den", "amount", "base", "excluded", "missing")


@dataclass
class Query:
    """A text, what is bound in it, and where it will run."""

    engine: DuckDB
    ctes: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)

    def ending(self, select: str) -> tuple[str, dict[str, object]]:
        """The whole text, ``select`` being its last step, and the parameters that occur in it (DuckDB refuses others)."""
        text = "with " + ",\n".join(self.ctes) + "\n" + select if self.ctes else select
        return text, {name: self.params[name] for name in parameters_of(text) if name in self.params}


def facts(
    figure: Figure, spans: Sequence[Span], library: Library, engine: DuckDB, settings: dict[str, object],
    listed: bool = False,
) -> Query:  # fmt: skip
    """The steps up to the relation ``facts``; unless ``listed``, views that only the list's columns read are empty."""
    query = Query(engine, params=settings | {"data_day": date.fromisoformat(str(engine.manifest["as_of"]))})
    steps = library.steps(figure.sql)
    read = figure.sources.union(*(view.sources for view in steps))
    if "dates" in read:
        days = {span.state for span in spans} | {span.opening for span in spans if "periods" in read}
        query.params["date_list"] = sorted(days)
        query.ctes.append("dates as (select unnest($date_list::date[]) as as_of)")
    if "periods" in read:
        query.ctes.append(_periods(query, spans))
    if "calendar" in read:
        query.ctes.append(f"calendar as (select * from {_calendar(engine, str(settings['country']))})")
    for view in steps:
        text = _stored(view, library, engine) or view.sql
        if view.name in figure.listed and not listed:
            text = f"select * from (\n{text}\n) v where false"
        query.ctes.append(f"{view.name} as (\n{text}\n)")
    query.ctes.append(f"facts as (\n{figure.sql}\n)")
    return query


def _stored(view: View, library: Library, engine: DuckDB) -> str:
    """The text that reads what was made of a view at import, if it was made of this very text."""
    name = library.stored_name(view) if view.materialised and engine.stored else ""
    return f"select * from view_{name}" if name in engine.stored else ""


def _calendar(engine: DuckDB, country: str) -> str:
    """The name of the table of days with the running count of a country's working days, made once."""
    name = f"calendar_{country.lower()}"
    if name not in engine.kept:
        first, last = date(2008, 1, 1), date(2100, 1, 1)  # the years that need no package of holidays
        holidays = WorkingDays(country).holidays(first, last)  # UsageError for a country that is none
        days = np.arange(np.datetime64(first), np.datetime64(last))
        counts = np.cumsum(np.is_busday(days, holidays=holidays))
        engine.keep(name, pd.DataFrame({"day": days, "n": counts}), {"day": "date", "n": "bigint"})
    return name


def _periods(query: Query, spans: Sequence[Span]) -> str:
    columns: dict[str, list[object]] = {
        "period": [span.key for span in spans],
        "start": [span.start for span in spans],
        "stop": [span.stop for span in spans],
        "finish": [span.end for span in spans],
        "as_of": [span.state for span in spans],
        "opening": [span.opening for span in spans],
        "seen": [span.seen for span in spans],
    }
    types = {"period": "integer"}
    query.params |= {f"periods_{name}": column for name, column in columns.items()}
    unnested = ", ".join(f'unnest($periods_{name}::{types.get(name, "date")}[]) as "{name}"' for name in columns)
    return f"periods as (select {unnested})"


def column_types(figure: Figure, library: Library, engine: DuckDB, settings: dict[str, object]) -> dict[str, str]:
    """The columns that a figure's SELECT gives, with their types."""
    day = date(2000, 1, 1)
    query = facts(figure, [Span(0, unit(day, "day"), day, day, day, day, day)], library, engine, settings)
    return engine.columns(*query.ending("select * from facts"))


def scope(
    query: Query, figure: Figure, columns: dict[str, str], spans: Sequence[Span],
    dimensions: Sequence[Dimension], filters: Sequence[tuple[Dimension, list[str | None]]], undated: str = "no",
) -> str:  # fmt: skip
    """The FROM and WHERE that leave the facts of the spans and filters; adds what it binds to ``query``.

    Of data opened with a scope, facts that are not the scope's own do not count (:mod:`crmkpi.facts.scoped`).
    ``undated`` says whether facts without a day are there: ``no``, ``only`` they, or those of one span and they ``too``.
    """
    own = alternatives(figure, columns, query.engine)
    joins = dict.fromkeys(d.join for d in [*dimensions, *(d for d, _ in [*filters, *own])] if d.join)
    where = [_condition(query, f"where_{number}", d, ids) for number, (d, ids) in enumerate(filters)]
    if own:
        where.append(f"({' or '.join(_condition(query, f'own_{d.name}', d, ids) for d, ids in own)})")
    if figure.kind == "flow":
        if undated == "only":
            where.append("f.day is null")
        elif len(spans) == 1:
            query.params |= {"span_start": spans[0].start, "span_stop": spans[0].stop}
            within = "f.day >= $span_start and f.day < $span_stop"
            where.append(f"({within} or f.day is null)" if undated == "too" else within)
        else:
            days = sorted((day, span.key) for span in spans for day in _days(span))
            query.params |= {"span_days": [day for day, _ in days], "span_keys": [key for _, key in days]}
            query.ctes.append(
                "span_days as (select unnest($span_days::date[]) as day, unnest($span_keys::integer[]) as period)"
            )
            joins["join span_days s on s.day = f.day"] = None
    return f"from facts f {' '.join(joins)}" + (" where " + " and ".join(where) if where else "")


def narrowed(source: str, condition: str) -> str:
    """The FROM and WHERE of :func:`scope` with one more condition."""
    return f"{source}{' and ' if ' where ' in source else ' where '}{condition}"


def period_of(figure: Figure, spans: Sequence[Span]) -> str:
    """The expression of the number of the span that a fact belongs to (for a stock: of its day)."""
    if figure.kind == "change":
        return "f.period"
    if figure.kind == "stock":
        return "f.day"
    return "s.period" if len(spans) > 1 else str(spans[0].key)


def _days(span: Span) -> list[date]:
    return [date.fromordinal(number) for number in range(span.start.toordinal(), span.stop.toordinal())]


def _condition(query: Query, name: str, dimension: Dimension, ids: list[str | None]) -> str:
    names = []
    for place, value in enumerate(each for each in ids if each is not None):
        query.params[f"{name}_{place}"] = value
        names.append(f"${name}_{place}")
    parts = [f"{dimension.expression} in ({', '.join(names)})"] if names else []
    parts += [f"{dimension.expression} is null"] if None in ids else []
    return "(" + " or ".join(parts or ["false"]) + ")"


def sums(
    figure: Figure, columns: dict[str, str], query: Query, source: str, period: str, dimensions: Sequence[Dimension]
) -> str:
    """The SELECT that adds up the facts by span, group and what they lack, and once more for the whole of a span.

    Facts that lack something are rows of their own (``missing`` is their code): they count, and are not in a value.
    """
    groups = [f"d{number}" for number in range(len(dimensions))]
    coded = ["missing"] if "missing" in columns else []
    picked = [f"{period} as period"]
    picked += [f"{each.expression} as {group}" for each, group in zip(dimensions, groups, strict=True)]
    needed = ["num", *(name for name in ("den", "amount", "base", "missing", "once") if name in columns)]
    picked += [f'f."{name}"' for name in dict.fromkeys([*needed, *_beside_columns(figure, columns)])]
    if "excluded" in columns:
        source = narrowed(source, "f.excluded is null")
    query.ctes.append(f"scoped as (select {', '.join(picked)} {source})")
    keys, whole = ["period", *groups, *coded], ["period", *coded]
    once = "once" in columns
    if once:
        query.ctes.append(
            f"once_each as (select *, {_first_of(keys)} as of_group, {_first_of(whole)} as of_whole from scoped)"
        )
    parts = ["sum(num) as num", "count(*) as rows"]
    if "den" in columns:
        parts += ["sum(den) as den", "count(nullif(den, 0)) as n"]
    if once:
        of_whole, of_group = (f"sum(case when {column} then amount end)" for column in ("of_whole", "of_group"))
        parts.append(
            f"case when grouping(d0) = 1 then {of_whole} else {of_group} end as amount"
            if groups
            else f"{of_whole} as amount"
        )
    elif "amount" in columns:
        parts.append("sum(amount) as amount")
    if coded and "base" in columns:
        parts += ["count(base) as weighed", "sum(abs(base))::double as weight"]
    parts += [f'{each.expression} as "{each.name}"' for each in figure.beside]
    parts += [f"grouping({group}) as is_total_{group}" for group in groups]
    sets = f"grouping sets (({', '.join(keys)}), ({', '.join(whole)}))" if groups else ", ".join(keys)
    return f"select {', '.join([*keys, *parts])} from {'once_each' if once else 'scoped'} group by {sets}"


def _first_of(keys: Sequence[str]) -> str:
    """Whether a fact's amount is the one that counts for its ``once`` in a group: the largest."""
    rank = f"row_number() over (partition by {', '.join(keys)}, once order by amount desc nulls last)"
    return f"(once is null or {rank} = 1)"


def _beside_columns(figure: Figure, columns: dict[str, str]) -> list[str]:
    words = {word for each in figure.beside for word in re.findall(r"[a-z_]\w*", each.expression)}
    return [name for name in columns if name in words and name not in _PARTS]
