"""What every test may ask for: the real data, a tool, a browser, the demo and the sample company.

A tool that is missing skips the test with the reason; under ``CI=true`` it fails it. Only the real data
(``../shared``, or the folder named by ``CRMKPI_SHARED``) may be absent everywhere.
"""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI") == "true"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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


@pytest.fixture(scope="session")
def browser(chromium):
    """One headless Chromium for the session; each test opens its own context in it."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory):
    """A data folder with a small sample company (the default seed, fewer customers)."""
    from click.testing import CliRunner

    from crmkpi.cli import main

    folder = tmp_path_factory.mktemp("sample") / "data"
    result = CliRunner().invoke(main, ["sample", "--to", str(folder), "--customers", "60"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A data folder with data/demo imported: the figures one can add up by hand."""
    from crmkpi.sources import import_data

    folder = tmp_path_factory.mktemp("demo") / "data"
    import_data(ROOT / "data" / "demo", folder)
    return folder
