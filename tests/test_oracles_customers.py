"""3.3 against its oracle: 200 random companies in one data set, and some alone, every number of every row.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

import pytest
from oracles import company_health, customers
from oracles.answers import Data
from oracles.battery import alone, any_question, every_row, opened
from oracles.comparing import Asked, differences, listed
from oracles.maker import AS_OF

SPECS = customers.SPECS
QUESTIONS, ALONE = 12, 20
RULES = {
    "one global cycle": ({"default_cycle": 31, "min_order_days": 999_999}, customers.Rule(31, 999_999, 5)),
    "two order days, three of a segment": ({"min_order_days": 2, "min_segment": 3}, customers.Rule(90, 2, 3)),
    "six order days": ({"min_order_days": 6, "min_segment": 1, "default_cycle": 10}, customers.Rule(10, 6, 1)),
}


@pytest.fixture(scope="module")
def many():
    return opened(company_health.batch(range(200)))


@pytest.mark.parametrize("name", SPECS)
def test_every_number_of_200_companies_is_the_oracles(many, name):
    assert any_question(*many, SPECS[name], name, QUESTIONS) == []


@pytest.mark.parametrize("name", SPECS)
def test_every_row_of_the_lists_is_the_oracles_and_they_add_up(many, name):
    assert every_row(*many, SPECS[name], name) == []


@pytest.mark.parametrize("rule", RULES)
def test_other_settings(many, rule):
    crm, data = many
    settings, wanted = RULES[rule]
    specs = customers.specs(wanted)
    for name in specs:
        fresh = Data(data.tables)
        asked = Asked(name, "2026-11", AS_OF, ("segment",), settings=settings)
        assert differences(crm, fresh, specs[name], asked) == []
        assert listed(crm, fresh, specs[name], asked) == []


@pytest.mark.parametrize("seed", range(ALONE))
def test_companies_alone(seed):
    assert alone(company_health.one(seed), SPECS, seed) == []


def test_everybody_has_one_state(many):
    crm, data = many
    found = [set(crm.facts(f"{state}_customers", as_of=AS_OF)["id"]) for state in ("active", "inactive", "lost")]
    assert sum(map(len, found)) == len(set.union(*found)) == len(customers.states(data, AS_OF))
