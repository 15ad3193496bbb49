"""4.2 and 4.3 against their oracles: 200 random companies in one data set, and some alone, every number of every row.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

import pytest
from oracles import company_health, leads, plans
from oracles.battery import alone, any_question, every_row, opened
from oracles.maker import AS_OF

SPECS = plans.specs(AS_OF) | leads.SPECS
QUESTIONS, ALONE = 10, 16


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
    assert alone(company_health.one(seed), SPECS, seed) == []
