"""The rows behind a figure as the data give them, and how many it leaves out.

Those of one place are read off those of all places, where these were lent: see :mod:`crmkpi.facts.lent`. Below it:
:mod:`crmkpi.facts.compose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmkpi.facts import compose
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES, booked
from crmkpi.facts.grid import Ask
from crmkpi.facts.measure import Filters, ids, places
from crmkpi.indicators import Figure

LEFT_OUT = ("excluded", "missing")
"""The columns that say why a row does not count."""
USED, OTHERS, ALERTS, COUNTS = "used", "others", "alerts", "counts"
"""Which rows: those that count, the others, those that count and have an alert; or how many others there are, by code."""
WANTED, HELD = "rows wanted", "rows held"
_PLACE = "its place"
_NOBODY = ""
"""No value of a place, under which there are no rows: a place that is not filled is None."""
_WHOLE: dict[str, Any] = {"SMALLINT": "int16", "INTEGER": "int32", "BIGINT": "int64", "BOOLEAN": "bool"}
_MOST = 50_000
"""How many rows of all places are held at most."""


@dataclass(frozen=True)
class Wanted:
    """Rows of a figure that are wanted of one value of ``place``, a dimension."""

    figure: str
    ask: Ask
    which: str
    place: str


def rows(base: Base, figure: Figure, ask: Ask, where: Filters, which: str) -> pd.DataFrame:
    """The rows of a figure under filters, in no order."""
    if not (base.by_place and len(where) == 1 and set(where) <= set(PLACES)):
        return _read(base, figure, ask, where, which)
    [(place, values)] = where.items()
    wanted = Wanted(figure.name, ask, which, place)
    base.cache[WANTED, wanted] = None
    held: dict[str | None, pd.DataFrame] | None = base.cache.get((HELD, wanted))
    found = ids(base, place, values)
    if held is None or len(found) != 1:
        return _read(base, figure, ask, where, which)
    return held.get(found[0], held[_NOBODY]).copy()


def hold(base: Base, wanted: Wanted) -> None:
    """Remember the rows of every value of the place at once, unless they are very many."""
    figure = base.figure(wanted.figure)
    every = _read(base, figure, wanted.ask, {}, wanted.which, [wanted.place], _MOST + 1)
    if len(every) > _MOST:
        return
    bare = every.drop(columns=_PLACE)
    parts = {None if pd.isna(one) else str(one): part for one, part in bare.groupby(every[_PLACE], dropna=False)}
    kinds = _changing(bare, base.columns(figure))
    base.cache[HELD, wanted] = {one: _typed(part, kinds) for one, part in (parts | {_NOBODY: bare.iloc[:0]}).items()}


def _changing(every: pd.DataFrame, types: dict[str, str]) -> dict[str, Any]:
    """The columns of which some values are absent: the type that each has where none is (whole numbers, truth) or all are (text)."""
    some = [name for name in map(str, every) if every[name].isna().any()]
    texts = {name: object for name in some if isinstance(every[name].dtype, pd.StringDtype)}
    return texts | {name: _WHOLE[types[name]] for name in some if types.get(name) in _WHOLE}


def _typed(part: pd.DataFrame, kinds: dict[str, Any]) -> pd.DataFrame:
    """A part with its columns of the types that the data would give for it alone.

    >>> every = pd.DataFrame({"days": [3.0, 4.0, None], "done": [True, None, None]})
    >>> _typed(every.iloc[:2], _changing(every, {"days": "BIGINT", "done": "BOOLEAN"}))
       days  done
    0     3  True
    1     4  None
    """
    typed = part.copy()
    for name, kind in kinds.items():
        absent = part[name].isna()
        if kind is object and bool(absent.all()):
            typed[name] = pd.Series([None] * len(part), part.index, dtype=object)
        elif kind is not object and not bool(absent.any()):
            typed[name] = part[name].astype(kind)
    return typed


def _read(
    base: Base, figure: Figure, ask: Ask, where: Filters, which: str, by: Sequence[str] = (), most: int | None = None
) -> pd.DataFrame:
    """Ask the data; ``by`` is a place that each row, or count, is to say."""
    columns, dimensions, filters = places(base, figure, by, where)
    listed, undated = which != COUNTS, "too" if which in (OTHERS, COUNTS) else "no"
    query = compose.facts(figure, [ask.span(0)], base.library, base.engine, base.settings, listed)
    source = compose.scope(query, figure, columns, [ask.span(0)], dimensions, filters, undated=undated)
    source = compose.narrowed(source, _condition(figure, columns, which))
    held = "".join(f', {each.expression} as "{_PLACE}"' for each in dimensions)
    if listed:
        select = _select(base, figure, columns, source, held)
    else:
        codes = ", ".join([*(f"f.{name}" for name in LEFT_OUT if name in columns), "'no_date'"])
        groups = "1, 3" if dimensions else "1"
        select = f"select coalesce({codes}) as code, count(*) as n{held} {source} group by {groups} order by 2 desc, 1"
    return base.engine.query(*query.ending(f"{select} limit {most}" if most else select))


def _select(base: Base, figure: Figure, columns: dict[str, str], source: str, held: str) -> str:
    """Every column of the facts, with the names of their customer and rep, and the places that they have not."""
    source, named = with_names(base, figure, columns, source)
    picked = [f'f."{name}"' for name in columns if name not in named]
    picked += [f"{text} as {name}" for name, text in named.items()]
    return f"select {', '.join(picked)}{held} {source}"


def with_names(base: Base, figure: Figure, columns: dict[str, str], source: str) -> tuple[str, dict[str, str]]:
    """The FROM and WHERE of facts joined to who and whose they are; the expressions of their names, and of their places."""
    joins = "left join users lu on lu.user_id = f.owner_id left join accounts la on la.account_id = f.account_id"
    named = {"customer": "coalesce(la.name, f.account_id)", "rep": "coalesce(lu.name, f.owner_id)"}
    for name in ("team", "business_unit"):
        named[name] = f"f.{name}" if name in columns and booked(name, figure, base.engine) else f"lu.{name}"
    return source.replace("from facts f", f"from facts f {joins}", 1), named


def _condition(figure: Figure, columns: dict[str, Any], which: str) -> str:
    """The condition of the facts that count, or of those that do not."""
    test = [f"f.{name} is null" for name in LEFT_OUT if name in columns]
    test += ["f.day is not null"] if figure.kind == "flow" else []
    used = " and ".join(test) or "true"
    if which in (OTHERS, COUNTS):
        return f"not ({used})"
    return f"({used}) and f.severity is not null" if which == ALERTS else used
