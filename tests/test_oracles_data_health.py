"""3.1 and 3.2 against their oracles: 200 random companies in one data set, and some alone, every number of every row.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

import math

import pytest
from oracles import company_health, data_health, prospects
from oracles.answers import Data, selected
from oracles.battery import any_question, every_row, opened, own
from oracles.calendar import DAY
from oracles.comparing import Asked, differences, keys_of, listed, question, same
from oracles.maker import AS_OF

SPECS = data_health.SPECS | prospects.specs(AS_OF)
QUESTIONS, ALONE = 6, 20
BULK = 2


@pytest.fixture(scope="module")
def many():
    return opened(company_health.batch(range(200)))


@pytest.mark.parametrize("name", SPECS)
def test_every_number_of_200_companies_is_the_oracles(many, name):
    assert any_question(*many, SPECS[name], name, QUESTIONS) == []


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_lists_is_the_oracles_and_they_add_up(many, name):
    assert every_row(*many, SPECS[name], name) == []


@pytest.mark.parametrize("seed", range(ALONE))
def test_companies_alone(seed):
    """What holds for all rows of a company: a load day, one day of updates, its own top fifth, an absent table."""
    crm, data = opened(company_health.one(seed))
    for n, name in enumerate(SPECS):
        if (n + seed) % 4 == 0 or name in ("new_prospects", "quality_freshness"):
            asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
            assert differences(crm, data, SPECS[name], asked) == [], asked
            assert listed(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF)) == [], name


@pytest.mark.parametrize(("by", "seen"), [((), 0), (("team",), 0), (("rep",), 40), (("segment",), 0), ((), 200)])
def test_the_pace_of_new_prospects(many, by, seen):
    crm, data = many
    day = AS_OF - seen * DAY
    asked = Asked("new_prospects_pace", f"{day:%Y-%m}", day, by)
    frame = crm.kpi(asked.name, by=list(by), **asked.words).frame
    wanted = prospects.pace(data, SPECS["new_prospects"], asked.question(crm.as_of))
    got = dict(zip(keys_of(frame, by), frame["value"], strict=True)) if by else {(): frame["value"].iloc[0]}
    assert [key for key, value in wanted.items() if value is not None and key not in got] == []
    assert {key: (value, wanted[key]) for key, value in got.items() if not same(value, wanted.get(key))} == {}


def test_bulk_imports_are_set_aside(many):
    crm, data = many
    for name, spec in prospects.specs(AS_OF, BULK).items():
        asked = Asked(name, "2026", AS_OF, ("prospect_type",), settings={"bulk_size": BULK})
        fresh = Data(data.tables)
        assert any(fact.code == "bulk_import" for fact in selected(fresh, spec, asked.span))
        assert listed(crm, fresh, spec, asked) == []
        assert differences(crm, fresh, spec, asked) == []


def test_the_dimensions_beside_the_index_are_the_means_of_what_can_be_measured(many):
    crm, data = many
    asked = Asked("data_quality_index", "2026-11", AS_OF)
    row = crm.kpi(asked.name, **asked.words).row
    marks = [fact.listed for fact in selected(data, SPECS[asked.name], asked.span)]
    for name in data_health.WEIGHTS:
        measured = [float(each[name]) for each in marks if each[name] is not None]
        assert row[name] == pytest.approx(math.fsum(measured) / len(measured), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "right"),
    [("732829320", True), ("73282932000074", True), ("732 829 320 00074", True), ("732829321", False),
     ("356000000", True), ("35600000000048", True), ("35600000049837", True), ("35600000049838", False),
     ("7328293200007", False), ("HRB 1234", False)],
)  # fmt: skip
def test_registration_numbers_by_hand(text, right):
    """The oracle's own: 732829320 and La Poste's are published examples; 35600000049837 adds up to 45."""
    assert data_health.registration_ok(text) == right
