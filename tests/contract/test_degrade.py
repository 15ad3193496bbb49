"""A table taken away turns exactly the figures that need it unavailable; another figure that changes says so."""

import pytest
from frames import frames_of
from test_engines import read_by

import crmkpi
from crmkpi.schema import TABLES

ASKED = {"period": "2026-10", "lang": "en"}


@pytest.fixture(scope="module")
def frames(sample_data):
    return frames_of(sample_data)


@pytest.fixture(scope="module")
def whole(frames):
    return opened(frames)


@pytest.fixture(scope="module")
def before(whole):
    return {name: whole.kpi(name, **ASKED) for name in whole.figures}


def opened(frames):
    return crmkpi.open(frames, as_of="2026-10-15", currency="EUR")


def needing(crm, table):
    """The figures that say they need a table, and the composites that read one of them."""
    direct = {name for name, figure in crm.figures.items() if table in figure.needs}
    return direct, {name for name, figure in crm.figures.items() if direct & set(figure.input_names)}


@pytest.mark.parametrize("table", TABLES)
def test_without_a_table(frames, whole, before, table):
    crm = opened({name: frame for name, frame in frames.items() if name != table})
    direct, above = needing(crm, table)
    readers = {name for name in crm.figures if table in read_by(whole, name)} | direct | above
    wrong = {}
    for name in sorted(readers):
        then, now = before[name], crm.kpi(name, **ASKED)
        if name in direct:
            fine = now.status == "unavailable" and now.value is None and table in now.reason
        elif now.status == "unavailable":
            helped = {each[0].partition(".")[0] for each in whole.figures[name].helps}
            said = bool(now.reason) and (bool(whole.figures[name].inputs) or table in helped)
            fine = then.status == "unavailable" or said
        else:
            fine = now.status == "partial" or now.value == pytest.approx(then.value)
        if not fine:
            wrong[name] = (then.value, now.value, now.status, now.reason)
    assert wrong == {}


def test_the_whole_sample_has_every_figure(before):
    """Nothing is unavailable where every table is there: what is missing above is missing for lack of the table."""
    assert {name: result.reason for name, result in before.items() if result.status == "unavailable"} == {}
