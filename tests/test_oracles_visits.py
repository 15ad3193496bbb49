"""4.1 and the activities due against their oracles: 200 random companies in one data set, and some alone.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

import pytest
from oracles import company, visits
from oracles.answers import Data
from oracles.comparing import Asked, differences, listed, question
from oracles.maker import AS_OF

import crmkpi

SPECS = visits.SPECS
QUESTIONS = 12
FIXED = [
    Asked(name, text, seen, by)
    for name in SPECS
    for text, seen in (("2026-11", AS_OF), ("2026-09", AS_OF), ("2026", AS_OF.replace(month=10)))
    for by in ((), ("business_unit",))  # one answer for each company
]


def opened(tables):
    """The tables as the engine sees them and as the oracles do."""
    return crmkpi.open(company.frames(tables), as_of=AS_OF, currency="EUR"), Data(tables)


@pytest.fixture(scope="module")
def many():
    return opened(company.batch(range(200)))


def own(crm, name):
    return tuple(crm.figures[name].dimensions)


@pytest.mark.parametrize("asked", FIXED, ids=lambda each: f"{each.name} {each.period} {each.as_of} {each.by}")
def test_each_of_200_companies(many, asked):
    crm, data = many
    assert differences(crm, data, SPECS[asked.name], asked) == []


@pytest.mark.parametrize("name", SPECS)
def test_any_question_of_200_companies(many, name):
    crm, data = many
    for seed in range(QUESTIONS):
        asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
        assert differences(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_lists(many, name):
    crm, data = many
    for asked in (Asked(name, "2026-11", AS_OF), question(99, data, SPECS[name], AS_OF, own(crm, name))):
        assert listed(crm, data, SPECS[name], asked) == [], asked


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_companies_alone(seed):
    crm, data = opened(company.company(seed))
    for n, name in enumerate(SPECS):
        if (n + seed) % 2:
            asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
            assert differences(crm, data, SPECS[name], asked) == [], asked
            assert listed(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF)) == [], name
