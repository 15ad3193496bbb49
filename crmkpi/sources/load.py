"""One canonical table: from the relation that supplies it to its Parquet file.

Clean tables are written in one pass (:mod:`crmkpi.sources.fast`); others the long way (:mod:`crmkpi.sources.longway`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from crmkpi.schema import Column, Table
from crmkpi.sources import fast
from crmkpi.sources.loaded import PARQUET, Loaded, Supply, filled, missing_lines
from crmkpi.sources.longway import LongWay
from crmkpi.sources.sql import ident, literal

_SAMPLE = 20_000


class _NotCleanError(Exception):
    """The short way does not apply."""


def load(
    con: Any,
    table: Table,
    supply: Supply,
    folder: Path,
    zone: str,
    *,
    shortcut: bool = True,
    instead: Path | None = None,
) -> Loaded:
    """Write ``folder/<table>.parquet`` (and ``folder/rejected/<table>.parquet`` if rows are set aside).

    Rows whose key is in the Parquet file ``instead`` are set aside. Targets have more to check than a short way can.
    """
    target = folder / f"{table.name}.parquet"
    if shortcut and table.name != "targets":
        try:
            return _short(con, table, supply, target)
        except _NotCleanError:
            target.unlink(missing_ok=True)
    return LongWay(con, table, supply, folder, zone, instead).run()


def _short(con: Any, table: Table, supply: Supply, target: Path) -> Loaded:
    values = {column.name: _clean(column, supply) for column in table.columns}
    select = ", ".join(f"{sql} as {ident(name)}" for name, sql in values.items())
    try:
        if supply.direct:  # most tables that are not clean show it at once
            con.execute(f"create or replace temp table sample as select {select} from {supply.sql} limit {_SAMPLE}")
        con.execute(f"copy (select {select} from {supply.sql}) to {literal(target)} {PARQUET}")
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException) as error:
        if "CSV Error" in str(error) or "CSV Parser" in str(error):
            raise
        raise _NotCleanError from error
    finally:
        con.execute("drop table if exists sample")
    rows = con.execute(f"select count(*) from read_parquet({literal(target)})").fetchone()[0]
    counts = filled(con, target) if rows else dict.fromkeys(values, 0)
    if _key_trouble(con, table, target, rows, counts):
        raise _NotCleanError
    lines = missing_lines(table, supply, rows, {name: rows - counts[name] for name in supply.columns})
    return Loaded(rows, counts, sum(counts.values()), lines)


def _clean(column: Column, supply: Supply) -> str:
    if column.name not in supply.columns:
        return f"null::{column.sql_type}"
    source, type_ = supply.columns[column.name]
    sql = fast.clean(column, ident(source), type_)
    if sql is None:
        raise _NotCleanError
    return sql


def _key_trouble(con: Any, table: Table, target: Path, rows: int, counts: dict[str, int]) -> bool:
    """Whether a key is empty or there twice."""
    if not table.key or not rows:
        return False
    if any(counts[name] < rows for name in table.key):
        return True
    key = ident(table.key[0]) if len(table.key) == 1 else f"({', '.join(map(ident, table.key))})"
    different = con.execute(f"select count(distinct {key}) from read_parquet({literal(target)})").fetchone()[0]
    return bool(different < rows)
