"""The files of a source and the relations they become: folder or single file; text, Parquet, Excel.

Below it: :mod:`crmkpi.sources.text`, :mod:`crmkpi.sources.excel`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from crmkpi.errors import DataError
from crmkpi.sources import excel, text
from crmkpi.sources.sql import first_line, literal

TEXT = {".csv", ".tsv", ".txt"}
PARQUET = {".parquet", ".pq"}
_COPY = re.compile(r" \(\d+\)$")
_TECHNICAL = re.compile(r"\(([a-z_]+(?:\.[a-z_]+)+)\)$")
EXCEL = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


@dataclass(frozen=True)
class Relation:
    """A table of the source as SQL can read it: where from, its columns and DuckDB types."""

    shown: str
    kind: str
    sql: str
    columns: dict[str, str]
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True)
class File:
    """One file of the source, or one sheet of a workbook (``alone``: the only one)."""

    path: Path
    sheet: str | None = None
    alone: bool = False
    options: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``text``, ``parquet`` or ``excel``."""
        suffix = self.path.suffix.lower()
        return "text" if suffix in TEXT else "parquet" if suffix in PARQUET else "excel"

    @property
    def shown(self) -> str:
        """What to call it in messages."""
        return self.path.name if self.sheet is None else f"{self.path.name}, sheet {self.sheet}"

    @property
    def name(self) -> str:
        """The file's stem, or the sheet's name in a workbook of several."""
        return self.sheet if self.sheet and not self.alone else self.path.stem

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the table may go by: a lone sheet answers to its own name too.

        ``sale.order (1).csv`` (downloaded again) is ``sale.order``, and so is ``Commandes (sale.order).csv``.
        """
        plain = _COPY.sub("", self.name)
        technical = _TECHNICAL.search(plain)
        names = (technical[1] if technical else plain, self.sheet if self.alone else None)
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def scan(self) -> text.Scan:
        """One pass over the content (kept): digest and encoding."""
        if self.kind == "text":
            return text.scan_text(self.path)
        return text.Scan(text.digest(self.path), "", False)

    def open(self, con: duckdb.DuckDBPyConnection, work: Path) -> Relation:
        """The relation that reads this file; working copies go to ``work``. DataError if it cannot be read."""
        if self.kind == "text":
            return self._open_text(work)
        return self._open_parquet(con) if self.kind == "parquet" else self._open_excel(work)

    def _open_text(self, work: Path) -> Relation:
        path = text.readable(self.path, self.scan, work)
        dialect = text.sniff(path, self.shown, self.options.get("delimiter"))
        return Relation(self.shown, "text", text.csv_sql(path, dialect), text.text_columns(dialect), (path,))

    def _open_parquet(self, con: duckdb.DuckDBPyConnection) -> Relation:
        sql = f"read_parquet({literal(self.path)})"
        try:
            columns = {row[0]: row[1] for row in con.execute(f"describe select * from {sql}").fetchall()}
        except duckdb.Error as error:
            raise DataError(explain(self.shown, "parquet", error)) from error
        return Relation(self.shown, "parquet", sql, columns, (self.path,))

    def _open_excel(self, work: Path) -> Relation:
        sheet = self.sheet or (excel.sheet_names(self.path) or [""])[0]
        target = work / f"{hashlib.sha256(f'{self.path}|{sheet}'.encode()).hexdigest()[:12]}.parquet"
        columns = excel.write_sheet(self.path, sheet, target)
        return Relation(self.shown, "excel", f"read_parquet({literal(target)})", columns, (target,))


def explain(shown: str, kind: str, error: BaseException) -> str:
    """Why a file could not be read, in one line that names it and the likely fix."""
    if kind == "text":
        return text.explain_csv(shown, error)
    return (
        f"{shown}: not readable as Parquet, the file is cut short or damaged ({first_line(error)[:200]}); "
        "expected a complete Parquet file: copy or export it again"
    )


def list_files(source: Path) -> list[File]:
    """The data files of a folder (its top level), or the single file; workbooks sheet by sheet.

    A workbook of one sheet goes by the file's stem. DataError if there is none, or no such source.
    """
    if not source.exists():
        near = f" (the folder {source.parent.name} is not there either)" if not source.parent.exists() else ""
        raise DataError(f"{source}: no such file or folder{near}")
    paths = sorted(source.iterdir()) if source.is_dir() else [source]
    files = [file for path in paths if _is_data(path) for file in _split(path)]
    if not files:
        known = ", ".join(sorted(TEXT | PARQUET | EXCEL))
        raise DataError(f"{source.name}: no data file found; expected files ending in {known}")
    return files


def _is_data(path: Path) -> bool:
    """Excel's lock files (~$book.xlsx) and hidden files are none."""
    return path.is_file() and not path.name.startswith((".", "~$")) and path.suffix.lower() in TEXT | PARQUET | EXCEL


def _split(path: Path) -> Iterator[File]:
    if path.suffix.lower() not in EXCEL:
        yield File(path)
        return
    sheets = excel.sheet_names(path)
    if not sheets:
        raise DataError(f"{path.name}: the workbook is empty; expected a sheet with a header row and rows")
    yield from (File(path, sheet, alone=len(sheets) == 1) for sheet in sheets)


def union(relations: list[Relation]) -> Relation:
    """Several files of one shape as one relation, columns matched by name."""
    if len(relations) == 1:
        return relations[0]
    columns: dict[str, str] = {}
    for relation in relations:
        columns = {**relation.columns, **columns}
    sql = " union all by name ".join(f"select * from {relation.sql}" for relation in relations)
    shown = ", ".join(relation.shown for relation in relations)
    kind = "excel" if any(r.kind == "excel" for r in relations) else relations[0].kind
    return Relation(shown, kind, f"({sql})", columns, tuple(p for r in relations for p in r.paths))
