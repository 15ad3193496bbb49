"""Nothing is lost: cells read = cells kept + cells reported, whatever is written; the short way says what the long one says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from written import csv_text, table, write

from crmkpi.schema import TABLES
from crmkpi.sources import import_data
from crmkpi.sources.files import File
from crmkpi.sources.load import load
from crmkpi.sources.loaded import Supply
from crmkpi.sources.sql import SPACES

COLUMNS = ["order_id", "account_id", "order_date", "status", "amount", "delivered_at", "is_deleted", "number", "zzz"]
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "\u00a0", "A", "A ", "B", "O1", "2026-03-02", "02/03/2026", "25/12/2025", "31/02/2026", "2026-03-02 10:00:00", "1.234",
         "1,234", "12.5", "12,5", "0.005", "1 234,56 €", "(5)", "draft", "Confirmed", "confirmé", "t", "oui", "-", "NA", "NaN", "#", '"q"'],
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00\x1f"), max_size=6),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=6)


def blank(cell: str) -> bool:
    return not cell.strip(SPACES)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_cells_read_are_kept_or_reported(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source = write(
            Path(scratch) / "source", orders=csv_text(COLUMNS, rows), accounts="account_id,name,type\nA,a,customer\n"
        )
        report = import_data(source, Path(scratch) / "data")
        written = [cell for row in rows for cell in row[:-1] if not blank(cell)]
        assert report.cells["read"] == len(written) + 3
        assert report.cells["kept"] + report.cells["reported"] == report.cells["read"]
        assert report.cells["reported"] == sum(each.cells for each in report.lines)
        kept = table(report, "orders", ", ".join(COLUMNS[:-1]))
        emptied = sum(e.cells for e in report.lines if e.code in ("bad_value", "not_in_list", "out_of_range"))
        aside = sum(e.cells for e in report.lines if e.code in ("no_key", "bad_key", "duplicate_row", "duplicate_key"))
        assert sum(cell is not None for row in kept for cell in row) == len(written) - emptied - aside
        assert len(kept) + sum(e.rows for e in report.lines if e.code in _ASIDE) == len(rows)


def test_no_cell_is_taken_for_nothing(tmp_path):
    """Whatever the reader could use as its mark of "no value": the byte 1 was, and a cell of it alone was lost."""
    cells = ["\x01", '"\x01"', "NULL", '"NULL"', r"\N", '"\n"', '""""', "\x01\x01"]
    lines = [f"O{number},{cell}" for number, cell in enumerate(cells)]
    (tmp_path / "orders.csv").write_bytes("\n".join(["order_id,number", *lines, ""]).encode())
    report = import_data(tmp_path, tmp_path / "data")
    assert report.cells["read"] == report.cells["kept"] + report.cells["reported"]
    kept = {number for _, number in table(report, "orders", "order_id, number") if number is not None}
    assert {"\x01", "\x01\x01", "NULL", r"\N", '"'} <= kept


_ASIDE = ("no_key", "duplicate_row", "duplicate_key", "empty_rows")
CLEAN = {
    "text": st.text("aé NA0", min_size=1, max_size=4).filter(lambda text: not blank(text)),
    "date": st.dates().map(str),
    "timestamp": st.datetimes().map(lambda moment: moment.isoformat(" ", "microseconds")),
    "money": st.decimals(-(10**12), 10**12, places=2).map(str),
    "bool": st.sampled_from(["true", "false", "t", "f"]),
}


def clean_cell(column):
    if column.values:
        return st.sampled_from(column.values)
    made = st.sampled_from(["A1", "B2", "00123"]) if column.refs else CLEAN[column.type]
    return made if column.required else st.one_of(st.just(""), made)


ORDER = [column for column in TABLES["orders"].columns if not column.key]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*map(clean_cell, ORDER)), min_size=1, max_size=5))
def test_the_short_way_and_the_long_one_agree(rows: list[tuple[str, ...]]) -> None:
    text = csv_text(["order_id", *(c.name for c in ORDER)], [[f"O{n}", *row] for n, row in enumerate(rows)])
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        folder = Path(scratch)
        relation = File(write(folder, source=text) / "source.csv").open(con, folder)
        supply = Supply(relation.sql, {c.name: (c.name, "VARCHAR") for c in TABLES["orders"].columns})
        results = []
        for shortcut in (True, False):
            loaded = load(con, TABLES["orders"], supply, folder, "Europe/Paris", shortcut=shortcut)
            cells = con.execute(f"from read_parquet('{folder}/orders.parquet')").fetchall()
            results.append(
                (loaded.rows, loaded.counts, loaded.cells, [each for each in loaded.lines if each.cells], cells)
            )
        assert results[0] == results[1]
