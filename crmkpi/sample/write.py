"""Canonical tables to Parquet files, with the exact types of the schema.

Below it: :mod:`crmkpi.schema`; pyarrow, loaded when first needed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crmkpi.schema import TABLES

STORIES = "stories.json"
"""The file next to the tables that says what was planted where."""


def write_parts(parts: Iterable[Mapping[str, pd.DataFrame]], folder: Path) -> dict[str, int]:
    """Write tables that arrive in pieces, each piece a row group; returns the rows by table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: dict[str, int] = {}
    writers: dict[str, pq.ParquetWriter] = {}
    with contextlib.ExitStack() as open_files:
        for part in parts:
            for name, frame in part.items():
                if name not in writers:
                    writer = pq.ParquetWriter(folder / f"{name}.parquet", arrow_schema(name), compression="zstd")
                    writers[name] = open_files.enter_context(writer)
                table = pa.Table.from_pandas(frame.reset_index(drop=True), preserve_index=False)
                writers[name].write_table(table.cast(arrow_schema(name)))
                rows[name] = rows.get(name, 0) + len(frame)
    return rows


def arrow_schema(name: str) -> Any:
    """The Arrow schema of a canonical table."""
    import pyarrow as pa

    types = {
        "text": pa.string(), "date": pa.date32(), "timestamp": pa.timestamp("us"), "money": pa.decimal128(18, 2),
        "number": pa.decimal128(18, 4), "rate": pa.decimal128(7, 6), "integer": pa.int64(), "bool": pa.bool_(),
    }  # fmt: skip
    return pa.schema([(column.name, types[column.type]) for column in TABLES[name].columns])


def write_stories(stories: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Write down what was planted."""
    text = json.dumps(stories, ensure_ascii=False, indent=2)
    (folder / STORIES).write_text(text + "\n", encoding="utf-8")
