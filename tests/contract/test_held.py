"""A base that holds the sums of all places answers as one that asks for each place alone."""

import pandas as pd
import pytest
from frames import open_both

from crmkpi.facts.crm import Crm

QUESTIONS = (
    {"where": {"team": ["Sud"]}, "by": ["rep"]},
    {"where": {"team": ["Sud", "Nord"], "rep": ["{rep}"]}, "by": ["month"], "period": "2026-Q3"},
    {"where": {"rep": ["{nobody}"]}, "by": ["team", "rep"]},
)


@pytest.fixture(scope="module")
def crm(sample_data):
    """The sample: of the two, the one with more reps and months."""
    return open_both(sample_data, "folder")


@pytest.fixture(scope="module")
def held(crm):
    base = crm.base.with_({"small_n": 6}, None)  # another setting, so that nothing is shared
    base.by_place = True
    alone = crm.base.with_({"small_n": 6}, None)
    return Crm(base), Crm(alone)


@pytest.fixture(scope="module")
def people(crm):
    """A rep of team Sud, and one of a team whose figures are all empty there."""
    inside = crm.values("rep", where={"team": "Sud"})["id"]
    outside = crm.values("rep", where={"team": "Nord"})["id"]
    return {"{rep}": inside.iloc[0], "{nobody}": outside.iloc[-1]}


def asked(question, people):
    where = {name: [people.get(each, each) for each in wanted] for name, wanted in question["where"].items()}
    return {"period": "2026-10", "compare": ["previous", "last_year", "target"]} | question | {"where": where}


def test_the_same_answers(held, name, people):
    ours, alone = held
    for question in QUESTIONS:
        given = asked(question, people)
        mine, theirs = ours.kpi(name, **given), alone.kpi(name, **given)
        pd.testing.assert_frame_equal(mine.frame, theirs.frame, rtol=1e-12)
        pd.testing.assert_series_equal(pd.Series(mine.row), pd.Series(theirs.row), rtol=1e-12)
        assert mine.sql == theirs.sql
        assert mine.params == theirs.params


def test_the_data_are_asked_once(held, people, monkeypatch):
    ours, _ = held
    ours.kpi("invoiced_revenue", period="2026-08", where={"rep": people["{rep}"]})
    monkeypatch.setattr(type(ours.base.engine), "arrays", lambda *_given: pytest.fail("asked again"))
    ours.kpi("invoiced_revenue", period="2026-08", where={"rep": people["{nobody}"]})
