"""What a figure can be broken down by, and filtered on: dimensions, their columns and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmkpi.calendar import GRAINS
from crmkpi.engine import DuckDB
from crmkpi.errors import UsageError, unknown
from crmkpi.indicators import Figure
from crmkpi.schema import TABLES

COMMON = ("rep", "team", "business_unit", "customer", "segment", "industry")
PLACES = ("business_unit", "team", "rep")
"""Where a target can be set, the finest last."""
NONE_WORDS = {
    "rep": ("sans commercial", "no rep"),
    "team": ("sans équipe", "no team"),
    "business_unit": ("sans business unit", "no business unit"),
    "customer": ("sans client", "no customer"),
    "segment": ("sans segment", "no segment"),
    "industry": ("sans secteur", "no industry"),
    "product_family": ("sans famille", "no family"),
    "product": ("sans produit", "no product"),
}
_USERS = "left join users u on u.user_id = f.owner_id"
_ACCOUNTS = "left join accounts a on a.account_id = f.account_id"


@dataclass(frozen=True)
class Dimension:
    """One dimension of a figure: the expression of its id over ``f``, and the join it needs."""

    name: str
    expression: str
    join: str = ""


def dimension(name: str, figure: Figure, columns: Mapping[str, str], engine: DuckDB) -> Dimension:
    """The dimension ``name`` of a figure whose facts have ``columns``; UsageError if it has none such."""
    if name in figure.dimensions and name in columns:
        return Dimension(name, f'f."{name}"')
    if name in ("team", "business_unit"):
        if name in columns and booked(name, figure, engine):
            return Dimension(name, f"f.{name}")
        return Dimension(name, f"u.{name}", _USERS)
    known = {
        "rep": Dimension("rep", "f.owner_id"),
        "customer": Dimension("customer", "f.account_id"),
        "segment": Dimension("segment", "a.segment", _ACCOUNTS),
        "industry": Dimension("industry", "a.industry", _ACCOUNTS),
    }
    if name not in known:
        raise unknown("dimension", name, names(figure))
    return known[name]


def names(figure: Figure) -> tuple[str, ...]:
    """Every dimension of a figure, its own first, calendar units last."""
    return (*figure.dimensions, *COMMON, *GRAINS)


def booked(name: str, figure: Figure, engine: DuckDB) -> bool:
    """Whether the documents of the figure carry a team (or business unit) of their own in this source.

    If they do, it is used as it is, and a document without one is in no team; else the owner's of today.
    """
    return bool(figure.needs) and engine.has(figure.needs[0], name)


def split(by: Sequence[str], figure: Figure) -> tuple[tuple[str, ...], str | None]:
    """The dimensions asked for, without the calendar unit, and that unit (or None)."""
    grains = [name for name in by if name in GRAINS]
    if len(grains) > 1:
        raise UsageError(f"one calendar unit at a time, not {' and '.join(grains)}")
    for name in by:
        if name not in names(figure):
            raise unknown(f"dimension of {figure.name}", name, names(figure))
    if len(set(by)) < len(by):
        raise UsageError(f"a dimension is asked for twice: {', '.join(by)}")
    return tuple(name for name in by if name not in GRAINS), grains[0] if grains else None


_VALUES = {
    "rep": "select user_id as id, name as label from users",
    "customer": "select account_id as id, name as label from accounts",
    "segment": "select distinct segment as id, segment as label from accounts where segment is not null",
    "industry": "select distinct industry as id, industry as label from accounts where industry is not null",
}


def values_sql(name: str, engine: DuckDB) -> str:
    """The text that gives the ids and labels of a dimension's values."""
    if name in _VALUES:
        return _VALUES[name]
    tables = ["users"] + [table for table in TABLES if table != "users" and engine.has(table, name)]
    union = " union ".join(f"select {name} as id from {table} where {name} is not null" for table in tables)
    return f"select distinct id, id as label from ({union}) v"


def resolve(name: str, wanted: Sequence[str], engine: DuckDB) -> list[str | None]:
    """The ids that the values of a filter mean; '' means the group without one.

    A value is an id, or a name (of every rep or customer who bears it).
    """
    if name not in COMMON:
        return [value or None for value in wanted]
    found: list[str | None] = []
    for value in wanted:
        if not value:
            found.append(None)
            continue
        sql = f"select id from ({values_sql(name, engine)}) v where id = $value or label = $value order by id = $value desc"
        ids = engine.query(sql, {"value": str(value)})["id"].tolist()
        if not ids and _mentioned(name, str(value), engine):
            ids = [value]
        if not ids:
            listed = f"select label from ({values_sql(name, engine)}) v order by label limit 50"
            raise unknown(name.replace("_", " "), str(value), engine.query(listed, {})["label"].dropna())
        found += [ids[0]] if ids[0] == value else ids
    return found


def _mentioned(name: str, value: str, engine: DuckDB) -> bool:
    """Whether some record names a rep or customer that is not (or no longer) in its own table."""
    column = {"rep": "owner_id", "customer": "account_id"}.get(name)
    tables = [table for table in TABLES if column and engine.has(table, column)]
    found = (
        engine.query(f"select 1 from {table} where {column} = $value limit 1", {"value": value}) for table in tables
    )
    return any(len(rows) for rows in found)
