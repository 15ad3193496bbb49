"""Files that already carry canonical names: which file is which table, which column is which.

Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.files`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Any

from crmkpi.errors import DataError
from crmkpi.schema import TABLES, Table
from crmkpi.sources.files import File, Relation
from crmkpi.sources.loaded import Supply
from crmkpi.sources.report import Line, line
from crmkpi.sources.sql import ident


def fold(name: str) -> str:
    """A name without case, accents and spaces.

    >>> fold(" Order ID ")
    'order_id'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_.-]+", "_", plain.strip().lower())


def recognise(files: list[File]) -> tuple[dict[str, File], list[Line]]:
    """Canonical table -> the file that supplies it, and a line for each file that supplies none.

    DataError if two files supply the same table.
    """
    chosen: dict[str, File] = {}
    lines = []
    for file in files:
        name = next((fold(each) for each in file.names if fold(each) in TABLES), None)
        if name is None:
            lines.append(line("unknown_file", "", what=_unknown(file)))
        elif name in chosen:
            raise DataError(f"{name}: found twice ({chosen[name].shown}, {file.shown}); keep one of them")
        else:
            chosen[name] = file
    return {name: chosen[name] for name in TABLES if name in chosen}, lines


def near_table(file: File) -> str | None:
    """The canonical table whose name a file nearly has."""
    close = difflib.get_close_matches(fold(file.name), TABLES, n=1, cutoff=0.75)
    return close[0] if close else None


def _unknown(file: File) -> tuple[str, str]:
    close = near_table(file)
    if close is None:
        return file.shown, file.shown
    return f"{file.shown} (vouliez-vous dire {close} ?)", f"{file.shown} (did you mean {close}?)"


def supply(table: Table, relation: Relation) -> tuple[Supply, list[Line]]:
    """What of a relation supplies the table's columns, and a line for each column that supplies none.

    DataError if a key column is not there.
    """
    names = {column.name: column for column in table.columns}
    found: dict[str, tuple[str, str]] = {}
    lines = []
    for name, type_ in relation.columns.items():
        if fold(name) in names and fold(name) not in found:
            found[fold(name)] = (name, type_)
        else:
            lines.append(line("unknown_column", table.name, name, what=_unknown_column(name, table)))
    require_key(table, found, relation.shown, list(relation.columns))
    return Supply(_source(table, relation, found), found, relation.kind == "excel", direct=True), lines


def require_key(table: Table, found: Any, shown: str, existing: list[str]) -> None:
    """DataError naming what exists, if a key column is missing."""
    for key in table.key:
        if key not in found:
            close = difflib.get_close_matches(key, [fold(name) for name in existing], n=1)
            hint = f"; rename {next(n for n in existing if fold(n) == close[0])!r}?" if close else ";"
            raise DataError(f"{shown}: no column {key!r}, the key of {table.name}{hint} found {', '.join(existing)}")


def _source(table: Table, relation: Relation, found: dict[str, tuple[str, str]]) -> str:
    """The company's targets need no id of their own."""
    if table.name != "targets":
        return relation.sql
    scope_id = ident(found["scope_id"][0])
    given = f"case when {_company(found)} then 'company' else {scope_id}::varchar end"
    return f"(select * replace ({given} as {scope_id}) from {relation.sql})"


def _company(found: dict[str, tuple[str, str]]) -> str:
    scope, scope_id = (ident(found[name][0]) for name in ("scope", "scope_id"))
    return f"(lower(trim({scope})) = 'company' and coalesce(trim({scope_id}::varchar), '') = '')"


def company_lines(con: Any, relation: Relation, columns: dict[str, tuple[str, str]]) -> list[Line]:
    """A line if targets of the company came without an id and were given one."""
    rows = con.execute(f"select count(*) from {relation.sql} where {_company(columns)}").fetchone()[0]
    return [line("assumed_company", "targets", "scope_id", rows=rows)] if rows else []


def _unknown_column(name: str, table: Table) -> tuple[str, str]:
    words = {fold(text): c.name for c in table.columns for text in (c.name, c.fr, c.en)}
    close = difflib.get_close_matches(fold(name), words, n=1, cutoff=0.7)
    if not close:
        return name, name
    return f"{name} (vouliez-vous dire {words[close[0]]} ?)", f"{name} (did you mean {words[close[0]]}?)"
