"""Spark, classic or Connect: the tables stay where they are, only answers come to this process.

A text is DuckDB's, translated (:mod:`crmkpi.engine.translate`); its parameters are bound. The answer gets the types
that DuckDB would have given it, so that what reads it cannot tell the engines apart. Questions over frames (formulas
over values) run here, on DuckDB. Below it: the other modules of this package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import duckdb
import pandas as pd

from crmkpi.engine.duck import DuckDB, first_line, open_folder
from crmkpi.errors import DataError, UsageError
from crmkpi.schema import TABLES, Column, Table

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


class Spark(DuckDB):
    """SQL over the canonical tables of a SparkSession, which keeps its own settings, views and names.

    The tables are temporary views behind ``prefix``; ``connection`` is a DuckDB whose tables have the same columns.
    """

    def __init__(
        self, session: Any, connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], prefix: str
    ) -> None:
        super().__init__(connection, manifest)
        self.session = session
        self.prefix = prefix

    def query(self, sql: str, params: Mapping[str, object], **frames: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``sql``; over ``frames`` it runs here."""
        return super().query(sql, params, **frames) if frames else self._fetched(sql, params, lambda rows: rows.df())

    def arrays(self, sql: str, params: Mapping[str, object]) -> dict[str, Any]:
        """The columns of ``sql`` as NumPy arrays (masked where a value is absent)."""
        return self._fetched(sql, params, lambda rows: rows.fetchnumpy())

    def tuples(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of ``sql`` as Python values."""
        return self._fetched(sql, params, lambda rows: rows.fetchall())

    def keep(self, name: str, rows: pd.DataFrame, types: Mapping[str, str]) -> None:
        """Make a table of a frame's columns that lasts as long as the engine."""
        super().keep(name, rows, types)
        kept = self._cursor().sql(f'from "{name}"').to_arrow_table()
        self.session.createDataFrame(kept).createOrReplaceTempView(f"{self.prefix}{name}")

    def materialise(self, name: str, sql: str, to: Path) -> None:
        """Refused: a data folder's files are written at import, on DuckDB."""
        raise UsageError(f"{name}: a folder is imported on DuckDB; Spark only reads it")

    def _fetched(self, sql: str, params: Mapping[str, object], fetch: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """What Spark answers, with DuckDB's types."""
        types, answer, cursor = self.columns(sql, params), self._answer(sql, params), self._cursor()
        typed = ", ".join(f"{_quoted(name)}::{kind} as {_quoted(name)}" for name, kind in types.items())
        cursor.register("answer", answer.rename_columns(list(types)))
        try:
            return fetch(cursor.execute(f"select {typed} from answer"))
        except duckdb.Error as error:
            raise DataError(f"Spark's answer is of other types than DuckDB's: {first_line(error)}") from error
        finally:
            cursor.unregister("answer")

    def _answer(self, sql: str, params: Mapping[str, object]) -> Any:
        try:
            from pyspark.errors import PySparkException

            from crmkpi.engine.translate import to_spark
        except ImportError as error:
            raise UsageError(
                f"Spark needs {error.name}, which is not installed; pip install 'crmkpi[spark]'"
            ) from error
        tables = frozenset(TABLES) | self.kept | {f"view_{name}" for name in self.stored}
        dates = frozenset(name for name, value in params.items() if isinstance(value, date))
        text = to_spark(sql, tables, self.prefix, dates)
        try:
            return self.session.sql(text, args={name: _bound(value) for name, value in params.items()}).toArrow()
        except PySparkException as error:
            raise DataError(f"the query failed in Spark: {first_line(error)}") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _bound(value: object) -> object:
    """A parameter as the translated text takes it (:func:`crmkpi.engine.translate.to_spark`)."""
    if isinstance(value, list):
        return json.dumps(value, default=str)
    return value.isoformat() if isinstance(value, date) else value


def open_spark_folder(
    folder: Path, session: Any, version: Path | None = None, manifest: dict[str, Any] | None = None
) -> Spark:
    """The engine over a data folder (or one version of it) that every worker of the session can read."""
    here = open_folder(folder, version, manifest)
    engine = Spark(session, here.connection, here.manifest, prefix())
    version = version or Path(folder).resolve() / here.manifest["version"]
    for name, table in TABLES.items():
        entry = here.manifest["tables"].get(name)
        if entry is None:
            frame = session.createDataFrame([], schema(table))
        else:
            frame = session.read.schema(schema(table)).parquet(_address(version / entry["file"]))
            frame = frame.where("is_deleted is not true") if entry.get("deleted") else frame
        frame.createOrReplaceTempView(f"{engine.prefix}{name}")
    for name in here.stored:
        frame = session.read.parquet(_address(version / f"view_{name}.parquet"))
        frame.createOrReplaceTempView(f"{engine.prefix}view_{name}")
    engine.stored = here.stored
    return engine


def _address(file: Path) -> str:
    """A file as Spark is told of it: its own default may be another file system."""
    return f"file://{'' if file.as_posix().startswith('/') else '/'}{file.as_posix()}"


def prefix() -> str:
    """A new beginning for the names of an engine's tables: several engines may share a session."""
    return f"crmkpi_{uuid4().hex[:8]}_"


def schema(table: Table) -> str:
    """The columns of a table, declared to Spark."""
    return ", ".join(f"`{column.name}` {spark_type(column)}" for column in table.columns)


def spark_type(column: Column) -> str:
    """Spark's name of a column's type; a moment has no zone, as in the data folder.

    >>> spark_type(TABLES["orders"].column("amount")), spark_type(TABLES["accounts"].column("created_at"))
    ('DECIMAL(18,2)', 'TIMESTAMP_NTZ')
    """
    return {"text": "STRING", "timestamp": "TIMESTAMP_NTZ"}.get(column.type, column.sql_type)
