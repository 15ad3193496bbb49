"""The repository keeps the promises of README, CONTRIBUTING and pyproject.toml."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted((ROOT / "crmkpi").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def tracked(*patterns):
    """The files of the next commit: those git knows and new ones it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git clone: which files belong to the project is not known")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def relative(path):
    return path.relative_to(ROOT).as_posix()


# --- one direction -----------------------------------------------------------------------------------------------

# Each part of the package may import parts of lower layers (and itself), never its own layer's neighbours.
LAYERS = [
    {"errors", "warm"},
    {"schema", "calendar", "access"},
    {"indicators"},
    {"sources", "engine", "history"},
    {"facts"},
    {"__init__"},  # the door: what `import crmkpi` gives
    {"format"},
    {"figures"},
    {"dashboard"},
    {"reference", "report", "sample"},
    {"deliver"},
    {"schedule", "serve"},
    {"cli"},
    {"__main__"},
]
LAYER = {part: depth for depth, parts in enumerate(LAYERS) for part in parts}
# `sources` fills a data folder, everything else reads it: only the outermost parts know both.
KNOW_SOURCES = {"__init__", "cli", "sample", "schedule", "serve", "sources"}
SOURCES_KNOW = {"errors", "schema"}


def part_of(path):
    return path.relative_to(ROOT / "crmkpi").with_suffix("").parts[0]


def imported_parts(path):
    """The parts of crmkpi that a module imports, wherever in the module."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):  # of a bare `import crmkpi`, what counts is what is used of it: next line
            yield from (part_named(alias.name.split(".")) for alias in node.names if alias.name != "crmkpi")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "crmkpi":
            yield part_named(["crmkpi", node.attr])
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = [*start, *(node.module or "").split(".")] if node.module else [*start]
            yield from (part_named([*module, alias.name]) for alias in node.names)


def part_named(names):
    if names[0] != "crmkpi" or names[1:] == ["__version__"]:
        return None
    inside = names[1] if len(names) > 1 else "__init__"
    return inside if inside in LAYER or (ROOT / "crmkpi" / inside).is_dir() else "__init__"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_arrows_go_one_way(path):
    part = part_of(path)
    assert part in LAYER, f"crmkpi.{part} has no layer yet: give it one in LAYERS"
    others = set(imported_parts(path)) - {None, part}
    assert all(other in LAYER for other in others), f"no layer for {others - set(LAYER)}"
    upward = {other for other in others if LAYER[other] >= LAYER[part]}
    assert not upward, f"crmkpi.{part} may not import {sorted(upward)}: arrows go from lower layers to higher ones"
    assert part != "sources" or others <= SOURCES_KNOW, f"sources know {sorted(SOURCES_KNOW)} only"
    assert part in KNOW_SOURCES or "sources" not in others, f"crmkpi.{part} must not know where the data came from"


def test_the_direction_test_sees_every_kind_of_import(tmp_path):
    assert part_named(["crmkpi", "facts", "periods"]) == "facts"
    assert part_named(["crmkpi", "open"]) == "__init__"
    assert part_named(["crmkpi"]) == "__init__"
    assert part_named(["pandas"]) is None


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    written = [line for line in text.splitlines() if line.strip()]
    assert len(written) <= 300, "a module has at most 300 lines (blank ones not counted)"
    assert not text or ast.get_docstring(ast.parse(text)), "a module's docstring says what is here and what is below"


# pyarrow is not among them: pandas imports it where it finds it.
HEAVY = {"anywidget", "babel", "holidays", "ipywidgets", "jupyterlab", "matplotlib", "seaborn", "sqlglot", "voila"}


def test_import_crmkpi_is_light():
    seen = subprocess.run(
        [sys.executable, "-c", "import crmkpi, sys; print(*{name.split('.')[0] for name in sys.modules})"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert not HEAVY & set(seen.stdout.split())


# --- one set of dependencies -------------------------------------------------------------------------------------

CONDA_NAMES = {"python-duckdb": "duckdb"}
IN_CONDA = ("excel", "notebooks", "serve", "sql")


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras):
    """Name -> range of what pyproject.toml asks for, without its references to itself."""
    project = PYPROJECT["project"]
    lines = project["dependencies"] + [each for extra in extras for each in project["optional-dependencies"][extra]]
    needed = map(Requirement, lines)
    return {canonical(each.name): each.specifier for each in needed if each.name != "crmkpi"}


def test_environment_yml_agrees_with_pyproject():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    ranges = dict(re.match(r"([\w.-]+)(.*)", each).groups() for each in listed if isinstance(each, str))
    conda = {CONDA_NAMES.get(name, name): SpecifierSet(text) for name, text in ranges.items()}
    assert conda.pop("python") == SpecifierSet(PYPROJECT["project"]["requires-python"])
    conda.pop("pip")
    windows_only = {"tzdata"}  # conda's Python brings it
    expected = {name: wanted for name, wanted in declared(*IN_CONDA).items() if name not in windows_only}
    assert conda == expected


def test_the_all_extra_is_everything_for_users():
    extras = set(PYPROJECT["project"]["optional-dependencies"])
    (everything,) = PYPROJECT["project"]["optional-dependencies"]["all"]
    assert Requirement(everything).extras == extras - {"all", "test", "dev"}


LOCKS = [(ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "requirements.spark.lock")]
LOCKED = re.compile(r"([a-z0-9-]+)(\[[a-z,]+\])?==([\w.!+]+)( ; [^\\]+)?( \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


@pytest.mark.parametrize("lock", LOCKS, ids=["all", "spark"])
def test_the_lock_holds_names_versions_and_hashes_only(lock):
    odd = [line for line in lock.splitlines() if not (LOCKED.fullmatch(line) or HASH.fullmatch(line))]
    assert odd == []


def test_the_lock_satisfies_pyproject():
    locked = {}
    for name, _, version, *_ in [line for lock in LOCKS for line in LOCKED.findall(lock)]:
        locked.setdefault(name, []).append(version)
    for name, wanted in declared("dev", "test", "excel", "notebooks", "serve", "spark", "sql").items():
        assert name in locked, f"{name} is not locked: make lock"
        assert all(wanted.contains(version, prereleases=True) for version in locked[name]), f"{name}: make lock"


def test_third_party_imports_are_declared():
    """What the package imports is asked for by pyproject, and what `import crmkpi` needs by its core."""
    provided = {"yaml": "pyyaml", "IPython": "ipython"}
    by_others = {"ipython", "traitlets", "nbformat", "nbconvert", "nbclient", "numpy", "matplotlib", "tornado"} | {
        "ipykernel", "jupyter-client", "jupyter-core", "jupyter-server", "jinja2", "traittypes", "zmq",
    }  # fmt: skip  # dependencies of dependencies that are their public face
    known = set(declared(*PYPROJECT["project"]["optional-dependencies"])) | by_others
    asked = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in {each.split(".")[0] for each in names} - sys.stdlib_module_names - {"crmkpi"}:
                asked.setdefault(canonical(provided.get(name, name)), relative(path))
    assert {name: where for name, where in asked.items() if name not in known} == {}


def test_the_wheel_holds_all_that_a_clone_has(tmp_path):
    """Installed from a wheel, crmkpi has its SQL, its templates and its notebooks."""
    hatchling = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(hatchling, cwd=ROOT, check=True, capture_output=True, timeout=60)
    held = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    expected = {relative(path) for path in tracked("crmkpi")}
    expected |= {relative(path).replace("notebooks/", "crmkpi/_notebooks/", 1) for path in tracked("notebooks")}
    assert expected - held == set()
    assert [name for name in held - expected if ".dist-info/" not in name] == []


# --- nothing of one machine, nothing generated -------------------------------------------------------------------

MACHINE = re.compile(
    r"/work/|/home/\w|/Users/\w|/root/|[A-Z]:\\Users\\|/opt/pypi|/opt/wheels|\bfile:///|pythonhosted|pypi\.org/simple|"
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b"
)


def test_no_file_names_a_machine():
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if path == Path(__file__) or b"\0" in content[:8192]:
            continue
        named = sorted(set(MACHINE.findall(content.decode("utf-8", "replace"))))
        if named:
            found[relative(path)] = named
    assert found == {}


def test_nothing_generated_is_kept():
    names = [relative(path) for path in tracked()]
    assert [name for name in names if name.endswith((".pyc", ".whl")) or name.startswith("data/sample/")] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_notebooks_are_prose_and_short_calls(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "papermill" not in notebook["metadata"], "left by papermill: make format"
    for cell in notebook["cells"]:
        assert "papermill" not in cell["metadata"], "left by papermill: make format"
        if cell["cell_type"] == "code":
            assert cell["execution_count"] is None, "run make format before a commit"
            checked = "keep_output" in cell["metadata"].get("tags", [])
            assert checked or not cell["outputs"], "only a cell tagged keep_output (nbval checks it) keeps its output"
            source = "".join(cell["source"])
            assert not re.search(r"^\s*(def|class|for|while|try)\b", source, re.M), "logic belongs in the package"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_a_notebook_checks_a_figure(path):
    """nbval compares at least one output, so that a figure that moves breaks the build."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    checked = [cell for cell in cells if "NBVAL_CHECK_OUTPUT" in "".join(cell["source"]) and cell["outputs"]]
    assert checked, "no cell has '# NBVAL_CHECK_OUTPUT', the tag keep_output and an output (on data/demo)"
