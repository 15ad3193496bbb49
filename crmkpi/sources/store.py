"""The data folder: versions beside each other, one manifest that says which counts, one import at a time.

Everything is written to a staging folder; ``publish`` renames it and then replaces the manifest in one step, so
that a reader sees the old data or the new, never a mixture. Below it: :mod:`crmkpi.errors`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from crmkpi.errors import DataError

MANIFEST = "manifest.json"
_STAGING = ".staging-"
_LOCK = ".lock"
_VERSION = re.compile(r"v-[0-9a-f]{12}")
_USERS_OWN = {"settings.toml", "indicators", "views", "history"}
FAILED = "import_failed.json"
"""The note beside the manifest that a scheduled import failed after it: what the pages say (crmkpi.engine reads it)."""


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a data folder; None if there is none. DataError if it is not one of crmkpi's."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise DataError(
            f"{path.name} in {folder.name} is not readable ({error}); restore it, or import into a new folder"
        ) from error
    if not isinstance(manifest, dict) or "crmkpi" not in manifest or "version" not in manifest:
        raise DataError(f"{folder.name} holds a {MANIFEST} that is not crmkpi's; import into another folder")
    return manifest


def check_target(folder: Path) -> None:
    """DataError if ``folder`` holds anything that an import must not touch."""
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder}: a file, expected a folder to import into")
    if not folder.exists() or read_manifest(folder) is not None:
        return
    foreign = [path.name for path in sorted(folder.iterdir()) if not _ours(path)]
    if foreign:
        raise DataError(
            f"{folder}: not empty and not a data folder (found {', '.join(foreign[:3])}); choose a new or empty folder"
        )


def _ours(path: Path) -> bool:
    name = path.name
    return name in _USERS_OWN or name in (_LOCK, FAILED) or name.startswith(_STAGING) or bool(_VERSION.fullmatch(name))


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one import; DataError if another import holds it.

    The system frees the lock when the process ends, however it ends. A folder made for nothing is removed.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / _LOCK).open("a")
    try:
        try:
            _lock(file)
        except OSError as error:
            raise DataError(f"{folder.name}: another import is running; wait until it has finished") from error
        yield
    finally:
        file.close()
        if made and not (folder / MANIFEST).exists():
            _forget(folder)


def _forget(folder: Path) -> None:
    with contextlib.suppress(OSError):  # someone put something there meanwhile: it is theirs
        (folder / _LOCK).unlink()
        folder.rmdir()


if sys.platform == "win32":

    def _lock(file: IO[str]) -> None:
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: IO[str]) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A folder to write the new version in, gone at the end unless it was published; clears what a crash left."""
    for stale in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(stale, ignore_errors=True)
    path = folder / f"{_STAGING}{uuid4().hex[:8]}"
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def complete(folder: Path, manifest: dict[str, Any]) -> bool:
    """Whether every file that a manifest names is there."""
    return all((folder / manifest["version"] / table["file"]).is_file() for table in manifest["tables"].values())


def publish(folder: Path, staged: Path, manifest: dict[str, Any]) -> None:
    """Make ``staged`` the version that counts; the one it replaces is kept until the following import."""
    old = read_manifest(folder)
    version = folder / manifest["version"]
    for path in [*staged.rglob("*"), staged]:
        _sync(path)
    if version.exists():  # left by an import that ended between the two renames: no manifest names it
        shutil.rmtree(version)
    os.replace(staged, version)
    try:
        _replace_manifest(folder, manifest)
    except BaseException:
        shutil.rmtree(version, ignore_errors=True)
        raise
    _sync(folder)
    keep = {manifest["version"], old["version"] if old else ""}
    for path in folder.iterdir():
        if _VERSION.fullmatch(path.name) and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def note_failure(folder: Path, why: str) -> dict[str, str]:
    """Note in a data folder that an import failed just now, and why; the data stay as they are. What was noted."""
    note = {"at": datetime.now().astimezone().isoformat(timespec="seconds"), "why": why}
    if folder.is_dir():
        beside = folder / f"{_STAGING}{FAILED}"
        beside.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, folder / FAILED)
    return note


def forget_failure(folder: Path) -> None:
    """An import succeeded: the note goes."""
    (folder / FAILED).unlink(missing_ok=True)


def _replace_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    new = folder / f"{_STAGING}{MANIFEST}"
    try:
        new.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        _sync(new)
        os.replace(new, folder / MANIFEST)
    finally:
        new.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Bring a file or folder to the disk, so that the manifest never names what a power cut can take away."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows has no such thing for folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() or sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
