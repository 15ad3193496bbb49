"""The tables of an imported data folder as rows, for the oracles: the sample company, real sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from .answers import Data


def data_of(folder: Path, manifest: dict[str, Any]) -> Data:
    """Every table that the manifest of a data folder names."""
    version = folder / str(manifest["version"])
    return Data({name: pq.read_table(version / each["file"]).to_pylist() for name, each in manifest["tables"].items()})
