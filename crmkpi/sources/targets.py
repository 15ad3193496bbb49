"""Targets given in a file of their own: they win over those of the source.

Below it: :mod:`crmkpi.sources.load`, :mod:`crmkpi.sources.files`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError
from crmkpi.schema import TABLES
from crmkpi.sources.files import File, list_files
from crmkpi.sources.load import load
from crmkpi.sources.loaded import PARQUET, Loaded, filled
from crmkpi.sources.sql import literal
from crmkpi.sources.supplies import Supplied


def targets_file(path: Path) -> File:
    """The file, or the sheet of a workbook (the one called *targets*, else the only one). DataError if unclear."""
    if path.is_dir():
        raise DataError(f"{path.name}: a folder, expected a file of targets (csv, xlsx or parquet)")
    files = list_files(path)
    chosen = next(
        (file for file in files if (file.sheet or "").casefold() == "targets"), files[0] if len(files) == 1 else None
    )
    if chosen is None:
        raise DataError(f"{path.name}: no sheet called targets; found {', '.join(str(file.sheet) for file in files)}")
    return chosen


@dataclass(frozen=True)
class FileTargets:
    """The targets of the file, cast and checked."""

    path: Path
    loaded: Loaded


def load_file(con: Any, supplied: Supplied, data: Path, work: Path, zone: str) -> FileTargets | None:
    """Cast the targets of the file into ``work``; rows set aside go to ``data/rejected/targets_file.parquet``."""
    if supplied.targets is None:
        return None
    supply, _ = supplied.targets
    folder = work / "targets"
    folder.mkdir()
    loaded = load(con, TABLES["targets"], supply, folder, zone)
    rejected = folder / "rejected" / "targets.parquet"
    if rejected.exists():
        (data / "rejected").mkdir(exist_ok=True)
        shutil.move(rejected, data / "rejected" / "targets_file.parquet")
    return FileTargets(folder / "targets.parquet", loaded)


def merge(con: Any, loaded: dict[str, Loaded], extra: FileTargets, data: Path) -> None:
    """Put the targets of the file and those of the source that it does not replace in one table."""
    target, own = data / "targets.parquet", loaded.get("targets")
    if own is None:
        shutil.move(extra.path, target)
        loaded["targets"] = extra.loaded
        return
    both = extra.path.with_name("both.parquet")
    paths = f"[{literal(extra.path)}, {literal(target)}]"
    con.execute(f"copy (select * from read_parquet({paths})) to {literal(both)} {PARQUET}")
    shutil.move(both, target)
    rows = own.rows + extra.loaded.rows
    counts = filled(con, target) if rows else own.counts
    rejected = own.rejected + extra.loaded.rejected
    lines = [*own.lines, *extra.loaded.lines]
    loaded["targets"] = Loaded(rows, counts, own.cells + extra.loaded.cells, lines, rejected)
