"""What a gap is computed from: the money of a figure's facts by group, and by product through its lines.

Below it: :mod:`crmkpi.facts.compose`, :mod:`crmkpi.facts.measure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crmkpi.facts import compose
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import Dimension
from crmkpi.facts.grid import Ask
from crmkpi.facts.measure import Filters, places
from crmkpi.indicators import Figure
from crmkpi.schema import TABLES

Rows = list[dict[Any, Any]]


@dataclass(frozen=True)
class Ran:
    """What a query gave, its text and what was bound in it."""

    rows: Rows
    sql: str
    params: dict[str, object]


def sums(base: Base, figure: Figure, measure: str, ask: Ask, by: Sequence[str], where: Filters) -> Ran:
    """``money`` and ``n``, the rows that are not zero, by ``grp`` (without a breakdown: one without a name)."""
    query, source, dimensions = _scoped(base, figure, ask, by, where)
    group = dimensions[0].expression if dimensions else "null::varchar"
    money = f"sum(f.{measure})::double as money, count(nullif(f.{measure}, 0)) as n"
    return _run(base, query, f"select {group} as grp, {money} {source} group by 1")


def line_tables(base: Base, figure: Figure) -> list[str]:
    """The tables that the lines of a figure come from."""
    read = {name for view in base.library.steps(f"from {figure.lines}") for name in view.sources}
    return sorted(read & TABLES.keys())


def lines(base: Base, figure: Figure, measure: str, ask: Ask, where: Filters) -> Ran:
    """``quantity`` and ``money`` by product, over the facts whose lines are complete and add up to them.

    One row has no ``product_id``: the ``money`` that no lines explain, its ``weight`` (absolute), and in ``quantity`` that
    of all the facts.
    """
    query, source, _ = _scoped(base, figure, ask, [], where)
    there = {view.name for view in base.library.steps(figure.sql)}
    for view in base.library.steps(f"from {figure.lines}"):
        if view.name not in there:
            query.ctes.append(f"{view.name} as (\n{view.sql}\n)")
    query.ctes += [
        f"scoped as (select f.id, round(f.{measure}, 2)::decimal(18,2) as money {source})",
        f"scoped_lines as (select l.* from {figure.lines} l where l.id in (select id from scoped))",
        "added as (select id, sum(amount) as money from scoped_lines group by 1 having count(*) = count(product_id)"
        " and count(*) = count(quantity) and count(*) = count(amount))",
        "explained as (select s.id from scoped s join added a on a.id = s.id and a.money = s.money)",
    ]
    return _run(base, query, _LINES)


_LINES = """select l.product_id, max(l.product) as product, sum(l.quantity)::double as quantity,
       sum(l.amount)::double as money, 0::double as weight
from scoped_lines l where l.id in (select id from explained) group by 1
union all
select null as product_id, null as product, sum(abs(s.money))::double as quantity,
       sum(case when e.id is null then s.money end)::double as money,
       sum(case when e.id is null then abs(s.money) end)::double as weight
from scoped s left join explained e on e.id = s.id"""


def _scoped(
    base: Base, figure: Figure, ask: Ask, by: Sequence[str], where: Filters
) -> tuple[compose.Query, str, list[Dimension]]:
    """The query up to the facts that count in an ask, the FROM and WHERE that leave them, the dimensions."""
    span = ask.span(0)
    columns, dimensions, kept = places(base, figure, by, where)
    query = compose.facts(figure, [span], base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, [span], dimensions, kept)
    for left in ("excluded", "missing"):
        source = compose.narrowed(source, f"f.{left} is null") if left in columns else source
    return query, source, dimensions


def _run(base: Base, query: compose.Query, select: str) -> Ran:
    sql, params = query.ending(select)
    found = base.engine.query(sql, params)
    return Ran(found.astype(object).where(found.notna(), None).to_dict("records"), sql, params)
