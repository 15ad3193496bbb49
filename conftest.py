"""For pytest wherever it starts: the notebooks run on the golden data. The fixtures are in tests/conftest.py."""

import functools
import tempfile
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items):
    """Let nbval compare an output that is kept without its count, as nbstripout leaves it (tag ``keep_output``)."""
    for cell in (item.cell for item in items if hasattr(item, "cell")):
        if cell.get("outputs") and cell.execution_count is None:
            cell.execution_count = 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """The kernel of a notebook starts with data/demo as its data, whose figures one can add up by hand."""
    if not hasattr(item, "cell"):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRMKPI_DATA", demo_folder().name)
        return (yield)


@functools.cache
def demo_folder():
    """A data folder with data/demo imported, gone when the session ends."""
    from crmkpi.sources import import_data

    folder = tempfile.TemporaryDirectory(prefix="crmkpi-demo-")
    import_data(Path(__file__).parent / "data" / "demo", folder.name)
    return folder
