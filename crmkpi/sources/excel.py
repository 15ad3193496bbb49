"""Excel workbooks (and .ods): each sheet as a table of text, by python-calamine.

Below it: :mod:`crmkpi.errors`, :mod:`crmkpi.sources.text`. Imports calamine and pyarrow only when called.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError
from crmkpi.sources.text import header_names

_PROTECTED = b"\xd0\xcf\x11\xe0"


def _workbook(path: Path) -> Any:
    try:
        import python_calamine
    except ImportError as error:
        raise DataError(
            f"{path.name}: reading Excel needs python-calamine, which is not installed; pip install 'crmkpi[excel]'"
        ) from error
    if path.stat().st_size == 0:
        raise DataError(f"{path.name}: the file is empty; expected an Excel workbook; export it again")
    if path.suffix.lower() in {".xlsx", ".xlsm"} and path.read_bytes()[:4] == _PROTECTED:
        raise DataError(f"{path.name}: the workbook is protected by a password; save it again without one")
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise DataError(
            f"{path.name}: not readable as a workbook ({str(error).splitlines()[0]}); open it in Excel and save it again"
        ) from error


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets of a workbook that hold anything, in order; DataError if it cannot be read."""
    book = _workbook(path)
    return [name for name in book.sheet_names if _rows(book, name, path)]


def write_sheet(path: Path, sheet: str, target: Path) -> dict[str, str]:
    """Write one sheet as a Parquet file of text columns; its columns and their types (all text).

    The first row that is not empty is the header. DataError as for any broken table.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    shown = f"{path.name}, sheet {sheet}"
    rows = _rows(_workbook(path), sheet, path)
    if not rows:
        raise DataError(f"{shown}: the sheet is empty; expected a header row and rows")
    names = header_names([cell_text(cell) for cell in rows[0]], shown)
    columns = [[cell_text(row[place]) for row in rows[1:]] for place in range(len(names))]
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
    pq.write_table(table, target)
    return dict.fromkeys(names, "VARCHAR")


def _rows(book: Any, sheet: str, path: Path) -> list[list[Any]]:
    """The rows of a sheet from the header on, without the empty columns on the right."""
    import python_calamine

    try:
        rows = [
            row for row in book.get_sheet_by_name(sheet).to_python() if any(cell_text(cell).strip() for cell in row)
        ]
    except (python_calamine.CalamineError, OSError) as error:
        raise DataError(f"{path.name}, sheet {sheet}: not readable ({str(error).splitlines()[0]})") from error
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell_text(cell).strip()), default=0)
    return [row[:width] for row in rows]


def cell_text(value: Any) -> str:
    """A cell's value as text: days and moments in ISO, a whole float without its ``.0``.

    >>> [cell_text(each) for each in (123.0, 0.5, True, dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 1, 9, 5), None)]
    ['123', '0.5', 'true', '2026-03-01', '2026-03-01 09:05:00', '']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return str(value)
