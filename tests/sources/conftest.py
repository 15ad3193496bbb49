"""Sources written by a test, and what an import made of them, asked with plain SQL."""

import csv
import json

import duckdb
import pytest

from crmkpi.sources import import_data


class Imported:
    """A data folder as plain SQL sees it: one view per table the source supplied."""

    def __init__(self, folder):
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.con = duckdb.connect()
        version = folder / self.manifest["version"]
        for name, table in self.manifest["tables"].items():
            self.con.execute(f"create view {name} as from read_parquet('{version / table['file']}')")

    def rows(self, sql):
        return self.con.execute(sql).fetchall()

    def one(self, sql):
        """The only row; its only value if it has one."""
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row

    @property
    def tables(self):
        return set(self.manifest["tables"])

    def reported(self, code):
        """How many rows the report gives for a code; None if it does not."""
        found = [line["rows"] for line in self.manifest["report"] if line["code"] == code]
        return sum(found) if found else None


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """``imported(source, **options)`` imports it into a fresh folder."""

    def run(source, **options):
        folder = tmp_path_factory.mktemp("data") / "data"
        import_data(source, folder, **options)
        return Imported(folder)

    return run


def _rows(table):
    """The rows of a table written as text: one line each, columns between bars, the header first."""
    if not isinstance(table, str):
        return table
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def source(tmp_path):
    """``source({"sale_order": [{"id": 1, ...}], "crm_stage": "id | name \\n 1 | New"})`` writes one CSV file per table."""

    def write(tables):
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for name, table in tables.items():
            rows = _rows(table)
            header = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, header, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return folder

    return write
