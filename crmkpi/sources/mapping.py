"""A mapping: how the files of one kind of source become the canonical tables. One TOML, one SELECT per table.

A preset is a mapping kept in the package (``crmkpi/sources/<name>/mapping.toml``, SELECTs beside it in
``<table>.sql``); ``--mapping FILE`` is the same thing kept by a user. The keys of the TOML are in
``docs/mappings/README.md``. Below it: :mod:`crmkpi.schema`, :mod:`crmkpi.sources.sql`.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from crmkpi.errors import DataError
from crmkpi.schema import TABLES
from crmkpi.sources.sql import first_line

_Words = TypeVar("_Words", "Note", "Check")
_KEYS = {
    "name": str, "title": dict, "currency": str, "currency_sql": str, "zone": str, "as_of": str, "as_of_sql": str,
    "language": str, "files": dict, "tables": dict, "notes": dict, "expect": dict, "requires": dict, "detect": dict,
    "setup": str, "checks": dict, "skip_if_empty": list, "expect_only": bool,
}  # fmt: skip
_TOML: dict[Any, str] = {str: "text", dict: "table", list: "list"}


@dataclass(frozen=True)
class Note:
    """A fact about the source that makes some figure partial; ``when`` is a SELECT giving true, or how many."""

    code: str
    table: str
    fr: str
    en: str
    when: str = ""


@dataclass(frozen=True)
class Check:
    """Rows of the source that deserve a look; nothing is changed for it. ``sql`` selects them."""

    code: str
    table: str
    sql: str
    fr: str
    en: str
    column: str = ""


@dataclass(frozen=True)
class SourceMapping:
    """A mapping read and checked; ``text`` is all of its words, for the version of what it imports."""

    name: str
    tables: dict[str, str]
    text: str
    title: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    expect: dict[str, list[str]] = field(default_factory=dict)
    requires: dict[str, list[str]] = field(default_factory=dict)
    detect: dict[str, list[str]] = field(default_factory=dict)
    skip_if_empty: tuple[str, ...] = ()
    expect_only: bool = False
    setup: str = ""
    notes: tuple[Note, ...] = ()
    checks: tuple[Check, ...] = ()
    currency: str | None = None
    currency_sql: str | None = None
    zone: str | None = None
    language: str | None = None
    as_of: str | None = None
    as_of_sql: str | None = None

    @property
    def texts(self) -> list[str]:
        """Every SELECT of the mapping."""
        some = [self.as_of_sql, self.currency_sql, *(n.when for n in self.notes), *(c.sql for c in self.checks)]
        return [*self.tables.values(), *(text for text in some if text)]

    @property
    def digest(self) -> str:
        """The SHA-256 of the mapping's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def load_mapping(path: str | Path) -> SourceMapping:
    """Read and check a mapping: a TOML file, or a folder that holds ``mapping.toml``.

    SELECTs may stand in ``[tables]`` or beside the TOML in ``<canonical table>.sql``. DataError, in words, for
    what can be seen without a source: TOML, unknown keys and tables, SQL that is not one SELECT.
    """
    path = Path(path)
    file = path / "mapping.toml" if path.is_dir() else path
    if not file.is_file():
        raise DataError(f"{path}: no such mapping; expected a TOML file (see docs/mappings/README.md)")
    try:
        text = file.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise DataError(f"{file.name}: a mapping is written in UTF-8; save it so") from error
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{file.name}: not valid TOML: {error}") from error
    beside = _beside(file) if file.name == "mapping.toml" else {}
    raw.setdefault("setup", beside.pop("setup", ""))
    return _build(file, raw, {**raw.get("tables", {}), **beside}, text + raw["setup"] + "".join(beside.values()))


def _beside(file: Path) -> dict[str, str]:
    return {each.stem: each.read_text(encoding="utf-8") for each in sorted(file.parent.glob("*.sql"))}


def _build(file: Path, raw: dict[str, Any], tables: dict[str, Any], text: str) -> SourceMapping:
    _check_keys(file, raw)
    _check_tables(file, tables)
    _check_setup(raw["setup"], f"{file.name}, setup")
    for key in ("currency_sql", "as_of_sql"):
        if key in raw:
            check_select(raw[key], f"{file.name}, {key}")
    return SourceMapping(
        name=str(raw.get("name") or (file.parent.name if file.name == "mapping.toml" else file.stem)),
        tables={name: tables[name] for name in TABLES if name in tables},
        text=text,
        files={name: _file(file, name, value) for name, value in raw.get("files", {}).items()},
        notes=tuple(_words(file, Note, "notes", code, value) for code, value in raw.get("notes", {}).items()),
        checks=tuple(_words(file, Check, "checks", code, value) for code, value in raw.get("checks", {}).items()),
        as_of=str(raw["as_of"]) if "as_of" in raw else None,
        skip_if_empty=tuple(raw.get("skip_if_empty", ())),
        expect_only=raw.get("expect_only", False),
        setup=raw["setup"],
        **_plain(raw),
    )


def _plain(raw: dict[str, Any]) -> dict[str, Any]:
    """The keys that are taken as they are."""
    tables = {key: raw.get(key, {}) for key in ("title", "expect", "requires", "detect")}
    return {**tables, **{key: raw.get(key) for key in ("currency", "currency_sql", "zone", "language", "as_of_sql")}}


def _check_keys(file: Path, raw: dict[str, Any]) -> None:
    for key, value in raw.items():
        if key not in _KEYS:
            raise DataError(f"{file.name}: unknown key {key!r}{near(key, _KEYS)}")
        if not isinstance(str(value) if key == "as_of" else value, _KEYS[key]):
            raise DataError(f"{file.name}: {key} must be a {_TOML[_KEYS[key]]}, found {value!r}")


def _check_tables(file: Path, tables: dict[str, Any]) -> None:
    if not tables:
        raise DataError(f"{file.name}: no table is mapped; expected [tables] with one SELECT per canonical table")
    for name, sql in tables.items():
        if name not in TABLES:
            raise DataError(f"{file.name}: unknown canonical table {name!r}{near(name, TABLES)}")
        check_select(sql, f"{file.name}, table {name}")


def _file(file: Path, name: str, value: Any) -> dict[str, str]:
    options = {"path": value} if isinstance(value, str) else value
    if not isinstance(options, dict) or not isinstance(options.get("path"), str):
        raise DataError(f'{file.name}: [files] {name} must be a path or {{ path = "...", delimiter = "|" }}')
    for key in options:
        if key not in ("path", "delimiter", "sheet"):
            raise DataError(
                f"{file.name}: [files] {name}: unknown option {key!r}{near(key, ['path', 'delimiter', 'sheet'])}"
            )
    return {key: str(text) for key, text in options.items()}


def _words(file: Path, make: type[_Words], section: str, code: str, value: Any) -> _Words:
    where = f"{file.name}: [{section}.{code}]"
    try:
        made = make(code=code, **value)
    except TypeError as error:
        fields = ", ".join(field.name for field in dataclasses.fields(make) if field.name != "code")
        raise DataError(f"{where} must be a table with {fields}") from error
    if made.table not in TABLES:
        raise DataError(f"{where}: unknown canonical table {made.table!r}{near(made.table, TABLES)}")
    sql = made.when if isinstance(made, Note) else made.sql
    if sql or isinstance(made, Check):
        check_select(sql, where)
    return made


def _check_setup(sql: str, where: str) -> None:
    """What is shared by the SELECTs: macros and views, nothing else."""
    for statement in _statements(sql, where) if sql.strip() else []:
        if statement.type != duckdb.StatementType.CREATE:
            raise DataError(f"{where}: expected CREATE MACRO or CREATE VIEW only, found {statement.type.name}")


def _statements(sql: str, where: str) -> list[Any]:
    try:
        return duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise DataError(f"{where}: the SQL does not parse: {first_line(error)}{_position(error)}") from error


def check_select(sql: Any, where: str) -> None:
    """DataError unless ``sql`` is one SELECT that parses.

    >>> check_select("drop table orders", "m.toml, table orders")
    Traceback (most recent call last):
    crmkpi.errors.DataError: m.toml, table orders: expected one SELECT, found DROP
    """
    if not isinstance(sql, str) or not sql.strip():
        raise DataError(f"{where}: expected the text of one SELECT, found {sql!r}")
    statements = _statements(sql, where)
    if len(statements) != 1:
        raise DataError(f"{where}: expected one SELECT, found {len(statements)} statements")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise DataError(f"{where}: expected one SELECT, found {statements[0].type.name}")
    if statements[0].named_parameters:
        raise DataError(
            f"{where}: a mapping has no parameters, found {', '.join(sorted(statements[0].named_parameters))}"
        )


def _position(error: BaseException) -> str:
    """The line of SQL that DuckDB points at, if it does."""
    lines = [line for line in str(error).splitlines() if line.startswith("LINE ")]
    return f" ({lines[0].strip()})" if lines else ""


def near(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest one that exists, and all that do.

    >>> near("order", ["orders", "users"])
    "; did you mean 'orders'? Known: orders, users"
    """
    names = list(known)
    lower = {each.casefold(): each for each in names}
    close = difflib.get_close_matches(name.casefold(), lower, n=1)
    return f"; did you mean {lower[close[0]]!r}? Known: {', '.join(names)}" if close else f". Known: {', '.join(names)}"
