"""What supplies each canonical table: files with canonical names, or a mapping's SELECTs over the source's files.

Below it: :mod:`crmkpi.sources.canonical`, :mod:`crmkpi.sources.relations`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from crmkpi.errors import DataError
from crmkpi.schema import TABLES
from crmkpi.sources import canonical, relations
from crmkpi.sources.files import Relation
from crmkpi.sources.loaded import Supply
from crmkpi.sources.mapping import SourceMapping, near
from crmkpi.sources.report import Line, line

if TYPE_CHECKING:
    from crmkpi.sources.importing import Request


@dataclass
class Supplied:
    """The supply of every table the source has, what was opened for it, and what is known of the source."""

    currency: str = "EUR"
    language: str = "fr"
    as_of: dt.date | None = None
    tables: dict[str, Supply] = field(default_factory=dict)
    opened: dict[str, Relation] = field(default_factory=dict)
    direct: dict[str, Relation] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    targets: tuple[Supply, Relation] | None = None
    skip_if_empty: tuple[str, ...] = ()
    mapping: str = ""


def from_files(request: Request, con: Any, work: Path, today: dt.date) -> Supplied:
    """The tables of a source whose files carry canonical names. DataError if one cannot be read."""
    made = Supplied(currency=request.currency or "EUR", as_of=request.as_of)
    chosen, made.lines = canonical.recognise(request.files)
    for name, file in chosen.items():
        relation = file.open(con, work)
        made.tables[name], lines = _canonical(con, name, relation)
        made.lines += lines
        made.opened[name] = made.direct[name] = relation
    _add_targets(request, con, work, made)
    relations.seal(con, made.opened, work.parent)
    return made


def _canonical(con: Any, name: str, relation: Relation) -> tuple[Supply, list[Line]]:
    _not_empty(con, relation)
    supply, lines = canonical.supply(TABLES[name], relation)
    if name == "targets":
        lines += canonical.company_lines(con, relation, supply.columns)
    return supply, lines


def _not_empty(con: Any, relation: Relation) -> None:
    from crmkpi.sources.files import explain

    try:
        empty = con.execute(f"select 1 from {relation.sql} limit 1").fetchone() is None
    except duckdb.Error as error:
        raise DataError(explain(relation.shown, relation.kind, error)) from error
    if empty:
        raise DataError(f"{relation.shown}: a header and no rows; expected rows: export it again, or remove the file")


def _add_targets(request: Request, con: Any, work: Path, made: Supplied) -> None:
    if request.targets is None:
        return
    relation = request.targets.open(con, work)
    supply, lines = _canonical(con, "targets", relation)
    made.targets, made.lines = (supply, relation), made.lines + lines
    made.opened["targets file"] = relation


def from_mapping(request: Request, con: Any, work: Path, today: dt.date) -> Supplied:
    """The tables of a source through its mapping. DataError, in words, if file, column or SELECT is not right."""
    mapping = request.mapping
    if mapping is None:
        raise DataError("no mapping given")
    opened = relations.open_relations(con, mapping, relations.choose(request.files, mapping, request.source), work)
    made = Supplied(opened=opened, language=mapping.language or "fr", mapping=mapping.name)
    _add_targets(request, con, work, made)
    relations.seal(con, made.opened, work.parent)
    relations.create_macros(con)
    currency = request.currency or mapping.currency
    given = request.as_of.isoformat() if request.as_of else None
    for variable, value in (("data_zone", request.zone), ("data_currency", currency), ("data_day", given)):
        relations.tell(con, variable, value)
    relations.run_setup(con, mapping, opened)
    made.currency = currency or _currency(con, mapping, opened) or "EUR"
    relations.tell(con, "data_currency", made.currency)
    made.as_of = request.as_of or _as_of(con, mapping, opened)
    relations.tell(con, "data_day", (made.as_of or today).isoformat())
    _describe(con, mapping, made)
    return made


def _describe(con: Any, mapping: SourceMapping, made: Supplied) -> None:
    """The SELECT of every table, and what the mapping has to say about the source."""
    opened = made.opened
    excel = any(relation.kind == "excel" for relation in opened.values())
    for name, sql in mapping.tables.items():
        absent = [each for each in mapping.requires.get(name, []) if not relations.there(each, opened)]
        if absent:
            made.lines.append(line("missing_source", name, what=", ".join(absent)))
        else:
            made.tables[name] = _select(con, mapping, name, sql, opened, excel)
    made.skip_if_empty = mapping.skip_if_empty
    made.lines += _checks(con, mapping, opened)
    made.notes = [note for note in (_note(con, mapping, each, opened) for each in mapping.notes) if note]


def _checks(con: Any, mapping: SourceMapping, opened: dict[str, Relation]) -> list[Line]:
    lines = []
    for check in mapping.checks:
        where, sql = f"mapping {mapping.name}, check {check.code}", check.sql.strip().rstrip(";")
        rows = int(str(relations.scalar(con, f"select count(*) from ({sql})", where, opened)))
        if rows:
            found = con.execute(f"select * from ({sql}) limit 3")
            names = [each[0] for each in found.description]
            shown = [
                ", ".join(f"{n}={v}" for n, v in zip(names, row, strict=True) if v is not None)
                for row in found.fetchall()
            ]
            fr, en = (text.replace("{rows}", str(rows)) for text in (check.fr, check.en))
            lines.append(
                Line(check.table, check.column, check.code, rows, 0, tuple(each[:80] for each in shown), fr, en)
            )
    return lines


def _as_of(con: Any, mapping: SourceMapping, opened: dict[str, Relation]) -> dt.date | None:
    if not mapping.as_of_sql:
        return None
    value = relations.scalar(con, f"select ({mapping.as_of_sql})::date", f"mapping {mapping.name}, as_of_sql", opened)
    return value if isinstance(value, dt.date) else None


def _currency(con: Any, mapping: SourceMapping, opened: dict[str, Relation]) -> str | None:
    if not mapping.currency_sql:
        return None
    value = relations.scalar(con, mapping.currency_sql, f"mapping {mapping.name}, currency_sql", opened)
    return str(value) if value else None


def _select(con: Any, mapping: SourceMapping, name: str, sql: str, opened: dict[str, Relation], excel: bool) -> Supply:
    where, table = f"mapping {mapping.name}, table {name}", TABLES[name]
    try:
        described = con.execute(f"describe {sql}").fetchall()
    except duckdb.Error as error:
        raise DataError(relations.explain_select(where, error, opened)) from error
    names = [row[0] for row in described]
    known = [column.name for column in table.columns]
    for column in names:
        if column not in known:
            raise DataError(f"{where}: {column!r} is not a column of {name}{near(column, known)}")
        if names.count(column) > 1:
            raise DataError(f"{where}: column {column!r} is there {names.count(column)} times")
    canonical.require_key(table, names, where, names)
    return Supply(f"({sql.strip().rstrip(';')})", {row[0]: (row[0], row[1]) for row in described}, excel)


def _note(con: Any, mapping: SourceMapping, note: Any, opened: dict[str, Relation]) -> dict[str, str] | None:
    number = (
        relations.scalar(con, note.when, f"mapping {mapping.name}, note {note.code}", opened) if note.when else True
    )
    if not number:
        return None
    count = "" if number is True else str(number)
    return {
        "code": note.code,
        "table": note.table,
        "fr": note.fr.replace("{n}", count),
        "en": note.en.replace("{n}", count),
    }
