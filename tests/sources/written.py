"""Small sources written by a test, and one column of texts cast by a whole import."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb

from crmkpi.sources import import_data
from crmkpi.sources.report import Report

ORDERS = (
    "order_id,account_id,order_date,status,amount\nO1,A1,2026-03-02,confirmed,100.00\nO2,A1,2026-03-03,draft,50.50\n"
)
ACCOUNTS = "account_id,name,type\nA1,NA,customer\n"


def write(folder: Path, **texts: str | bytes) -> Path:
    """``write(folder, orders="...")`` writes orders.csv; bytes as they are."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def clean(folder: Path) -> Path:
    """Two orders and their customer."""
    return write(folder, orders=ORDERS, accounts=ACCOUNTS)


def table(report: Report, name: str, columns: str = "*") -> list[tuple]:
    """The rows of an imported table, in the order of the file."""
    path = report.folder / report.manifest["version"] / f"{name}.parquet"
    with duckdb.connect() as con:
        return con.execute(
            f"select {columns} from read_parquet('{path}', file_row_number=true) order by file_row_number"
        ).fetchall()


def line(report: Report, code: str):
    """The only line of that code."""
    (found,) = [each for each in report.lines if each.code == code]
    return found


def codes(report: Report) -> set[str]:
    """Codes of the lines, but for required columns and cells that small sources leave out."""
    return {each.code for each in report.lines} - {"missing_column", "missing_value"}


def csv_text(header: list[str], rows: list[list[str]]) -> str:
    """A CSV text, quoted where it must be."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def cast(folder: Path, column: str, cells: list[str], **options) -> tuple[list, Report]:
    """The values that a column of orders gets from these texts (as text, to be compared), and the report."""
    text = csv_text(["order_id", column], [[f"O{place}", cell] for place, cell in enumerate(cells)])
    report = import_data(write(folder / "source", orders=text), folder / "data", **options)
    return [row[0] for row in table(report, "orders", f'"{column}"::varchar')], report
