"""How long an import takes beside a plain DuckDB copy of the same files to Parquet.

    python -m benchmarks.import_copy --rows 10000000

The order table is clean and has that many rows; accounts and users are there, so that every check runs.
Import and copy take turns; each line gives the best of the rounds and the ratio, for Parquet and for CSV.
The limit is twice the copy. Nothing is left behind.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from crmkpi.sources import import_data

ORDERS = """
select 'SO' || lpad(i::varchar, 9, '0') as order_id, 'S' || i as number, 'C' || ((i * 7919) % {accounts}) as account_id,
       'U' || (i % 200) as owner_id, 'Team ' || (i % 12) as team, 'BU' || (i % 2) as business_unit,
       date '2023-01-01' + (i % 1095)::int as order_date,
       case when i % 10 = 0 then 'delivered' else 'confirmed' end as status,
       (((i * 48271) % 9999999) / 100)::decimal(18, 2) as amount,
       (((i * 48271) % 9999999) / 95)::decimal(18, 2) as list_amount,
       (((i * 48271) % 9999999) / 130)::decimal(18, 2) as cost_amount
from range({rows}) t(i)
"""
ACCOUNTS = "select 'C' || i as account_id, 'Customer ' || i as name, 'customer' as type from range({accounts}) t(i)"
USERS = "select 'U' || i as user_id, 'Rep ' || i as name from range(200) t(i)"
TABLES = {"orders": ORDERS, "accounts": ACCOUNTS, "users": USERS}


def generate(folder: Path, kind: str, rows: int) -> None:
    """Write the three tables as ``kind`` files (parquet or csv)."""
    folder.mkdir()
    options = "(format parquet, compression zstd)" if kind == "parquet" else "(format csv, header)"
    with duckdb.connect() as con:
        for name, sql in TABLES.items():
            text = sql.format(rows=rows, accounts=max(rows // 50, 10))
            con.execute(f"copy ({text}) to '{folder / name}.{kind}' {options}")


def plain_copy(source: Path, to: Path, kind: str) -> None:
    """What DuckDB needs at least: read each file, write it as Parquet."""
    to.mkdir()
    with duckdb.connect() as con:
        for name in TABLES:
            con.execute(
                f"copy (from '{source / name}.{kind}') to '{to / name}.parquet' (format parquet, compression zstd)"
            )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def compare(kind: str, rows: int, rounds: int) -> str:
    """One line: copy and import, best of the rounds, and their ratio."""
    copies, imports = [], []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        generate(source, kind, rows)
        for turn in range(rounds):
            copies.append(timed(lambda to=Path(scratch) / f"copy{turn}": plain_copy(source, to, kind)))  # type: ignore[misc]
            imports.append(timed(lambda to=Path(scratch) / f"data{turn}": import_data(source, to)))  # type: ignore[misc]
    (copy_wall, copy_cpu), (import_wall, import_cpu) = (
        tuple(map(min, zip(*each, strict=True))) for each in (copies, imports)
    )
    return (
        f"{kind:8} {rows:>11,} rows   copy {copy_wall:6.2f} s   import {import_wall:6.2f} s   "
        f"ratio {import_wall / copy_wall:4.2f}   (processor time {import_cpu / copy_cpu:4.2f})"
    )


def main() -> None:
    """Read the options and print one line per kind of file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for kind in ("parquet", "csv"):
        print(compare(kind, options.rows, options.rounds), flush=True)


if __name__ == "__main__":
    main()
