"""The contract every figure keeps: asked of the demo and of a small sample company (test_engines.py: as frames, too).

No test here names a figure: the registry is the list, and a figure dropped in has to pass as it is.
"""

import pytest
from frames import open_both

from crmkpi.indicators import Library

LIBRARY = Library()
FIGURES = LIBRARY.figures
SETS = ["demo folder", "sample folder"]  # test_engines.py compares the frames of both with the folders


@pytest.fixture(scope="session", params=SETS)
def crm(request, demo, sample_data):
    """Each set of data in turn."""
    which, kind = request.param.split()
    return open_both({"demo": demo, "sample": sample_data}[which], kind)


@pytest.fixture(scope="session")
def folders(demo, sample_data):
    return {"demo": demo, "sample": sample_data}


def pytest_generate_tests(metafunc):
    """``name`` is each figure, ``fact`` each figure with facts of its own (a composite has its inputs')."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", list(FIGURES))
    if "fact" in metafunc.fixturenames:
        metafunc.parametrize("fact", [figure.name for figure in FIGURES.values() if not figure.inputs])
