"""DuckDB, embedded: the default engine.

Every canonical table exists, empty where the source has none, so that any text can be run. Rows marked
deleted in the source are left out of the tables. One cursor per thread; no extension is ever downloaded.
A query that needs more than ``MEMORY`` goes on in a folder of this process that nobody else can read.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from crmkpi.errors import DataError, TooLargeError
from crmkpi.schema import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

MEMORY = os.environ.get("CRMKPI_MEMORY", "1500MB")
"""What DuckDB holds at most of a data folder: a large company is answered on a small machine, beside other viewers."""

FEW_ROWS = 300_000
"""Tables with fewer rows are read by one thread: handing the work to others takes longer than the work, and more memory."""


def private_folder() -> Path:
    """A folder for this user's eyes only, for what need not last. One that somebody else put in its place is not used."""
    folder = Path(tempfile.gettempdir()) / f"crmkpi-{os.getuid() if hasattr(os, 'getuid') else 'spill'}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    mine = stat.S_ISDIR(found.st_mode) and (os.name == "nt" or (found.st_uid, found.st_mode & 0o77) == (os.getuid(), 0))
    return folder if mine else Path(tempfile.mkdtemp(prefix="crmkpi-"))


def _spill() -> str:
    """Where what does not fit goes: DuckDB's own choice is the working folder, for everybody's eyes.

    Most never need it: DuckDB makes its own folder there when it does, and removes it in the end.
    """
    return str(private_folder() / uuid.uuid4().hex)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What went wrong in a query, as an error of ours."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise TooLargeError(f"the question needs more memory than {MEMORY}: set CRMKPI_MEMORY, to 4GB say") from error
    except duckdb.Error as error:
        raise DataError(f"the query failed: {first_line(error)}") from error


class DuckDB:
    """SQL over the canonical tables.

    ``rows`` and ``deleted`` count the rows of each table, ``filled`` the values of each column; ``manifest``
    is the data folder's (for frames, a small one with the same keys).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> None:
        self.connection = connection
        self.stored: set[str] = set()
        self.kept: set[str] = set()
        self._local = threading.local()
        self.describe(manifest)

    def describe(self, manifest: dict[str, Any]) -> None:
        """Take what a manifest says of the tables."""
        self.manifest = manifest
        tables: dict[str, dict[str, Any]] = manifest["tables"]
        self.rows = {name: int(tables.get(name, {}).get("rows", 0)) for name in TABLES}
        self.deleted = {name: int(tables.get(name, {}).get("deleted", 0)) for name in TABLES}
        self.filled: dict[str, dict[str, int]] = {name: tables.get(name, {}).get("columns", {}) for name in TABLES}
        self.supplied: dict[str, list[str]] = {name: tables.get(name, {}).get("supplied", []) for name in TABLES}

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self.connection.cursor()
        return self._local.cursor

    def query(self, sql: str, params: Mapping[str, object], **frames: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``sql``, with ``$name`` bound to ``params`` and ``frames`` as further tables."""
        cursor = self._cursor()
        for name, frame in frames.items():
            cursor.register(name, frame)
        try:
            with _explained():
                return cursor.execute(sql, dict(params)).df()
        finally:
            for name in frames:
                cursor.unregister(name)

    def arrays(self, sql: str, params: Mapping[str, object]) -> dict[str, Any]:
        """The columns of ``sql`` as NumPy arrays (masked where a value is absent): lighter than a frame."""
        with _explained():
            return self._cursor().execute(sql, dict(params)).fetchnumpy()

    def tuples(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of ``sql`` as Python values: the lightest for a few rows."""
        with _explained():
            return self._cursor().execute(sql, dict(params)).fetchall()

    def columns(self, sql: str, params: Mapping[str, object]) -> dict[str, str]:
        """The names and types of the columns that ``sql`` would give."""
        cursor = self._cursor()
        try:
            described = cursor.execute(f"describe {sql}", dict(params)).fetchall()
        except duckdb.Error as error:
            raise DataError(first_line(error)) from error
        return {row[0]: row[1] for row in described}

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether the source supplied the table (or any value of the column), be it in rows that a scope leaves out."""
        if column is None:
            return self.rows[table] > 0 or bool(self.supplied[table])
        return self.filled[table].get(column, 0) > 0 or column in self.supplied[table]

    def keep(self, name: str, rows: pd.DataFrame, types: Mapping[str, str]) -> None:
        """Make a table of a frame's columns that lasts as long as the engine."""
        picked = ", ".join(f'"{column}"::{kind} as "{column}"' for column, kind in types.items())
        cursor = self._cursor().register("rows_to_keep", rows)
        try:
            cursor.execute(f'create table if not exists "{name}" as select {picked} from rows_to_keep')
        finally:
            cursor.unregister("rows_to_keep")
        self.kept.add(name)

    def materialise(self, name: str, sql: str, to: Path) -> None:
        """Write the rows of a query as the Parquet file that stands for the view ``name``.

        What does not fit the memory of a question may take the machine's, as the import of the tables does.
        """
        text = f"copy ({sql}) to {quoted(to / f'view_{name}.parquet')} (format parquet, compression zstd)"
        try:
            self._cursor().execute(text)
        except duckdb.OutOfMemoryException:
            with self._memory_of_the_machine():
                self._cursor().execute(text)

    @contextlib.contextmanager
    def _memory_of_the_machine(self) -> Iterator[None]:
        cursor = self._cursor()
        cursor.execute("reset memory_limit")
        # up to DuckDB 1.4 the reset changes what is said, not what is allowed: it is set to what is said
        [(limit,)] = cursor.execute("select current_setting('memory_limit')").fetchall()
        cursor.execute(f"set memory_limit = '{limit}'")
        try:
            yield
        finally:
            cursor.execute(f"set memory_limit = '{MEMORY}'")


def connect(rows: int = FEW_ROWS) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own, for the files of a data folder with so many rows."""
    limits: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": _spill()}
    threads = {"threads": 1} if rows < FEW_ROWS else {}
    return duckdb.connect(":memory:", config=_CONFIG | limits | threads)


def open_folder(folder: Path, version: Path | None = None, manifest: dict[str, Any] | None = None) -> DuckDB:
    """The engine over a data folder (or over one version of it, before it is published).

    DataError when the folder has no manifest, or a table's file is missing or broken.
    """
    manifest = manifest or read_manifest(folder)
    version = version or folder / manifest["version"]
    connection = connect(sum(int(entry["rows"]) for entry in manifest["tables"].values()))
    for name, table in TABLES.items():
        entry = manifest["tables"].get(name)
        if entry is None:
            connection.execute(_empty(table))
            continue
        only = "where is_deleted is not true" if entry.get("deleted") else ""
        file = version / entry["file"]
        try:
            connection.execute(f'create view "{name}" as select * from read_parquet({quoted(file)}) {only}')
        except duckdb.Error as error:
            raise DataError(
                f"{file.name} of {folder} can not be read ({first_line(error)}); import the source again"
            ) from error
    engine = DuckDB(connection, manifest)
    for file in sorted(version.glob("view_*.parquet")):
        connection.execute(f'create view "{file.stem}" as select * from read_parquet({quoted(file)})')
        engine.stored.add(file.stem.removeprefix("view_"))
    return engine


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a data folder; DataError, with what to do, when it is not one."""
    folder = Path(folder)
    path = folder / "manifest.json"
    if not path.is_file():
        what = "is not a data folder" if Path(folder).is_dir() else "does not exist"
        raise DataError(f"{folder} {what}: make one with 'crmkpi import SOURCE --to {folder}'")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        date.fromisoformat(manifest["as_of"])
        folder / manifest["version"], [entry["file"] for entry in manifest["tables"].values()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is broken ({type(error).__name__}: {error}); import the source again") from error
    return manifest | _failure(folder)


def _failure(folder: Path) -> dict[str, dict[str, str]]:
    """The note that a later import failed (crmkpi.sources writes it); a note that cannot be read says nothing."""
    try:
        note = json.loads((folder / "import_failed.json").read_text(encoding="utf-8"))
        return {"import_failed": {"at": str(note["at"]), "why": str(note["why"])}}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def open_frames(frames: Mapping[str, Any], **facts: Any) -> DuckDB:
    """The engine over a dictionary of frames (pandas, Polars or Arrow) by canonical table name."""
    from crmkpi.engine.frames import load

    connection = duckdb.connect(":memory:", config=_CONFIG)
    tables = load(connection, frames)
    for name in TABLES.keys() - tables.keys():
        connection.execute(_empty(TABLES[name]))
    return DuckDB(connection, {"tables": tables, "source": "frames", "version": "", "notes": [], "report": [], **facts})


def _empty(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in table.columns)
    return f'create table "{table.name}" ({columns})'


def quoted(path: Path) -> str:
    """A file's name as SQL has it."""
    return "'" + str(path).replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """What an error says first: the rest is for those who wrote the engine."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
