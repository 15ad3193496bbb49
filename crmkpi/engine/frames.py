"""Frames as canonical tables: cast strictly, so that an analyst's typing error is an error here too."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from crmkpi.errors import DataError, unknown
from crmkpi.schema import TABLES, Column, Table

FINER_THAN_CENTS = 1e-6


def load(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Create one table per frame and return what a manifest says of them.

    DataError when a column is misspelt, a value does not fit its type or closed list, or a key repeats.
    """
    for name in frames:
        if name not in TABLES:
            raise DataError(str(unknown("table", name, TABLES)))
    return {name: _load(connection, TABLES[name], frame) for name, frame in frames.items()}


def _load(connection: duckdb.DuckDBPyConnection, table: Table, frame: Any) -> dict[str, Any]:
    arrow = _arrow(table, frame)
    check_names(table, arrow.column_names)
    connection.register("incoming", arrow)
    types = {row[0]: row[1] for row in connection.execute("describe incoming").fetchall()}
    try:
        _check_cents(connection, table, types)
        columns = ", ".join(f'{_cast(column, types)} as "{column.name}"' for column in table.columns)
        connection.execute(f'create table "{table.name}_all" as select {columns} from incoming')
    except duckdb.Error as error:
        raise _misfit(connection, table, types) or DataError(f"{table.name}: {error}") from error
    finally:
        connection.unregister("incoming")
    _check_values(connection, table, arrow.column_names)
    connection.execute(f'create view "{table.name}" as select * from "{table.name}_all" where is_deleted is not true')
    counts = ", ".join(f'count("{column.name}")' for column in table.columns)
    rows, deleted, *filled = connection.execute(
        f'select count(*), count(*) filter (is_deleted), {counts} from "{table.name}_all"'
    ).fetchall()[0]
    return {
        "rows": rows,
        "deleted": deleted,
        "columns": dict(zip([c.name for c in table.columns], filled, strict=True)),
    }


def _arrow(table: Table, frame: Any) -> Any:
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(f"{table.name}: a column mixes kinds of values ({str(error).splitlines()[0]})") from error


def check_names(table: Table, names: Sequence[str]) -> None:
    """DataError for a column that is nearly a canonical one, and for a key that is not there."""
    known = [column.name for column in table.columns]
    for name in set(names) - set(known):
        near = difflib.get_close_matches(name, set(known) - set(names), n=1, cutoff=0.8)
        if near:
            raise DataError(f"{table.name} has a column {name!r}; did you mean {near[0]!r}?")
    missing = [name for name in table.key if name not in names]
    if missing:
        raise DataError(f"{table.name} has no column {missing[0]!r}, which is its key; it has {', '.join(names)}")


def _cast(column: Column, types: dict[str, str]) -> str:
    name = f'"{column.name}"'
    if column.name not in types:
        return f"null::{column.sql_type}"
    if types[column.name] == "VARCHAR":
        name = f"nullif(trim({name}), '')"
    if types[column.name] in ("DOUBLE", "FLOAT"):
        name = f"case when not isnan({name}) then {name} end"
    if column.type == "text" and types[column.name] in ("DOUBLE", "FLOAT"):  # ids that met a missing value in pandas
        name = f"({name})::bigint"
    return f"({name})::{column.sql_type}"


def _misfit(connection: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str]) -> DataError | None:
    for column in table.columns:
        if column.name in types:
            tried = _cast(column, types).replace(f"::{column.sql_type}", "")
            bad = connection.execute(
                f'select "{column.name}"::varchar from incoming '
                f"where {tried} is not null and try_cast({tried} as {column.sql_type}) is null limit 3"
            ).fetchall()
            if bad:
                return DataError(misfit(table, column, ", ".join(repr(row[0]) for row in bad)))
    return None


def misfit(table: Table, column: Column, found: str) -> str:
    """What is said of values that are not of the column's type."""
    return f"{table.name}.{column.name}: {found} can not be read as {column.type}"


def stranger(table: Table, column: Column, found: str) -> str:
    """What is said of values that are not in the column's closed list."""
    return f"{table.name}.{column.name} can be {', '.join(column.values)}; found {found}"


def too_fine(table: Table, column: Column, found: str) -> str:
    """What is said of money with more than two decimals."""
    return f"{table.name}.{column.name} has values finer than a cent ({found}): round them first, and say so"


def repeated(table: Table, found: str) -> str:
    """What is said of keys that several rows have."""
    return f"{table.name} has several rows for the key {', '.join(table.key)}: {found}"


def _check_values(connection: duckdb.DuckDBPyConnection, table: Table, names: list[str]) -> None:
    for column in table.columns:
        if column.closed and column.name in names:
            listed = ", ".join(f"'{value}'" for value in column.closed)
            _refuse(
                connection,
                f'select distinct "{column.name}" from "{table.name}_all" where "{column.name}" not in ({listed}) limit 3',
                stranger(table, column, "{}"),
            )
    if table.key:
        keys = ", ".join(f'"{name}"' for name in table.key)
        _refuse(
            connection,
            f"select concat_ws(', ', {keys}) from \"{table.name}_all\" group by {keys} having count(*) > 1 limit 3",
            repeated(table, "{}"),
        )


def _check_cents(connection: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str]) -> None:
    for column in table.columns:
        kind = types.get(column.name, "")
        if column.type == "money" and (kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL")):
            name = f'"{column.name}"'
            _refuse(
                connection,
                f"select {name} from incoming where abs({name} - round({name}, 2)) > {FINER_THAN_CENTS} limit 3",
                too_fine(table, column, "{}"),
            )


def _refuse(connection: duckdb.DuckDBPyConnection, sql: str, words: str) -> None:
    found = connection.execute(sql).fetchall()
    if found:
        raise DataError(words.format(", ".join(repr(row[0]) for row in found)))
