"""What is kept: the newest periods of a folder; of the others, the files that a run wrote and nobody changed. Below it: report.store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crmkpi.calendar import parse
from crmkpi.report.store import Store, checksum


def old_periods(reports: dict[str, dict[str, Any]], keep: int) -> list[str]:
    """The periods beyond the newest ``keep``, the oldest first; none where ``keep`` is 0.

    >>> old_periods({"a": {"period": "2026-09"}, "b": {"period": "2026-10"}, "c": {"period": "2026-08"}}, 2)
    ['2026-08']
    """
    periods = sorted({each["period"] for each in reports.values()}, key=lambda name: (parse(name).start, name))
    return periods[:-keep] if keep else []


def remove(store: Store, period: str, say: Callable[[str], None]) -> None:
    """Remove the reports of a period, and say so before; what was not written by a run, or changed since, stays."""
    entries = {key: each for key, each in store.reports.items() if each["period"] == period}
    files = {name: total for each in entries.values() for name, total in each["files"].items()}
    mine = [name for name, total in files.items() if _is_mine(store.folder, name, total)]
    changed = [name for name in files if name not in mine and (store.folder / name).exists()]
    say(f"removing {period}: {len(mine)} files" + (f"; {len(changed)} were changed since and stay" if changed else ""))
    for name in mine:
        (store.folder / name).unlink(missing_ok=True)
    store.forget(entries)
    for folder in sorted({store.folder / each["folder"] for each in entries.values()}):
        _remove_empty(folder, store.folder)


def _is_mine(folder: Path, name: str, total: str) -> bool:
    path = folder / name
    return path.resolve().is_relative_to(folder.resolve()) and checksum(path) == total


def _remove_empty(folder: Path, top: Path) -> None:
    with contextlib.suppress(OSError):  # it is not empty: somebody put something there
        while folder != top:
            folder.rmdir()
            folder = folder.parent
