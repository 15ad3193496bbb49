"""Opening what a scope leaves: of a data folder, files of their own; of frames, tables of their own.

The files are written once for each version of the data and scope, into the version's own folder, so that they go when it
goes; where that cannot be written, into this user's private folder. A process that opens them never holds another row.
Below it: ``scoped`` (which rows), ``duck``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

import crmkpi.engine.scoped as rules
from crmkpi.access import Scope
from crmkpi.engine.duck import DuckDB, connect, first_line, private_folder, quoted
from crmkpi.engine.scoped import keep
from crmkpi.errors import DataError
from crmkpi.schema import TABLES

Finish = Callable[[Path, dict[str, Any]], None]
_SAID = ("crmkpi", "schema", "source", "preset", "loaded_at", "as_of", "dated_ahead", "zone", "currency", "language")
"""What a scoped manifest says as the data's own does: not what the import found in rows of others."""


def scoped_version(folder: Path, manifest: dict[str, Any], scope: Scope, finish: Finish) -> tuple[Path, dict[str, Any]]:
    """The folder and the manifest of what a scope leaves of a version of the data, made if it is not there.

    ``finish`` writes what is made of the tables. DataError if the data can not be read or written anywhere.
    """
    version = folder / manifest["version"]
    name = f"{scope.short}-{_RULES}"
    places = [version / "scopes" / name, private_folder() / "scopes" / manifest["version"] / name]
    for place in places:
        if (place / "manifest.json").is_file():
            return place, json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    failed: OSError | None = None
    for place in places:
        try:
            with _staged(place) as staged:
                made = _write(version, manifest, scope, staged)
                finish(staged, made)
                (staged / "manifest.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
            return place, made
        except OSError as error:
            failed = error
    raise DataError(f"what {scope.words('en')} may see can not be written: {failed}")


_RULES = hashlib.sha256(Path(rules.__file__).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:8]
"""The rules that the files were made by: those of other rules are not used."""


@contextlib.contextmanager
def _staged(place: Path) -> Iterator[Path]:
    """A folder to write in, which becomes ``place`` in one step; another that got there first stays."""
    place.parent.mkdir(parents=True, exist_ok=True)
    staged = place.parent / f".staging-{uuid.uuid4().hex[:8]}"
    staged.mkdir(mode=0o700)
    try:
        yield staged
        with contextlib.suppress(OSError):  # it is there: the same rows by the same rules
            os.replace(staged, place)
        if not place.is_dir():
            raise OSError(f"{place.parent.name} can not be written")
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write(version: Path, manifest: dict[str, Any], scope: Scope, to: Path) -> dict[str, Any]:
    """Write the tables of a scope; the manifest that describes them."""
    connection = connect()
    tables: dict[str, dict[str, Any]] = manifest["tables"]
    made: dict[str, dict[str, Any]] = {}

    def put(name: str, sql: str) -> None:
        if name in tables:
            file = to / tables[name]["file"]
            connection.execute(f"copy ({sql}) to {quoted(file)} (format parquet, compression zstd)")
            counts = rules.filled(connection.execute, name, f"read_parquet({quoted(file)})")
            made[name] = {"file": tables[name]["file"], **counts, "supplied": _supplied(tables[name])}

    try:
        connection.execute("create schema raw")
        for name, table in TABLES.items():
            columns = ", ".join(f'null::{column.sql_type} as "{column.name}"' for column in table.columns)
            source = f"read_parquet({quoted(version / tables[name]['file'])})" if name in tables else None
            empty = f"select {columns} where false"
            connection.execute(f"create view raw.{name} as {f'select * from {source}' if source else empty}")
        kept = keep(connection.execute, scope, lambda name, column: _has(tables, name, column), put)
    except duckdb.Error as error:
        raise DataError(f"the data can not be read ({first_line(error)}); import the source again") from error
    finally:
        connection.close()
    return _manifest(manifest, scope, kept) | {"tables": made}


def _has(tables: dict[str, dict[str, Any]], name: str, column: str) -> bool:
    return tables.get(name, {}).get("columns", {}).get(column, 0) > 0


def _supplied(entry: dict[str, Any]) -> list[str]:
    """The columns that the source fills, in rows of others too: what it lacks is said alike to everybody."""
    return [name for name, count in entry["columns"].items() if count] if entry["rows"] else []


def _manifest(manifest: dict[str, Any], scope: Scope, kept: dict[str, Any]) -> dict[str, Any]:
    said = {name: manifest[name] for name in _SAID if name in manifest}
    notes = [{each: _unnumbered(text) for each, text in note.items()} for note in manifest.get("notes", [])]
    version = f"{manifest['version']}-{scope.short}" if manifest["version"] else ""
    return said | {"version": version, "notes": notes, "report": [], "scope": kept | {"key": scope.key}}


def _unnumbered(text: str) -> str:
    """A note about the source without its numbers, which count rows of others.

    >>> _unnumbered("412 names without a contact")
    '… names without a contact'
    """
    return re.sub(r"\d[\d\s.,]*(?=\s|$)|\d+", "…", text)


def scope_frames(engine: DuckDB, scope: Scope) -> None:
    """Leave of an engine over frames the rows that a scope admits."""
    run, tables = engine.connection.execute, engine.manifest["tables"]
    run("create schema raw")
    for name in TABLES:
        source = f"{name}_all" if name in tables else name
        run(f'create table raw.{name} as from "{source}"')
    made: dict[str, dict[str, Any]] = {}

    def put(name: str, sql: str) -> None:
        if name not in tables:
            return
        run(f'drop view "{name}"')
        run(f'create or replace table "{name}_all" as {sql}')
        run(f'create view "{name}" as from "{name}_all" where is_deleted is not true')
        made[name] = rules.filled(run, name, f'"{name}_all"') | {"supplied": _supplied(tables[name])}

    kept = keep(run, scope, lambda name, column: _has(tables, name, column), put)
    run("drop schema raw cascade")
    engine.describe(engine.manifest | _manifest(engine.manifest, scope, kept) | {"tables": made})
