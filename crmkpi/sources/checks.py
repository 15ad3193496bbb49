"""What can only be seen when the tables are there: references, the scopes of targets, the data's own date.

Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.report`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from crmkpi.schema import TABLES, Column, Table
from crmkpi.sources.loaded import Loaded
from crmkpi.sources.plan import examples
from crmkpi.sources.report import Line, line
from crmkpi.sources.sql import ident, literal


def read(folder: Path, table: str) -> str:
    """The SQL that reads a table already written."""
    return f"read_parquet({literal(folder / f'{table}.parquet')})"


def orphans(con: Any, folder: Path, loaded: dict[str, Loaded]) -> list[Line]:
    """A line for each column that holds ids its table does not know; such cells are kept."""
    lines = []
    for name, each in loaded.items():
        for column in TABLES[name].columns:
            if column.refs in loaded and each.counts.get(column.name):
                lines += _orphans(con, folder, TABLES[name], column)
    return lines


def _orphans(con: Any, folder: Path, table: Table, column: Column) -> list[Line]:
    known = f"select {ident(TABLES[column.refs].key[0])} from {read(folder, column.refs)}"
    lost = (
        f"(select {ident(column.name)} as id from {read(folder, table.name)} where {ident(column.name)} is not null) t"
    )
    return _lost_line(con, table.name, column.name, f"(select id from {lost} where id not in ({known}))", column.refs)


def _lost_line(con: Any, table: str, column: str, lost: str, what: str) -> list[Line]:
    found = con.execute(f"select count(*) from {lost}").fetchone()[0]
    if not found:
        return []
    return [
        line("orphan", table, column, rows=found, cells=found, examples=examples(con, lost, "id", "true"), what=what)
    ]


def scopes(con: Any, folder: Path, loaded: dict[str, Loaded]) -> list[Line]:
    """A line for each scope whose targets name a rep, team or unit that no table knows; such cells are kept."""
    if "targets" not in loaded:
        return []
    lines = []
    for scope, places in _SCOPES.items():
        known = [f"select {ident(c)} from {read(folder, t)}" for t, c in places if t in loaded and loaded[t].counts[c]]
        if known:
            lost = (
                f"(select scope_id as id from {read(folder, 'targets')} where scope = {literal(scope)} and scope_id not in "
                f"(select * from ({' union all '.join(known)}) t(id) where id is not null))"
            )
            tables = ", ".join(dict.fromkeys(f"{t}.{c}" for t, c in places if t in loaded))
            lines += _lost_line(con, "targets", "scope_id", lost, f"{tables} ({scope})")
    return lines


_SCOPES = {
    "rep": [("users", "user_id")],
    "team": [(table, "team") for table in ("users", "orders", "invoices")],
    "business_unit": [(table, "business_unit") for table in ("users", "orders", "invoices")],
}


def own_date(con: Any, folder: Path, loaded: dict[str, Loaded], today: dt.date) -> tuple[dt.date, bool]:
    """The data's own date: the newest day on which something happened, not after ``today`` (``today`` if none did).

    And whether something is dated after ``today``, so that the own date will move with the loading day.
    """
    past: list[dt.date | None] = [None]
    ahead = False
    for name, each in loaded.items():
        dated = [c.name for c in TABLES[name].columns if c.dated and each.counts.get(c.name)]
        for column in map(ident, dated):
            newest = con.execute(f"select max({column})::date from {read(folder, name)}").fetchone()[0]
            if newest and newest > today:
                ahead, limit = True, f"where {column}::date <= {literal(today.isoformat())}::date"
                newest = con.execute(f"select max({column})::date from {read(folder, name)} {limit}").fetchone()[0]
            past.append(newest)
    return max((day for day in past if day), default=today), ahead


def deleted(con: Any, folder: Path, loaded: dict[str, Loaded], name: str) -> int:
    """How many rows of a table the source had marked deleted."""
    if not loaded[name].counts.get("is_deleted"):
        return 0
    return int(con.execute(f"select count(*) from {read(folder, name)} where is_deleted").fetchone()[0])
