"""4.1 and the activities due against their oracles: 200 random companies in one data set, and some alone.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

from dataclasses import replace
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import company, visits
from oracles.adding import the_groups_are_the_whole, the_list_is_the_number
from oracles.answers import Data, answer
from oracles.battery import alone, every_figure, imported, opened, own
from oracles.comparing import Asked, differences, known, listed, question
from oracles.maker import AS_OF

from crmkpi.sources import import_data

SPECS = visits.SPECS
seeds = st.integers(0, 10**6)
FIXED = [
    Asked(name, text, seen, by)
    for name in SPECS
    for text, seen in (("2026-11", AS_OF), ("2026-09", AS_OF), ("2026", AS_OF.replace(month=10)))
    for by in ((), ("business_unit",))  # one answer for each company
]


@pytest.fixture(scope="module")
def many():
    return opened(company.batch(range(200)))


@pytest.fixture(scope="module")
def spoilt():
    """Forty companies of which some required cells are empty."""
    return opened(company.spoilt(range(300, 340)))


@pytest.mark.parametrize("asked", FIXED, ids=lambda each: f"{each.name} {each.period} {each.as_of} {each.by}")
def test_each_of_200_companies(many, asked):
    crm, data = many
    assert differences(crm, data, SPECS[asked.name], asked) == []


@pytest.mark.parametrize("name", SPECS)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=seeds)
def test_any_question_of_200_companies(many, name, seed):
    crm, data = many
    asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
    assert differences(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_lists(many, name):
    crm, data = many
    for asked in (Asked(name, "2026-11", AS_OF), question(99, data, SPECS[name], AS_OF, own(crm, name))):
        assert listed(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize("name", SPECS)
def test_companies_with_empty_cells(spoilt, name):
    crm, data = spoilt
    for by in ((), ("business_unit",)):
        assert differences(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF, by)) == [], by
    assert listed(crm, data, SPECS[name], Asked(name, "2026-10", AS_OF)) == []


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=seeds)
def test_companies_alone(seed):
    assert alone(company.company(seed), SPECS, seed) == []


@pytest.mark.parametrize("name", SPECS)
def test_lists_and_groups_add_up(many, name):
    crm, data = many
    for asked in (Asked(name, "2026-10", AS_OF), question(5, data, SPECS[name], AS_OF, own(crm, name))):
        assert the_list_is_the_number(crm, asked) == [], asked
        for dimension in ("rep", "customer", "segment", *own(crm, name)):
            assert the_groups_are_the_whole(crm, asked, dimension) == [], asked


@pytest.mark.parametrize("name", SPECS)
def test_other_settings(many, monkeypatch, name):
    """Ten days to credit an order, and meetings are no visits."""
    crm, data = many
    monkeypatch.setattr(visits, "ATTRIBUTION", 10)
    monkeypatch.setattr(visits, "VISITS", ("visit",))
    fresh, other = Data(data.tables), {"attribution_days": 10, "visit_types": "visit"}
    for seed in range(3):
        asked = replace(question(seed, fresh, SPECS[name], AS_OF, own(crm, name)), settings=other)
        assert differences(crm, fresh, SPECS[name], asked) == [], asked
    assert listed(crm, fresh, SPECS[name], Asked(name, "2026-10", AS_OF, settings=other)) == []


def test_the_sample_company_too(sample_data):
    assert every_figure(*imported(sample_data), SPECS, ["2026-10", "2026-06"], ("rep",)) == []


@pytest.mark.parametrize("preset", ["tables", "export_fr"])
def test_odoo_too(preset, shared, tmp_path):
    import_data(shared / "real" / "odoo17_demo" / preset, tmp_path / "data")
    assert every_figure(*imported(tmp_path / "data"), SPECS, ["all", "2026-10"], ("rep",)) == []


def warned(crm, name, **more):
    """The groups that a figure warns of, by dimension, over a whole year."""
    found = crm.alerts([name], period="2026", as_of=AS_OF, **more)
    found = found[found["kind"] == "group"]
    assert set(found["severity"]) == {"P2"}
    return {(dim, known(who)) for dim, who in zip(found["dimension"], found["who_id"], strict=True)}


def test_alerts_of_few_reports(many):
    crm, data = many
    wanted = set()
    for dim in ("rep", "team"):
        rows = answer(data, SPECS["visit_report_rate"], Asked("", "2026", AS_OF, (dim,)).question(AS_OF))
        judged = {key: row["value"] for key, row in rows.items() if row["n"] >= 5 and row["value"] is not None}
        wanted |= {(dim, key[0]) for key, value in judged.items() if value < Fraction(4, 5)}
    assert warned(crm, "visit_report_rate") == wanted != set()


def test_alerts_of_many_visits_for_an_order(many):
    """Over twice the median of the team's reps, on enough mature visits (here 3, and a rep with one order counts)."""
    crm, data = many
    rows = answer(data, SPECS["visit_to_order_ratio"], Asked("", "2026", AS_OF, ("rep",)).question(AS_OF))
    team = {user["user_id"]: user["team"] for user in data.users}
    peers = {}
    for (rep,), row in rows.items():
        if row["value"] is not None and row["n"] >= 1:
            peers.setdefault(team.get(rep), []).append(row["value"])
    wanted = set()
    for (rep,), row in rows.items():
        usual = median(peers.get(team.get(rep), [0]))
        without = row["den"] == 0 and usual > 0
        if row["num"] is not None and row["num"] >= 3 and (without or (row["value"] or 0) > 2 * usual > 0):
            wanted.add(("rep", rep))
    assert warned(crm, "visit_to_order_ratio", settings={"mature_visits": 3, "small_n": 1}) == wanted != set()
