"""What every test may ask for: the real data, a tool, a browser, the demo and the sample company.

A tool that is missing skips the test with the reason; under ``CI=true`` it fails it. Only the real data
(``../shared``, or the folder named by ``CRMKPI_SHARED``) may be absent everywhere.
"""

import contextlib
import functools
import importlib.util
import io
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"
BROWSERS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Root in a container has no sandbox; the rest keeps the browser from looking for hosts outside.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def missing(what):
    """Skip the test, or fail it where everything must be there."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and under CI=true every tool must be there", pytrace=False)
    pytest.skip(f"{what} is missing (`make test` installs it where it may)")


def find_tool(*names):
    """The path of the first of these programs that exists, or None.

    >>> find_tool("no-such-program") is None
    True
    """
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def require_tool():
    """``require_tool("java")`` is the program's path; without it the test skips, or fails under CI=true."""
    return lambda *names: find_tool(*names) or missing(names[0])


@pytest.fixture(scope="session")
def require_package():
    """``require_package("pyspark")`` skips the test without it, or fails it under CI=true."""
    return lambda name: importlib.util.find_spec(name) or missing(name)


@pytest.fixture(scope="session")
def root():
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """The folder with the real data, which is never part of the repository."""
    folder = Path(os.environ.get("CRMKPI_SHARED", ROOT.parent / "shared"))
    if not (folder / "real").is_dir():
        pytest.skip("the real data is not here (../shared, or the folder CRMKPI_SHARED names)")
    return folder


@pytest.fixture(scope="session")
def chromium(require_tool):
    """The path of a Chromium."""
    return os.environ.get("CRMKPI_CHROMIUM") or require_tool(*BROWSERS)


@pytest.fixture(scope="module")
def browser(chromium):
    """One headless Chromium for a file; each test opens its own context in it.

    Not for the session: while it is driven, its thread has a running event loop, and other tests want their own.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield started
        started.close()


def run_crmkpi(*words):
    """One crmkpi command in this process: its exit code, standard output and standard error."""
    from crmkpi.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
            code = 0
        except SystemExit as stopped:
            code = stopped.code or 0
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="session")
def cli():
    """``cli("list", "--json")`` gives the exit code, standard output and standard error of a crmkpi command."""
    return run_crmkpi


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory):
    """A data folder with a small sample company: the default seed, fewer customers."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    code, _, err = run_crmkpi("sample", "--to", folder, "--customers", 60, "--back", 2)
    assert code == 0, err
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A data folder with data/demo imported: the figures one can add up by hand."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    code, _, err = run_crmkpi("import", ROOT / "data" / "demo", "--to", folder)
    assert code == 0, err
    return folder


@pytest.fixture(scope="session")
def companies(demo, tmp_path_factory):
    """``companies(name)`` is a golden company as a data folder, imported once; data/demo for a name that has none."""

    @functools.cache
    def folder(name):
        if not (ROOT / "tests" / "companies" / name).is_dir():
            return demo
        to = tmp_path_factory.mktemp(name) / "data"
        code, _, err = run_crmkpi("import", ROOT / "tests" / "companies" / name, "--to", to)
        assert code == 0, err
        return to

    return folder


SHARED = ("tests/contract/test_answers.py", "tests/contract/test_engines.py", "tests/contract/test_facts.py")
BROAD = (*SHARED, "tests/contract/test_degrade", "tests/contract/test_held", "tests/access", "tests/history", "tests/serve",
         "tests/warm", "tests/report/test_schedule", "tests/cli/test_real_", "tests/dashboard/test_products",
         "tests/dashboard/test_history", "tests/dashboard/test_definitions", "tests/dashboard/test_columns",
         "tests/test_alerts", "tests/test_backtest", "tests/test_branches", "tests/test_customers", "tests/test_data_health",
         "tests/test_gaps", "tests/test_make", "tests/test_mutation", "tests/test_oracles", "tests/test_properties",
         "tests/test_readme", "tests/test_repository", "tests/test_sample", "tests/test_visits")  # fmt: skip


TOGETHER = ("tests/spark", "tests/pages")  # one JVM, one server
LONG = (*TOGETHER, "tests/report", "tests/serve", "tests/access", "tests/history", "notebooks", "tests/test_mutation",
        "tests/test_oracles")  # fmt: skip


def pytest_collection_modifyitems(items):
    """Mark what says more of our figures than of the libraries: it is left out on the oldest versions.

    What takes long and can not be shared begins first, what can be shared fills the end: no worker waits for another.
    """
    for item in items:
        if item.nodeid.startswith(BROAD) or "written" in getattr(item, "fixturenames", ()):  # the reports of a company
            item.add_marker("broad")
    items.sort(key=lambda item: 0 if item.nodeid.startswith(LONG) else 2 if item.nodeid.startswith(SHARED) else 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With several workers (``-n 2``), a file stays with one of them, for what it opens; the broadest files are shared.

    (Groups by mark are not heeded by pytest-xdist 3.8 under pytest 9.2.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByPart(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path = nodeid.partition("::")[0]
            if path in SHARED:
                return nodeid
            return next((folder for folder in TOGETHER if path.startswith(folder)), path)

    config.option.loadscopereorder = False  # files in the order above, not by how many tests they have
    return ByPart(config, log)


def pytest_terminal_summary(terminalreporter):
    """Print the minutes that each part of the tests took, all workers added up."""
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "nodeid"):
                seconds[part_of(report.nodeid)] += report.duration
    if len(seconds) > 1:
        terminalreporter.section("minutes of each part (of all workers together)")
        for part, spent in seconds.most_common():
            terminalreporter.write_line(f"{spent / 60:6.1f}  {part}")


def part_of(nodeid):
    """The part of the tests that one belongs to: a folder of tests/, a kind of file in it, the docstrings, the notebooks.

    >>> [part_of(each) for each in ("tests/cli/test_real.py::x", "tests/test_oracles_visits.py::y", "crmkpi/errors.py::z")]
    ['cli', 'oracles', 'docstrings']
    """
    top, *more = nodeid.partition("::")[0].split("/")
    if top != "tests":
        return "docstrings" if top == "crmkpi" else top
    return more[0] if len(more) > 1 else more[0].removeprefix("test_").removesuffix(".py").split("_")[0]
