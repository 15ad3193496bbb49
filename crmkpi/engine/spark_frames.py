"""Spark DataFrames as canonical tables: cast, checked and counted in one pass over each, in their session.

What is not Spark's (a pandas frame of targets among Spark's tables) is loaded here and sent there.
Below it: the other modules of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmkpi.engine.duck import first_line, open_frames
from crmkpi.engine.frames import FINER_THAN_CENTS, check_names, misfit, repeated, stranger, too_fine
from crmkpi.engine.spark import Spark, prefix, schema, spark_type
from crmkpi.errors import DataError, unknown
from crmkpi.schema import TABLES, Column, Table


def is_spark(frame: Any) -> bool:
    """Whether a frame is Spark's, classic or Connect."""
    return type(frame).__module__.startswith("pyspark.sql.")


def open_spark_frames(frames: Mapping[str, Any], session: Any = None, **facts: Any) -> Spark:
    """The engine over a dictionary of frames by canonical table name, some of them Spark's (or ``session`` given).

    DataError as for pandas frames: a misspelt column, a value that does not fit, a key that repeats.
    """
    theirs = {name: frame for name, frame in frames.items() if is_spark(frame)}
    here = open_frames({name: frame for name, frame in frames.items() if name not in theirs}, **facts)
    session, start = session or next(iter(theirs.values())).sparkSession, prefix()
    for name, frame in theirs.items():
        if name not in TABLES:
            raise DataError(str(unknown("table", name, TABLES)))
        here.manifest["tables"][name] = _load(TABLES[name], frame, start + name)
    for name in TABLES.keys() - theirs.keys():
        rows = here.connection.sql(f'from "{name}"').to_arrow_table()
        session.createDataFrame(rows, schema(TABLES[name])).createOrReplaceTempView(start + name)
    return Spark(session, here.connection, here.manifest, start)


def _load(table: Table, frame: Any, view: str) -> dict[str, Any]:
    """Name the frame's rows ``view`` and return what a manifest says of them."""
    check_names(table, frame.columns)
    types = dict(frame.dtypes)
    found = _checked(table, frame, types)
    columns = [f"{_cast(column, types, 'cast')} as `{column.name}`" for column in table.columns]
    frame.selectExpr(*columns).where("is_deleted is not true").createOrReplaceTempView(view)
    filled = {column.name: found.get(f"filled_{column.name}", 0) for column in table.columns}
    return {"rows": found["rows"], "deleted": found["deleted"], "columns": filled}


def _checked(table: Table, frame: Any, types: dict[str, str]) -> dict[str, Any]:
    """The counts of a frame; DataError for the first value that does not fit."""
    from pyspark.errors import PySparkException

    given = [column for column in table.columns if column.name in types]
    parts = {"rows": "count(*)"} | {f"filled_{c.name}": f"count({_cast(c, types, 'try_cast')})" for c in given}
    parts["deleted"] = f"count_if({_cast(table.column('is_deleted'), types, 'try_cast')})"
    tests = {(kind, column.name): text for column in given for kind, text in _tests(column, types).items()}
    parts |= {
        f"{kind}_{name}": f"min(case when {text} then cast(`{name}` as string) end)"
        for (kind, name), text in tests.items()
    }
    if table.key:
        parts["keys"] = f"count(distinct struct({', '.join(f'`{name}`' for name in table.key)}))"
    try:
        found = frame.selectExpr(*(f"{text} as `{name}`" for name, text in parts.items())).first().asDict()
    except PySparkException as error:
        raise DataError(f"{table.name}: {first_line(error)}") from error
    for kind, name in tests:
        if found[f"{kind}_{name}"] is not None:
            raise DataError(_SAID[kind](table, table.column(name), repr(found[f"{kind}_{name}"])))
    if table.key and found["keys"] < found["rows"]:
        again = frame.groupBy(*table.key).count().where("count > 1").limit(3).collect()
        raise DataError(repeated(table, ", ".join(repr(", ".join(map(str, row[:-1]))) for row in again)))
    return found


def _tests(column: Column, types: dict[str, str]) -> dict[str, str]:
    """What must hold for no value of a column."""
    raw, kind = _raw(column, types), types[column.name]
    tests = {"misfit": f"{raw} is not null and {_cast(column, types, 'try_cast')} is null"}
    if column.closed:
        tests["stranger"] = f"{raw} not in ({', '.join(repr(value) for value in column.closed)})"
    if column.type == "money" and kind.startswith(("double", "float", "decimal")):
        tests["too_fine"] = f"abs({raw} - round({raw}, 2)) > {FINER_THAN_CENTS}"
    return tests


_SAID = {"misfit": misfit, "stranger": stranger, "too_fine": too_fine}


def _raw(column: Column, types: dict[str, str]) -> str:
    """A cell as it came, nothing being null."""
    name, kind = f"`{column.name}`", types[column.name]
    if kind == "string":
        return f"nullif(trim({name}), '')"
    if kind in ("double", "float"):
        number = f"case when not isnan({name}) then {name} end"
        return f"cast({number} as bigint)" if column.type == "text" else number  # ids that met a missing value
    return name


def _cast(column: Column, types: dict[str, str], how: str) -> str:
    return f"{how}({_raw(column, types) if column.name in types else 'null'} as {spark_type(column)})"
