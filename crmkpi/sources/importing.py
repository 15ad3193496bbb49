"""An import from end to end: read, cast, check, stage, publish.

Below it: everything else in :mod:`crmkpi.sources`.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

import crmkpi
from crmkpi.errors import DataError, UsageError
from crmkpi.schema import TABLES
from crmkpi.sources import checks, presets, relations, store, targets
from crmkpi.sources.files import File, explain, list_files
from crmkpi.sources.load import load
from crmkpi.sources.loaded import Loaded
from crmkpi.sources.mapping import SourceMapping, load_mapping
from crmkpi.sources.report import Line, Report, as_dicts
from crmkpi.sources.sql import first_line
from crmkpi.sources.supplies import Supplied, from_files, from_mapping

SCHEMA = 1
"""The version of the canonical schema and of the data folder's layout."""
Progress = Callable[[str, int, int], None]
Finish = Callable[[Path, dict[str, Any]], None]


@dataclass(frozen=True)
class Request:
    """What was asked for, checked: the source's files, the mapping (None: canonical names), the options."""

    source: Path
    files: list[File]
    name: str
    mapping: SourceMapping | None
    targets: File | None
    as_of: dt.date | None
    currency: str | None
    zone: str

    def fingerprint(self) -> str:
        """What decides the result: contents, mapping, options, versions."""
        files = list(self.files)
        if self.mapping:
            chosen = relations.choose(files, self.mapping, self.source)
            files += [file for each in chosen.values() for file in each]
        contents = {
            str(file.path): f"{file.path.name} {file.scan.digest}" for file in {f.path: f for f in files}.values()
        }
        parts = [
            crmkpi.__version__, SCHEMA, self.name, self.mapping.digest if self.mapping else "", sorted(contents.values()),
            self.targets.scan.digest if self.targets else "", str(self.as_of), self.currency, self.zone,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def import_data(
    source: str | Path,
    to: str | Path,
    *,
    preset: str | None = None,
    mapping: str | Path | SourceMapping | None = None,
    targets: str | Path | None = None,
    as_of: str | dt.date | None = None,
    currency: str | None = None,
    zone: str | None = None,
    progress: Progress | None = None,
    finish: Finish | None = None,
) -> Report:
    """Turn ``source`` (a folder, a workbook or a file) into canonical Parquet tables in the data folder ``to``.

    ``preset`` is found from the files' names if neither it nor ``mapping`` is given. ``targets`` is a file of
    canonical targets that wins over the source's. ``as_of`` is the data's own date, ``currency`` the reporting
    currency (three letters), ``zone`` the zone of its moments. ``progress(text, done, total)`` is told the steps;
    ``finish(folder, manifest)`` may add to the staged version before it is published.

    Importing the same again changes nothing. Whatever fails, the data that was there stays as it was.
    DataError: the files or the folder; UsageError: the options.
    """
    folder = Path(to)
    if folder.resolve() == Path(source).resolve():
        raise UsageError(f"{folder}: the source cannot be its own data folder; choose another")
    try:
        request = _request(Path(source), preset, mapping, targets, as_of, currency, zone)
        store.check_target(folder)
        with store.locked(folder):
            report = _import(request, folder, progress or _silent, finish)
            store.forget_failure(folder)
            return report
    except OSError as error:
        raise DataError(_system(error, folder)) from error


def _silent(text: str, done: int, total: int) -> None:
    """Nobody asked for progress."""


def _system(error: OSError, folder: Path) -> str:
    """What the system refused, in words: reading a file of the source, or writing the data folder."""
    what = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error))
    file = Path(error.filename).absolute() if isinstance(error.filename, str | Path) else folder.absolute()
    if not file.is_relative_to(folder.absolute()):
        return f"{file.name}: could not be read: {what}; check the rights on it"
    return f"{folder.name}: the import could not be written: {what}; nothing was changed"


def _request(
    source: Path,
    preset: str | None,
    mapping: Any,
    targets_file: Any,
    as_of: Any,
    currency: str | None,
    zone: str | None,
) -> Request:
    if preset and mapping:
        raise UsageError("give a preset or a mapping, not both")
    if source.is_dir() and (source / store.MANIFEST).exists():
        raise DataError(f"{source.name}: already a data folder, expected a source; open it, there is nothing to import")
    files = list_files(source)
    chosen: SourceMapping | None
    if mapping is not None:
        chosen = mapping if isinstance(mapping, SourceMapping) else load_mapping(mapping)
        name = chosen.name
    else:
        name = preset or presets.detect_files(files, source.resolve().name)
        chosen = None if name == presets.CANONICAL else presets.preset(name)
    zone = zone or (chosen.zone if chosen else None) or "Europe/Paris"
    _check_options(currency or (chosen.currency if chosen else None), zone)
    day = as_of or (chosen.as_of if chosen else None)
    extra = targets.targets_file(Path(targets_file)) if targets_file else None
    return Request(source, files, name, chosen, extra, _day(day), currency, zone)


def _check_options(currency: str | None, zone: str) -> None:
    if currency is not None and not (len(currency) == 3 and currency.isalpha() and currency.isupper()):
        raise UsageError(f"currency {currency!r}: expected three letters, as EUR or USD")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(f"unknown time zone {zone!r}; expected a name such as Europe/Paris or UTC") from error


def _day(text: str | dt.date | None) -> dt.date | None:
    if text is None or isinstance(text, dt.date):
        return text
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"as-of day {text!r}: expected year-month-day, as 2026-11-23") from error


def _import(request: Request, folder: Path, progress: Progress, finish: Finish | None) -> Report:
    now = dt.datetime.now(ZoneInfo(request.zone))
    fingerprint = request.fingerprint()
    old = store.read_manifest(folder)
    if old and _same(old, fingerprint, now.date()) and store.complete(folder, old):
        return Report.of(folder, old, up_to_date=True)
    with store.staging(folder) as staged:
        data, work = staged / "data", staged / "work"
        data.mkdir()
        work.mkdir()
        con = relations.connect(work)
        try:
            manifest = _fill(request, con, data, work, now, progress)
        finally:
            con.close()
        shutil.rmtree(work)
        manifest |= {"version": _version(fingerprint, folder, now), "fingerprint": fingerprint}
        if finish:
            progress("finish", len(manifest["tables"]) + 2, len(manifest["tables"]) + 3)
            finish(data, manifest)
        store.publish(folder, data, manifest)
    progress("done", len(manifest["tables"]) + 3, len(manifest["tables"]) + 3)
    return Report.of(folder, manifest)


def _same(old: dict[str, Any], fingerprint: str, today: dt.date) -> bool:
    """Whether the folder holds exactly this; data dated after its loading day has another own date on another day."""
    return old.get("fingerprint") == fingerprint and (
        not old.get("dated_ahead") or old["loaded_at"][:10] == today.isoformat()
    )


def _version(fingerprint: str, folder: Path, now: dt.datetime) -> str:
    """The version's name from what decides it; another one if that name is taken (its files were damaged)."""
    name = f"v-{fingerprint[:12]}"
    if not (folder / name).exists():
        return name
    return f"v-{hashlib.sha256(f'{fingerprint}{now.isoformat()}'.encode()).hexdigest()[:12]}"


def _fill(request: Request, con: Any, data: Path, work: Path, now: dt.datetime, progress: Progress) -> dict[str, Any]:
    """Write every table into ``data``; the manifest, but for its version."""
    progress("read", 0, 1)
    supplied = (from_mapping if request.mapping else from_files)(request, con, work, now.date())
    if not supplied.tables:
        raise DataError(presets.nothing_fits(request.files, request.source.resolve().name))
    lines: list[Line] = list(supplied.lines)
    loaded: dict[str, Loaded] = {}
    total = len(supplied.tables) + 3
    with _explained(supplied, "targets file"):
        extra = targets.load_file(con, supplied, data, work, request.zone)
    for done, (name, supply) in enumerate(supplied.tables.items(), 1):
        progress(name, done, total)
        with _explained(supplied, name):
            instead = extra.path if extra and name == "targets" else None
            loaded[name] = load(con, TABLES[name], supply, data, request.zone, instead=instead)
        if name in supplied.skip_if_empty and not loaded[name].rows:
            (data / f"{name}.parquet").unlink()
            lines += loaded.pop(name).lines
    if extra:
        targets.merge(con, loaded, extra, data)
    lines += [each for table in loaded.values() for each in table.lines]
    progress("check", total - 2, total)
    lines += [*checks.orphans(con, data, loaded), *checks.scopes(con, data, loaded)]
    return _manifest(request, con, data, supplied, loaded, lines, now)


class _explained:  # noqa: N801  (a context manager reads as a verb)
    """Turn DuckDB's errors while a table is loaded into one line that names its file or SELECT."""

    def __init__(self, supplied: Supplied, name: str) -> None:
        self.supplied, self.name = supplied, name

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if not isinstance(error, duckdb.Error):
            return
        text = str(error)
        if "No space left" in text:
            raise OSError(errno.ENOSPC, "No space left on device") from error
        if isinstance(error, duckdb.IOException) and "write" in text:
            raise OSError(errno.EIO, first_line(error)) from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise DataError(
                f"{self.name}: not enough memory or temporary disk space for this table; nothing was changed"
            ) from error
        relation = self.supplied.direct.get(self.name)
        if self.supplied.targets and self.name == "targets file":
            relation = self.supplied.targets[1]
        if relation is not None:
            raise DataError(explain(relation.shown, relation.kind, error)) from error
        raise DataError(
            relations.explain_select(f"mapping {self.supplied.mapping}, table {self.name}", error, self.supplied.opened)
        ) from error


def _manifest(
    request: Request,
    con: Any,
    data: Path,
    supplied: Supplied,
    loaded: dict[str, Loaded],
    lines: list[Line],
    now: dt.datetime,
) -> dict[str, Any]:
    own, ahead = checks.own_date(con, data, loaded, now.date())
    read, reported = sum(each.cells for each in loaded.values()), sum(each.cells for each in lines)
    return {
        "crmkpi": crmkpi.__version__,
        "schema": SCHEMA,
        "source": request.source.resolve().name,
        "preset": request.name,
        "loaded_at": now.isoformat(timespec="seconds"),
        "as_of": (supplied.as_of or own).isoformat(),
        "dated_ahead": supplied.as_of is None and ahead,
        "zone": request.zone,
        "currency": supplied.currency,
        "language": supplied.language,
        "tables": {name: _table_entry(con, data, loaded, name) for name in TABLES if name in loaded},
        "report": as_dicts(lines),
        "cells": {"read": read, "kept": read - reported, "reported": reported},
        "notes": supplied.notes,
    }


def _table_entry(con: Any, data: Path, loaded: dict[str, Loaded], name: str) -> dict[str, Any]:
    each = loaded[name]
    return {
        "file": f"{name}.parquet",
        "rows": each.rows,
        "deleted": checks.deleted(con, data, loaded, name),
        "columns": {column.name: each.counts.get(column.name, 0) for column in TABLES[name].columns},
        "rejected_rows": each.rejected,
    }
