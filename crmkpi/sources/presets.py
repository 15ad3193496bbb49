"""The presets: canonical names, and one mapping per kind of source kept in the package; which one fits a source.

Below it: :mod:`crmkpi.sources.canonical`, :mod:`crmkpi.sources.mapping`.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError, unknown
from crmkpi.schema import TABLES
from crmkpi.sources.canonical import recognise
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
    raise DataError(nothing_fits(files, shown))


def _fits(rules: dict[str, list[str]], names: set[str]) -> bool:
    """``all`` of these files are there, and at least one of ``any``."""
    some, every = rules.get("any", []), rules.get("all", [])
    return bool(some or every) and names.issuperset(every) and (not some or not names.isdisjoint(some))


def nothing_fits(files: list[File], shown: str) -> str:
    """What was looked for in vain, and which files nearly have one of those names."""
    rules = {
        name: [each for kind in ("all", "any") for each in _head(name).get("detect", {}).get(kind, [])]
        for name in _FOLDERS
    }
    wanted = [*TABLES, *(each for names in rules.values() for each in names)]
    close = [(file, difflib.get_close_matches(file.name.casefold(), wanted, n=1, cutoff=0.75)) for file in files]
    hints = [f"found {file.shown}, expected {near[0]}{file.path.suffix}" for file, near in close if near]
    hint = "; ".join(hints[:3]) if hints else f"found {', '.join(file.shown for file in files[:5])}"
    looked = "; ".join(
        f"{name} ({', '.join(names[:4])}, ...)" for name, names in {CANONICAL: list(TABLES), **rules}.items()
    )
    return f"{shown}: no preset fits these files: {hint}. Looked for {looked}. Rename the files or give a mapping"
