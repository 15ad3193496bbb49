"""The presets: canonical names, and one mapping per kind of source kept in the package; which one fits a source.

Below it: :mod:`crmkpi.sources.canonical`, :mod:`crmkpi.sources.mapping`.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError, unknown
from crmkpi.schema import TABLES
from crmkpi.sources.canonical import near_table, recognise
from crmkpi.sources.files import File, list_files
from crmkpi.sources.mapping import SourceMapping, load_mapping

_HERE = Path(__file__).parent
_FOLDERS = {path.parent.name: path.parent for path in sorted(_HERE.glob("*/mapping.toml"))}
CANONICAL = "canonical"


def preset(name: str) -> SourceMapping:
    """The mapping of a preset other than ``canonical``; UsageError if there is none of that name."""
    if name not in _FOLDERS:
        raise unknown("preset", name, [CANONICAL, *_FOLDERS])
    return load_mapping(_FOLDERS[name])


@functools.cache
def _head(name: str) -> dict[str, Any]:
    """The TOML of a preset, without its SELECTs."""
    return tomllib.loads((_FOLDERS[name] / "mapping.toml").read_text(encoding="utf-8"))


def presets() -> dict[str, str]:
    """Name of every preset -> what it reads."""
    mapped = {name: _head(name).get("title", {}).get("en", name) for name in _FOLDERS}
    return {CANONICAL: "files named after the canonical tables", **mapped}


def detect(source: str | Path) -> str:
    """The preset that fits a source, by the names of its files (no content is read but workbooks' sheet names).

    DataError says what was looked for, and what nearly fitted.
    """
    return detect_files(list_files(Path(source)), Path(source).name)


def detect_files(files: list[File], shown: str) -> str:
    """As :func:`detect`, for files already listed."""
    names = {name.casefold() for file in files for name in file.names}
    for name in _FOLDERS:
        if _fits(_head(name).get("detect", {}), names):
            return name
    if recognise(files)[0]:
        return CANONICAL
    raise DataError(_nothing_fits(files, shown))


def _fits(rules: dict[str, list[str]], names: set[str]) -> bool:
    """``all`` of these files are there, and at least one of ``any``."""
    some, every = rules.get("any", []), rules.get("all", [])
    return bool(some or every) and names.issuperset(every) and (not some or not names.isdisjoint(some))


def _nothing_fits(files: list[File], shown: str) -> str:
    close = [f"found {file.shown}, expected {near_table(file)}{file.path.suffix}" for file in files if near_table(file)]
    looked = [f"{CANONICAL} ({', '.join(list(TABLES)[:4])}, ...)"]
    for name in _FOLDERS:
        rules = _head(name).get("detect", {})
        looked.append(f"{name} ({', '.join([*rules.get('all', []), *rules.get('any', [])][:4])}, ...)")
    hint = "; ".join(close[:3]) if close else f"found {', '.join(file.shown for file in files[:5])}"
    return f"{shown}: no preset fits these files: {hint}. Looked for {'; '.join(looked)}. Rename the files or give a mapping"
