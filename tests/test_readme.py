"""What README says to type works: its files are written and its commands run, in order, in a fresh folder.

A fenced block whose first line names a file after its language (```` ```toml exports/mapping.toml ````) is
written to that file; ``sh`` and ``powershell`` blocks are run or, where they would start a server or make an
environment, taken apart and checked; ``python`` blocks run.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(language, name, body) for language, name, body in FENCE.findall(README)]
COMMANDS = [
    line for language, _, body in BLOCKS if language in ("sh", "powershell") for line in body.splitlines() if line
]
IN_VENV = re.compile(r"^\.venv[\\/](?:bin|Scripts)[\\/]")


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A fresh folder that holds what README assumes: data/demo, and the files its blocks show."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "data" / "demo", folder / "data" / "demo")
    for _, name, body in BLOCKS:
        if name and not name.startswith("data/sample/"):
            write(folder / name, body)
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_commands_in_order(workplace, monkeypatch, cli):
    monkeypatch.chdir(workplace)
    calls = [shlex.split(IN_VENV.sub("", line)) for line in COMMANDS if "\\" not in line]
    for words in [call[1:] for call in calls if call[0] == "crmkpi"]:
        served = words[0] == "serve"  # would not return: only its options are read
        code, out, err = cli(*words, "--help") if served else in_a_process(words) if words[0] == "run" else cli(*words)
        assert code == 0, f"crmkpi {shlex.join(words)}: {err}"
        assert out.strip(), f"crmkpi {shlex.join(words)} printed nothing"
        if words[0] == "sample":  # the figure of one's own lies in the sample's folder
            for _, name, body in BLOCKS:
                if name.startswith("data/sample/"):
                    write(workplace / name, body)
    for _, _, body in [block for block in BLOCKS if block[0] == "python"]:
        exec(compile(body, "README.md", "exec"), {})


def in_a_process(words):
    """A command that forks: not where pytest and DuckDB have threads."""
    done = subprocess.run([sys.executable, "-m", "crmkpi", *words], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("line", [each for each in COMMANDS if not each.startswith("crmkpi")])
def test_a_command_that_prepares_names_what_exists(line):
    words = shlex.split(IN_VENV.sub("", line.replace("\\", "/")))
    program, arguments = words[0], words[1:]
    if program == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert all(re.search(rf"^{verb}:", makefile, re.MULTILINE) for verb in arguments if "=" not in verb)
    elif arguments[:3] == ["-m", "pip", "install"]:
        assert [word for word in arguments if word.endswith(".lock") and not (ROOT / word).is_file()] == []
    elif program in ("python3", "py"):
        assert arguments[-3:] == ["-m", "venv", ".venv"]
    else:
        assert program == "crmkpi", f"{line}: how to check this command? Say it in this test"


def test_windows_and_unix_lines_say_the_same():
    unix, windows = ([line for line in COMMANDS if line.startswith(start)] for start in (".venv/bin", ".venv\\Scripts"))
    same = [line.replace("\\", "/").replace("/Scripts/", "/bin/") for line in windows]
    assert same == unix
    assert unix


def test_paths_in_prose_exist():
    """What README shows between backticks as a place in this repository is there."""
    prose = FENCE.sub("", README)
    places = re.findall(r"`((?:crmkpi|tests|benchmarks|notebooks)(?:/[\w.-]*)+)`", prose)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", prose)
    exists = [place for place in places + links if (ROOT / place).exists()]
    assert set(places + links) - set(exists) == set()


def test_contributing_explains_every_header_key():
    from crmkpi.indicators import header

    rows = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| key |")[1].split("\n\n")[0].splitlines()[2:]
    explained = {key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert explained == header._ONCE | header._MANY


def test_pictures_are_there_and_none_is_left_over():
    shown = set(re.findall(r"docs/img/[\w.-]+", (ROOT / "README.md").read_text(encoding="utf-8")))
    kept = {f"docs/img/{path.name}" for path in (ROOT / "docs" / "img").iterdir()}
    assert shown == kept
    assert all((ROOT / name).read_bytes().startswith(b"\x89PNG") for name in shown)
