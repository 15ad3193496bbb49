"""The text of a query: views as CTEs, the figure's SELECT, and the sums by span and group.

Values are always bound parameters; the names that are put into the text come from closed lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crmkpi.calendar import unit
from crmkpi.engine import DuckDB
from crmkpi.facts.dimensions import Dimension
from crmkpi.facts.spans import Span
from crmkpi.indicators import Figure, Library
from crmkpi.indicators.header import parameters_of

_OPTIONAL = {"den": "null::double", "amount": "null::decimal(18,2)", "base": "1", "excluded": "null", "missing": "null"}


@dataclass
class Query:
    """A text and what is bound in it."""

    ctes: list[str] = field(default_factory=list)
    params: dict[str, object] = field(default_factory=dict)

    def text(self, select: str) -> str:
        """The whole text, ``select`` being its last step."""
        return "with " + ",\n".join(self.ctes) + "\n" + select if self.ctes else select

    def bind(self, select: str) -> dict[str, object]:
        """The parameters that occur in the text (DuckDB refuses others)."""
        return {name: self.params[name] for name in parameters_of(self.text(select)) if name in self.params}


def facts(
    figure: Figure, spans: Sequence[Span], library: Library, engine: DuckDB, settings: dict[str, object]
) -> Query:
    """The steps up to the relation ``facts``."""
    query = Query(params=dict(settings))
    steps = library.steps(figure.sql)
    read = figure.sources.union(*(view.sources for view in steps))
    if "dates" in read:
        query.params["date_list"] = sorted({span.state for span in spans})
        query.ctes.append("dates as (select unnest($date_list::date[]) as as_of)")
    if "periods" in read:
        query.ctes.append(_periods(query, spans))
    query.ctes += [f"{view.name} as (\n{_stored(view.name, engine) or view.sql}\n)" for view in steps]
    query.ctes.append(f"facts as (\n{figure.sql}\n)")
    return query


def _stored(name: str, engine: DuckDB) -> str:
    return f"select * from view_{name}" if name in engine.stored else ""


def _periods(query: Query, spans: Sequence[Span]) -> str:
    columns: dict[str, list[object]] = {
        "period": [span.key for span in spans],
        "start": [span.start for span in spans],
        "stop": [span.end for span in spans],
        "as_of": [span.state for span in spans],
    }
    types = {"period": "integer"}
    query.params |= {f"periods_{name}": column for name, column in columns.items()}
    unnested = ", ".join(f'unnest($periods_{name}::{types.get(name, "date")}[]) as "{name}"' for name in columns)
    return f"periods as (select {unnested})"


def column_types(figure: Figure, library: Library, engine: DuckDB, settings: dict[str, object]) -> dict[str, str]:
    """The columns that a figure's SELECT gives, with their types."""
    day = date(2000, 1, 1)
    query = facts(figure, [Span(0, unit(day, "day"), day, day, day, day)], library, engine, settings)
    select = "select * from facts"
    return engine.columns(query.text(select), query.bind(select))


def scope(
    query: Query, figure: Figure, columns: dict[str, str], spans: Sequence[Span],
    dimensions: Sequence[Dimension], filters: Sequence[tuple[Dimension, list[str | None]]], undated: bool = False,
) -> str:  # fmt: skip
    """The FROM and WHERE that leave the facts of the spans and filters; adds what it binds to ``query``."""
    joins = dict.fromkeys(d.join for d in [*dimensions, *(d for d, _ in filters)] if d.join)
    where = [_condition(query, number, d, ids) for number, (d, ids) in enumerate(filters)]
    if figure.kind == "flow":
        if undated:
            where.append("f.day is null")
        elif len(spans) == 1:
            query.params |= {"span_start": spans[0].start, "span_stop": spans[0].stop}
            where.append("f.day >= $span_start and f.day < $span_stop")
        else:
            days = sorted((day, span.key) for span in spans for day in _days(span))
            query.params |= {"span_days": [day for day, _ in days], "span_keys": [key for _, key in days]}
            query.ctes.append(
                "span_days as (select unnest($span_days::date[]) as day, unnest($span_keys::integer[]) as period)"
            )
            joins["join span_days s on s.day = f.day"] = None
    return f"from facts f {' '.join(joins)}" + (" where " + " and ".join(where) if where else "")


def period_of(figure: Figure, spans: Sequence[Span]) -> str:
    """The expression of the number of the span that a fact belongs to (for a stock: of its day)."""
    if figure.kind == "change":
        return "f.period"
    if figure.kind == "stock":
        return "f.day"
    return "s.period" if len(spans) > 1 else str(spans[0].key)


def _days(span: Span) -> list[date]:
    return [date.fromordinal(number) for number in range(span.start.toordinal(), span.stop.toordinal())]


def _condition(query: Query, number: int, dimension: Dimension, ids: list[str | None]) -> str:
    names = []
    for place, value in enumerate(each for each in ids if each is not None):
        query.params[f"where_{number}_{place}"] = value
        names.append(f"$where_{number}_{place}")
    parts = [f"{dimension.expression} in ({', '.join(names)})"] if names else []
    parts += [f"{dimension.expression} is null"] if None in ids else []
    return "(" + " or ".join(parts or ["false"]) + ")"


def sums(
    figure: Figure, columns: dict[str, str], query: Query, source: str, period: str, dimensions: Sequence[Dimension]
) -> str:
    """The SELECT that adds up the facts by span and group, with one more row per span for the whole."""
    groups = [f"d{number}" for number in range(len(dimensions))]
    picked = [f"{period} as period"]
    picked += [f"{each.expression} as {group}" for each, group in zip(dimensions, groups, strict=True)]
    needed = [
        "num",
        *(name for name in _OPTIONAL if name in columns and name != "excluded"),
        *_beside_columns(figure, columns),
    ]
    picked += [f'f."{name}"' for name in dict.fromkeys(needed)]
    if "excluded" in columns:
        source += (" and " if " where " in source else " where ") + "f.excluded is null"
    query.ctes.append(f"scoped as (select {', '.join(picked)} {source})")
    used = "missing is null" if "missing" in columns else "true"
    parts = [_total("num", used), f"sum(case when {used} then 1 else 0 end)::bigint as used"]
    if "den" in columns:
        parts += [_total("den", used), f"sum(case when {used} and den <> 0 then 1 else 0 end)::bigint as n"]
    if "amount" in columns:
        parts.append(_total("amount", used))
    if "missing" in columns:
        base = "base" if "base" in columns else "1"
        parts += [
            "sum(case when missing is not null then 1 else 0 end)::bigint as left_out",
            f"sum(case when missing is not null and {base} is null then 1 else 0 end)::bigint as unweighed",
            f"count({base})::bigint as weighed",
            f"sum(abs({base}))::double as weight",
            f"sum(case when missing is null then abs({base}) end)::double as weight_used",
        ]
    parts += [f'{_only_used(each.expression, used)} as "{each.name}"' for each in figure.beside]
    whole = ", ".join(f"grouping({group}) as is_total_{group}" for group in groups)
    sets = f"grouping sets (({', '.join(['period', *groups])}), (period))" if groups else "period"
    listed = ", ".join(["period", *groups, *([whole] if whole else []), *parts])
    query.ctes.append(f"sums as (select {listed} from scoped group by {sets})")
    labels = "".join(f", l{n}.label as {group}_label" for n, group in enumerate(groups) if dimensions[n].labels)
    joined = "".join(
        f" left join ({each.labels}) l{n} on l{n}.id = sums.d{n}" for n, each in enumerate(dimensions) if each.labels
    )
    return f"select sums.*{labels} from sums{joined}"


def _total(name: str, used: str) -> str:
    return f"sum(case when {used} then {name} end) as {name}" if used != "true" else f"sum({name}) as {name}"


def _only_used(expression: str, used: str) -> str:
    """An aggregate over the facts that count."""
    return expression if used == "true" else f"{expression} filter (where {used})"


def _beside_columns(figure: Figure, columns: dict[str, str]) -> list[str]:
    words = {word for each in figure.beside for word in re.findall(r"[a-z_]\w*", each.expression)}
    return [name for name in columns if name in words and name not in _OPTIONAL and name != "num"]
