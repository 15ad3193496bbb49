"""What is there already: the manifest of a folder of reports, and the lock against two runs at once.

The manifest is written after each report, beside its place and moved there, so a run that is killed goes on where it was.
Below it: nothing of crmkpi but errors.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crmkpi.errors import DataError

MANIFEST = "manifest.json"
LOCK = ".crmkpi-run.lock"


class Store:
    """The reports of a folder by their keys: parameters, what they are made from, files, seconds, status."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / MANIFEST
        try:
            self.reports: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["reports"]
        except FileNotFoundError:
            self.reports = {}
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is not a manifest of reports ({error}); move it away to write all of them again"
            ) from None

    def is_there(self, key: str, fingerprint: str) -> bool:
        """Whether a report was written from the same, and its files are as they were."""
        known = self.reports.get(key, {})
        if known.get("status") != "ok" or known.get("fingerprint") != fingerprint:
            return False
        return all(checksum(self.folder / name) == total for name, total in known["files"].items())

    def keep(self, key: str, entry: dict[str, Any]) -> None:
        """Note what became of a report."""
        self.reports[key] = entry
        self._write()

    def forget(self, keys: Iterable[str]) -> None:
        """Reports that are no longer there."""
        for key in keys:
            self.reports.pop(key, None)
        self._write()

    def _write(self) -> None:
        text = json.dumps({"reports": self.reports}, ensure_ascii=False, indent=1, sort_keys=True)
        replace_text(self.folder / MANIFEST, text)


def checksum(path: Path) -> str:
    """SHA-256 of a file; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def replace_text(path: Path, text: str) -> None:
    """Write a file beside its place, and move it there: nobody ever reads half of it. What is the same is left alone."""
    with contextlib.suppress(OSError):
        if path.read_text(encoding="utf-8") == text:
            return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else writes into the folder meanwhile; the system gives the lock back when the process ends, however it ends.

    Errors
    ------
    DataError when another run writes there, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise DataError(f"reports can not be written to {folder}: {error.strerror or error}") from None
    with file:
        if not _take(file):
            raise DataError(
                f"another run writes to {folder} at this moment; wait for it, or choose another folder with --to"
            )
        yield


def _take(file: Any) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
