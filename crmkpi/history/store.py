"""The files of the history: one for each day, data version and set of definitions; written once, never changed.

``DATA/history/values_DAY_KEY.parquet`` has the values, ``rows_DAY_KEY.parquet`` the rows of stocks whose past the source
does not tell. A file is written beside its place and linked to its name, which fails where the name is taken: two runs at
once, a run that is killed and a copy of the folder leave whole files or none. What a file is about stands in its footer.
Below it: :mod:`crmkpi.errors`; pyarrow.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd

from crmkpi.errors import DataError

FOLDER = "history"
LAYOUT = 1
"""The version of what is in a file; another one is another file, and older ones stay readable."""
VALUES, ROWS = "values", "rows"
_NAME = re.compile(r"(values|rows)_(\d{4}-\d{2}-\d{2})_([0-9a-f]{12})\.parquet")
_FOOTER = b"crmkpi"
_CUT = ".broken"


@dataclass(frozen=True)
class Entry:
    """One file: its kind, the day it is about, what its footer says."""

    path: Path
    kind: str
    as_of: date
    told: dict[str, Any]

    @property
    def taken_at(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self.told["taken_at"])

    @property
    def first_hand(self) -> bool:
        """Whether it says what was known that day; else it was computed later, from dated facts."""
        return bool(self.told["as_of"] == self.told["data_day"])

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        import pyarrow.parquet as pq

        return list(pq.read_schema(self.path).names)

    def frame(self) -> pd.DataFrame:
        """Its rows."""
        import pyarrow.parquet as pq

        return pq.ParquetFile(self.path).read().to_pandas()


def key_of(version: str, as_of: date, definitions: dict[str, str], places: Iterable[str]) -> str:
    """The key of what is kept: the same data, day, definitions and places have the same."""
    told = json.dumps([LAYOUT, version, str(as_of), definitions, sorted(places)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def path_of(folder: Path, kind: str, as_of: date, key: str) -> Path:
    """Where a file of the history of a data folder is."""
    return folder / FOLDER / f"{kind}_{as_of}_{key}.parquet"


def is_there(path: Path) -> bool:
    """Whether a file is there and whole."""
    return path.is_file() and _footer(path, path.stat().st_mtime_ns, path.stat().st_size) is not None


def write(path: Path, table: Any, told: dict[str, Any]) -> bool:
    """Write an Arrow table, once: False if the file is there already. What is there and broken is put aside, not lost.

    Errors
    ------
    DataError where the folder can not be written.
    """
    import pyarrow.parquet as pq

    if is_there(path):
        return False
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    kept = table.replace_schema_metadata({_FOOTER: json.dumps({"layout": LAYOUT} | told, ensure_ascii=False).encode()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.rename(path.with_name(f"{path.name}{_CUT}"))
        pq.write_table(kept, beside, compression="zstd")
        _sync(beside)
        return _linked(beside, path)
    except OSError as error:
        raise DataError(f"the history can not be written in {path.parent}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _linked(beside: Path, path: Path) -> bool:
    """Give a written file its name; whoever comes second leaves what the first one wrote."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: what is there was looked at a moment ago
        os.replace(beside, path)
    return True


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def entries(folder: Path) -> tuple[list[Entry], list[str]]:
    """The files of a data folder's history, the oldest day first, and the names of those that can not be read."""
    found, broken = [], []
    for path in sorted((folder / FOLDER).glob("*.parquet")):
        named = _NAME.fullmatch(path.name)
        if not named:
            continue
        state = path.stat()
        told = _footer(path, state.st_mtime_ns, state.st_size)
        if told is None:
            broken.append(path.name)
        else:
            found.append(Entry(path, named[1], date.fromisoformat(named[2]), told))
    return sorted(found, key=lambda each: (each.as_of, each.first_hand, each.taken_at)), broken


@functools.lru_cache(maxsize=4096)
def _footer(path: Path, _changed: int, _size: int) -> dict[str, Any] | None:
    """What a file says of itself; None where it is cut, or none of ours."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = json.loads(pq.read_schema(path).metadata[_FOOTER])
        datetime.fromisoformat(told["taken_at"])
        return told if {"as_of", "data_day", "version", "definitions", "places"} <= told.keys() else None
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError):
        return None
