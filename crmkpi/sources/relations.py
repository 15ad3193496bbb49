"""The source's files as relations a mapping's SELECT can name, and nothing else of the machine.

Below it: :mod:`crmkpi.sources.files`, :mod:`crmkpi.sources.mapping`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import duckdb

from crmkpi.errors import DataError
from crmkpi.sources.cast import as_text
from crmkpi.sources.files import File, Relation, explain, union
from crmkpi.sources.mapping import SourceMapping, near
from crmkpi.sources.sql import first_line, ident, literal


def connect(work: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that downloads nothing and spills to ``work``."""
    off = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    return duckdb.connect(config={**off, "temp_directory": str(work / "spill")})


def seal(con: duckdb.DuckDBPyConnection, relations: dict[str, Relation], staging: Path) -> None:
    """From here on SQL reads the source's own files and writes the staging folder, and can change no setting."""
    paths = [path for relation in relations.values() for path in relation.paths]
    con.execute(f"set allowed_paths=[{', '.join(literal(path) for path in paths)}]")
    con.execute(f"set allowed_directories=[{literal(str(staging) + '/')}]")
    con.execute("set enable_external_access=false")
    con.execute("set lock_configuration=true")


def sql_name(name: str) -> str:
    """The relation name of a file's stem: dots become underscores.

    >>> sql_name("sale.order")
    'sale_order'
    """
    return name.replace(".", "_")


def choose(files: list[File], mapping: SourceMapping, source: Path) -> dict[str, list[File]]:
    """Which files each relation name stands for. DataError if one named in [files] is not there."""
    root = source if source.is_dir() else source.parent
    chosen: dict[str, list[File]] = {}
    for file in files:
        for name in dict.fromkeys(file.names):
            chosen.setdefault(sql_name(name), []).append(file)
    for name, options in mapping.files.items():
        chosen = {other: each for other, each in chosen.items() if other.casefold() != name.casefold()}
        chosen[name] = _matching(files, root, name, options, mapping)
    return chosen


def _matching(files: list[File], root: Path, name: str, options: dict[str, str], mapping: SourceMapping) -> list[File]:
    try:
        wanted = {path.resolve() for path in root.glob(options["path"])}
    except (NotImplementedError, ValueError) as error:  # an absolute or an empty path
        raise DataError(
            f"mapping {mapping.name}: [files] {name}: {options['path']!r} must be relative to the source"
        ) from error
    if outside := [path.name for path in wanted if not path.is_relative_to(root.resolve())]:
        raise DataError(f"mapping {mapping.name}: [files] {name}: {outside[0]} lies outside the source")
    found = [f for f in files if f.path.resolve() in wanted and options.get("sheet") in (None, f.sheet)]
    missing = wanted - {file.path.resolve() for file in files}
    found += [File(path) for path in sorted(missing)]
    if not found and name not in mapping.expect:
        names = [file.shown for file in files]
        raise DataError(
            f"mapping {mapping.name}: [files] {name}: no file {options['path']!r}{near(options['path'], names)}"
        )
    return [replace(file, options=options) for file in found]


def open_relations(
    con: duckdb.DuckDBPyConnection, mapping: SourceMapping, chosen: dict[str, list[File]], work: Path
) -> dict[str, Relation]:
    """Open the files that the mapping reads and create one view for each, plus ``source_columns(relation, column_name)``.

    A column or relation declared in [expect] and absent from the source is there, empty.
    """
    opened: dict[str, Relation] = {}
    for name, files in chosen.items():
        if not _uses(mapping, name):
            continue
        if len(files) > 1 and name not in mapping.files:
            raise DataError(
                f"{name}: found twice ({', '.join(f.shown for f in files)}); keep one, or say which in [files]"
            )
        opened[_declared(name, mapping)] = union([file.open(con, work) for file in files])
    con.execute("create table source_columns(relation varchar, column_name varchar)")
    for name, relation in opened.items():
        con.executemany("insert into source_columns values (?, ?)", [[name, column] for column in relation.columns])
    for name in dict.fromkeys([*opened, *mapping.expect]):
        only = mapping.expect_only and name in mapping.expect
        con.execute(f"create view {ident(name)} as {_view(opened.get(name), mapping.expect.get(name, []), only)}")
    return opened


def _uses(mapping: SourceMapping, name: str) -> bool:
    """Whether a mapping may read a relation: it is expected, or its name is a word of the SQL."""
    declared = {each.casefold() for each in mapping.expect}
    texts = "\n".join([*mapping.texts, mapping.setup])
    return name.casefold() in declared or bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", texts, re.IGNORECASE))


def _declared(name: str, mapping: SourceMapping) -> str:
    """A relation's name as [expect] spells it."""
    return next((each for each in mapping.expect if each.casefold() == name.casefold()), name)


def _key(name: str) -> str:
    """A header as it is compared: composed, one kind of space, without case."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def _match(relation: Relation | None, expected: str) -> tuple[str, str | None]:
    """The name a column is expected under (``A|B``: A, also written B), and the one it has in the source."""
    names = expected.split("|")
    have = {_key(column): column for column in relation.columns} if relation else {}
    return names[0], next((have[_key(name)] for name in names if _key(name) in have), None)


def _view(relation: Relation | None, expected: list[str], only: bool) -> str:
    """The relation; its expected columns are text under the expected name, empty where the source has none.

    ``only``: no other columns. A mapping of a CRM with custom fields asks for it, lest theirs collide with its own names.
    """
    matches = [_match(relation, each) for each in expected]
    if relation is None:
        return f"select {', '.join(f'null::varchar as {ident(name)}' for name, _ in matches)} where false"
    taken = {found for _, found in matches if found}
    rest = [ident(column) for column in relation.columns if column not in taken and not only]
    some = [
        f"{as_text(ident(found), relation.columns[found]) if found else 'null::varchar'} as {ident(name)}"
        for name, found in matches
    ]
    return f"select {', '.join([*some, *rest])} from {relation.sql}"


def run_setup(con: duckdb.DuckDBPyConnection, mapping: SourceMapping, opened: dict[str, Relation]) -> None:
    """Create the macros and views that the mapping's SELECTs share."""
    if not mapping.setup.strip():
        return
    try:
        con.execute(mapping.setup)
    except duckdb.Error as error:
        raise DataError(explain_select(f"mapping {mapping.name}, setup", error, opened)) from error


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create what SELECTs may call: ``data_zone()``, ``data_currency()``, ``data_day()`` and ``from_utc(moment)``."""
    con.execute("create macro data_zone() as getvariable('data_zone')")
    con.execute("create macro data_currency() as getvariable('data_currency')::varchar")
    con.execute("create macro data_day() as getvariable('data_day')::date")
    moment = "try_cast(nullif(x::varchar, '') as timestamp)"
    con.execute(f"create macro from_utc(x) as ({moment} at time zone 'UTC') at time zone getvariable('data_zone')")


def tell(con: duckdb.DuckDBPyConnection, name: str, value: str | None) -> None:
    """Set what one of the macros gives."""
    con.execute(f"set variable {name} = {literal(value) if value else 'null'}")


def there(need: str, opened: dict[str, Relation]) -> bool:
    """Whether a relation of [requires] is in the source; ``a|b``: one of them is enough."""
    return any(name in opened for name in need.split("|"))


def scalar(con: duckdb.DuckDBPyConnection, sql: str, where: str, relations: dict[str, Relation]) -> object:
    """The one value of a mapping's SELECT; DataError in words."""
    try:
        row = con.execute(sql).fetchone()
    except duckdb.Error as error:
        raise DataError(explain_select(where, error, relations)) from error
    return row[0] if row else None


def explain_select(where: str, error: BaseException, relations: dict[str, Relation]) -> str:
    """Why a mapping's SELECT failed: the missing file or column with the nearest that exists, else DuckDB's words."""
    text = str(error)
    if table := re.search(r"Table with name \"?([^\"\s]+)\"? does not exist", text):
        return f"{where}: no file for relation {table[1]!r}{near(table[1], sorted(relations))}"
    if column := re.search(
        r'(?:Referenced column|column named|Values list "\w+" does not have a column named) "([^"]+)"', text
    ):
        known = [name for relation in relations.values() for name in relation.columns]
        return f"{where}: no column {column[1]!r} in {_names(relations)}{near(column[1], dict.fromkeys(known))}"
    for relation in relations.values():
        if any(str(path) in text for path in relation.paths):
            return explain(relation.shown, relation.kind, error)
    hint = "; leave the text as it is: the import casts it and reports what does not fit"
    return f"{where}: {first_line(error)}{hint if isinstance(error, duckdb.ConversionException) else ''}"


def _names(relations: dict[str, Relation]) -> str:
    return ", ".join(relation.shown for relation in relations.values())
