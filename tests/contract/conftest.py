"""The contract every figure keeps: asked of the demo and of a small sample company, as folders and as frames.

No test here names a figure: the registry is the list, and a figure dropped in has to pass as it is.
"""

import pytest
from frames import open_both

from crmkpi.indicators import Library

LIBRARY = Library()
FIGURES = LIBRARY.figures
SETS = ["demo folder", "demo frames", "sample folder"]  # test_engines.py compares the sample's frames with its folder


@pytest.fixture(scope="session", params=SETS)
def crm(request, demo, sample_data):
    """Each set of data in turn, as a folder and as frames."""
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


# Faults that are known and not mended yet: the test, the figure, what is wrong (strict: a mended one is noticed).
COME, NOTHING = "test_unavailable_for_a_period_to_come_is_an_answer", "test_nothing_gives_unavailable_and_never_zero"
FAULTS = {
    (COME, "average_basket"): "T1: columns beside are not there where no period has begun",
    (COME, "open_opportunities"): "T1: columns beside are not there where no period has begun",
    (COME, "count_effect"): "T1: columns beside are not there where no period has begun",
    (COME, "basket_effect"): "T1: columns beside are not there where no period has begun",
    (COME, "pipeline_coverage"): "T2: what is unavailable is taken for 0",
    (COME, "needed_coverage"): "T2: a value for a period that has not begun",
    (NOTHING, "pipeline_coverage"): "T2: what is unavailable is taken for 0",
}


def pytest_collection_modifyitems(items):
    for item in items:
        why = FAULTS.get(
            (getattr(item, "originalname", ""), getattr(item, "callspec", None) and item.callspec.params.get("name"))
        )
        if why:
            item.add_marker(pytest.mark.xfail(reason=why, strict=True))
