"""`make` on machines that are not like the author's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIND_PYTHON = ROOT / ".ci" / "find-python"
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="make and sh are for Linux and macOS; README has the lines for Windows"
)


@pytest.fixture
def machine(tmp_path):
    """``machine(python3="sh script")`` runs find-python where only these programs exist."""

    def run(**programs):
        for name, script in programs.items():
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        environment = {"PATH": str(tmp_path)}
        return subprocess.run(["/bin/sh", FIND_PYTHON], env=environment, capture_output=True, text=True)

    return run


GOOD = f'exec "{sys.executable}" "$@"'
TOO_OLD = 'case "$1" in --version) echo Python 3.9.18;; *) exit 1;; esac'
NO_VENV = f'case "$2" in *ensurepip*) exit 1;; esac; {GOOD}'


def test_python3_is_taken_when_it_fits(machine, tmp_path):
    assert machine(python3=GOOD, **{"python3.14": GOOD}).stdout.strip() == str(tmp_path / "python3")


def test_another_python_is_found_when_python3_is_too_old(machine, tmp_path):
    assert machine(python3=TOO_OLD, **{"python3.12": GOOD}).stdout.strip() == str(tmp_path / "python3.12")


def test_no_python_that_fits_is_said_in_one_line(machine):
    found = machine(python3=TOO_OLD)
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "needs Python 3.11 to 3.14 (found: Python 3.9.18)" in found.stderr


def test_a_python_without_venv_says_what_to_install(machine):
    found = machine(python3=NO_VENV)
    assert found.returncode == 1
    assert re.search(r"apt-get install python3\.\d+-venv", found.stderr)


def make(*arguments, cwd):
    """What make prints, as if typed in a terminal, even where these tests were started by make."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"
    }
    return subprocess.run(
        ["make", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_make_alone_is_its_help():
    shown = make(cwd=ROOT)
    verbs = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    assert {line.split()[1] for line in shown.splitlines()} == set(verbs) - {"tools"}


@pytest.mark.parametrize("verb", ["setup", "serve", "lab", "test"])
def test_every_verb_sets_up_what_it_needs(verb, tmp_path):
    """In a folder with nothing but the Makefile and what it reads, each verb starts with the environment."""
    for name in ("Makefile", "requirements.lock", "requirements.spark.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    planned = make("--dry-run", verb, cwd=tmp_path)
    assert "--require-hashes -r requirements.lock" in planned
    assert ("-r requirements.spark.lock" in planned) == (verb == "test"), "Spark is for its tests only"
    assert ("crmkpi sample" in planned) == (verb in ("serve", "lab"))
