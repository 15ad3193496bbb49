"""The rows behind a figure, read off those of all places, are those that the data give when asked for one."""

import pandas as pd
import pytest
from frames import open_both

from crmkpi.calendar import parse
from crmkpi.facts import rows
from crmkpi.facts.crm import Crm
from crmkpi.facts.grid import Ask

PLACES = {"team": ["Sud"], "business_unit": [""]}


@pytest.fixture(scope="module")
def crm(sample_data):
    """The sample: it has more teams, and rows without one."""
    return open_both(sample_data, "folder")


@pytest.fixture
def held(crm, name):
    """The data with the rows of a figure at hand for every value of each place."""
    base = crm.base.with_({"small_n": 6}, None)  # another setting, so that nothing is shared
    base.by_place = True
    for which in (rows.USED, rows.OTHERS, rows.COUNTS):
        for place in PLACES:
            rows.hold(base, rows.Wanted(name, ask(crm), which, place))
    return Crm(base)


def ask(crm):
    return Ask(parse("2026-09"), crm.as_of)


@pytest.fixture(autouse=True)
def has_rows(name, crm):
    if crm.figures[name].inputs:
        pytest.skip("a formula has no rows of its own")


def same(found, expected):
    """The same rows in the same order; numbers of the same type (texts of which none is there are of any)."""
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    numbers = [name for name in found if found[name].dtype.kind in "iufbM" or expected[name].dtype.kind in "iufbM"]
    assert found[numbers].dtypes.to_dict() == expected[numbers].dtypes.to_dict()


def test_the_same_rows_of_the_same_types(held, crm, name, monkeypatch):
    expected = {}
    for place, wanted in PLACES.items():
        for left_out in (False, True):
            expected[place, left_out] = crm.facts(name, period="2026-09", where={place: wanted}, left_out=left_out)
        expected[place] = crm.left_out(name, period="2026-09", where={place: wanted})
    monkeypatch.setattr(rows, "_read", lambda *_given: pytest.fail("the data were asked"))
    for place, wanted in PLACES.items():
        for left_out in (False, True):
            found = held.facts(name, period="2026-09", where={place: wanted}, left_out=left_out)
            same(found, expected[place, left_out])
        assert held.left_out(name, period="2026-09", where={place: wanted}) == expected[place]
