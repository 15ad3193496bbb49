"""What supplies a canonical table, and what is known of it once it is written.

Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.report`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmkpi.schema import Table
from crmkpi.sources.report import Line, line
from crmkpi.sources.sql import ident, literal

PARQUET = "(format parquet, compression zstd)"


@dataclass(frozen=True)
class Supply:
    """What supplies a canonical table: SQL to select from, canonical column -> (column in it, DuckDB type)."""

    sql: str
    columns: dict[str, tuple[str, str]]
    excel: bool = False
    direct: bool = False
    """A file as it is: its first rows can be had without the rest."""


@dataclass
class Loaded:
    """A table written: rows, non-null counts of every canonical column, cells, rows set aside, lines."""

    rows: int
    counts: dict[str, int]
    cells: int
    lines: list[Line] = field(default_factory=list)
    rejected: int = 0


def filled(con: Any, path: Path) -> dict[str, int]:
    """Column -> its cells that are not NULL, from the file's own statistics."""
    rows = con.execute(
        "select path_in_schema, sum(num_values), sum(stats_null_count), count(*) - count(stats_null_count) "
        f"from parquet_metadata({literal(path)}) group by 1"
    ).fetchall()
    if any(row[3] for row in rows):
        names = [row[0] for row in rows]
        select = ", ".join(f"count({ident(name)})" for name in names)
        return dict(
            zip(names, con.execute(f"select {select} from read_parquet({literal(path)})").fetchone(), strict=True)
        )
    return {name: int(values - nulls) for name, values, nulls, _ in rows}


def missing_lines(table: Table, supply: Supply, rows: int, empty: dict[str, int]) -> list[Line]:
    """Required columns that are absent, and required cells that are empty."""
    lines = []
    for column in table.columns:
        if not column.required or column.key or not rows:
            continue
        if column.name not in supply.columns:
            lines.append(line("missing_column", table.name, column.name, rows=rows))
        elif empty[column.name]:
            lines.append(line("missing_value", table.name, column.name, rows=empty[column.name]))
    return lines
