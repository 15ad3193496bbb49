"""The data folder: all or nothing, again is nothing, one at a time, and no one else's files."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from written import ORDERS, clean, table, write

from crmkpi.errors import DataError, UsageError
from crmkpi.sources import import_data, store, text

ROOT = Path(__file__).parents[2]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a data folder but the lock, which is empty."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


@pytest.fixture
def old(tmp_path):
    """A data folder, its content, and a source that has changed since."""
    source, folder = clean(tmp_path / "source"), tmp_path / "data"
    import_data(source, folder)
    before = content(folder)
    write(source, orders=ORDERS + "O3,A1,2026-03-04,draft,7.00\n")
    return source, folder, before


def test_the_same_again_is_nothing(tmp_path):
    source, folder = clean(tmp_path / "source"), tmp_path / "data"
    first = import_data(source, folder)
    stamps = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    again = import_data(source, folder)
    assert (first.up_to_date, again.up_to_date) == (False, True)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == stamps
    assert again.lines == first.lines
    assert "already up to date" in again.text("en")
    assert "déjà à jour" in again.text("fr")


@pytest.mark.parametrize("options", [{"currency": "USD"}, {"zone": "UTC"}, {"as_of": "2026-01-01"}])
def test_another_option_is_another_version(tmp_path, options):
    source, folder = clean(tmp_path / "source"), tmp_path / "data"
    first = import_data(source, folder)
    second = import_data(source, folder, **options)
    assert not second.up_to_date
    assert second.manifest["version"] != first.manifest["version"]


def test_a_file_that_went_missing_is_made_again(tmp_path):
    source, folder = clean(tmp_path / "source"), tmp_path / "data"
    first = import_data(source, folder)
    (folder / first.manifest["version"] / "orders.parquet").unlink()
    again = import_data(source, folder)
    assert not again.up_to_date
    assert len(table(again, "orders")) == 2


def test_the_version_before_is_kept_until_the_next_import(old):
    source, folder, _ = old
    versions = [json.loads((folder / "manifest.json").read_text())["version"]]
    for place in range(3):
        write(source, orders=ORDERS + f"N{place},A1,2026-03-04,draft,7.00\n")
        versions.append(import_data(source, folder).manifest["version"])
        assert {path.name for path in folder.glob("v-*")} == set(versions[-2:])
    assert len(set(versions)) == 4


def test_data_dated_ahead_moves_its_own_date_with_the_day(tmp_path, monkeypatch):
    source, folder = write(tmp_path / "source", orders=ORDERS + "O3,A1,2999-01-01,draft,1.00\n"), tmp_path / "data"
    import_data(source, folder)
    assert import_data(source, folder).up_to_date
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "loaded_at": "2026-01-01T00:00:00+01:00"}))
    assert not import_data(source, folder).up_to_date


class StopError(Exception):
    """What a test throws into an import."""


def finish_fails(folder, manifest):
    (folder / "half").write_text("written")
    raise StopError


def test_a_finish_that_fails_leaves_the_old_data(old):
    source, folder, before = old
    with pytest.raises(StopError):
        import_data(source, folder, finish=finish_fails)
    assert content(folder) == before
    assert not list(folder.glob(".staging*"))


def test_a_finish_that_succeeds_adds_to_the_version(old):
    source, folder, _ = old

    def finish(staged, manifest):
        assert (staged / "orders.parquet").is_file()
        (staged / "views.parquet").write_bytes(b"made")
        manifest["materialised"] = ["views"]

    report = import_data(source, folder, finish=finish)
    assert (folder / report.manifest["version"] / "views.parquet").read_bytes() == b"made"
    assert json.loads((folder / "manifest.json").read_text())["materialised"] == ["views"]


def test_a_first_import_that_fails_leaves_no_folder(tmp_path):
    with pytest.raises(StopError):
        import_data(clean(tmp_path / "source"), tmp_path / "data", finish=finish_fails)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("which", ["version", "manifest"])
def test_a_rename_that_fails_leaves_the_old_data(old, monkeypatch, which):
    source, folder, before = old
    real = os.replace

    def replace(a, b):
        if (Path(b).name == "manifest.json") == (which == "manifest"):
            raise OSError(errno.EIO, "Input/output error")
        return real(a, b)

    monkeypatch.setattr(store.os, "replace", replace)
    with pytest.raises(DataError, match=r"data: the import could not be written: Input/output error"):
        import_data(source, folder)
    assert content(folder) == before


def test_a_file_that_may_not_be_read_is_named(old, monkeypatch):
    source, folder, before = old

    def refused(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(text, "scan_text", refused)
    with pytest.raises(
        DataError, match=r"^accounts.csv: could not be read: Permission denied; check the rights on it$"
    ):
        import_data(source, folder)
    assert content(folder) == before


def test_a_full_disk_leaves_the_old_data(old, monkeypatch):
    source, folder, before = old

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(DataError, match=r"the disk is full; nothing was changed"):
        import_data(source, folder)
    assert content(folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file size")
def test_a_disk_that_fills_while_tables_are_written(old):
    import resource

    source, folder, before = old
    write(source, orders="order_id,number\n" + "".join(f"O{n},{n * 7919 % 1000003}\n" for n in range(60_000)))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(DataError, match=r"data: the import could not be written: .*nothing was changed$"):
            import_data(source, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert content(folder) == before


def test_a_broken_file_leaves_the_old_data(old):
    source, folder, before = old
    write(source, orders="order_id,amount\nO1,2,3\n")
    with pytest.raises(DataError):
        import_data(source, folder)
    assert content(folder) == before


KILLED = """
import sys, time
from crmkpi.sources import import_data
def finish(folder, manifest):
    print("staged", flush=True)
    time.sleep(60)
import_data(sys.argv[1], sys.argv[2], finish=finish)
"""


@pytest.fixture
def running(old):
    """An import that stands still just before it publishes."""
    source, folder, _ = old
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(source), str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"staged\n"
        yield process
        process.kill()


def test_a_killed_import_leaves_the_old_data_and_the_next_one_cleans_up(old, running):
    source, folder, before = old
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert list(folder.glob(".staging*"))
    left = content(folder)
    assert {name: left[name] for name in before} == before
    report = import_data(source, folder)
    assert len(table(report, "orders")) == 3
    assert not list(folder.glob(".staging*"))


def test_two_imports_at_once_are_refused(old, running):
    source, folder, before = old
    started = time.monotonic()
    with pytest.raises(DataError, match="data: another import is running"):
        import_data(source, folder)
    assert time.monotonic() - started < 5
    left = content(folder)
    assert {name: left[name] for name in before} == before


def test_a_folder_with_other_files_is_not_touched(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.doc").write_text("years of work")
    with pytest.raises(DataError, match=r"not empty and not a data folder \(found thesis.doc\)"):
        import_data(clean(tmp_path / "source"), folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.doc"]


def test_a_manifest_of_something_else_is_not_replaced(tmp_path):
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(DataError, match="not crmkpi's"):
        import_data(clean(tmp_path / "source"), folder)
    assert (folder / "manifest.json").read_text() == '{"name": "a web app"}'


def test_the_users_own_settings_stay(tmp_path):
    folder = tmp_path / "data"
    (folder / "indicators").mkdir(parents=True)
    (folder / "settings.toml").write_text("country = 'BE'")
    import_data(clean(tmp_path / "source"), folder)
    assert (folder / "settings.toml").read_text() == "country = 'BE'"


def test_source_and_data_folder_must_differ(tmp_path):
    source = clean(tmp_path / "source")
    with pytest.raises(UsageError, match="own data folder"):
        import_data(source, source)
    import_data(source, tmp_path / "data")
    with pytest.raises(DataError, match="already a data folder"):
        import_data(tmp_path / "data", tmp_path / "other")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"preset": "odo"}, "unknown preset 'odo'; did you mean 'odoo'?"),
        ({"zone": "Europe/Pari"}, "unknown time zone 'Europe/Pari'"),
        ({"currency": "euro"}, "currency 'euro': expected three letters"),
        ({"as_of": "23/11/2026"}, "as-of day '23/11/2026': expected year-month-day"),
        ({"preset": "odoo", "mapping": "m.toml"}, "not both"),
    ],
)
def test_wrong_options_are_usage_errors(tmp_path, options, message):
    with pytest.raises(UsageError) as caught:
        import_data(clean(tmp_path / "source"), tmp_path / "data", **options)
    assert message in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_progress_is_told_in_order(tmp_path):
    steps = []
    import_data(clean(tmp_path / "source"), tmp_path / "data", progress=lambda *step: steps.append(step))
    assert [step[0] for step in steps] == ["read", "accounts", "orders", "check", "done"]
    assert steps[-1][1] == steps[-1][2]
    assert all(done <= total for _, done, total in steps)
