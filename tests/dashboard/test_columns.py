"""What the columns of the lists are called: none is left with the name it has in the query."""

import pytest

import crmkpi
from crmkpi.dashboard.columns import _WORDS, _declared, columns_of
from crmkpi.dashboard.words import WORDS
from crmkpi.errors import CrmkpiError


@pytest.fixture(scope="module", params=["sample", "demo"])
def crm(request, sample_data, demo):
    return crmkpi.open({"sample": sample_data, "demo": demo}[request.param])


def test_each_column_of_each_list_has_words(crm):
    known = {*_WORDS, *WORDS, *_declared(), "num"}
    bare = set()
    for name, figure in crm.figures.items():
        try:
            rows = crm.facts(name, period="all")
        except CrmkpiError:  # a formula over figures has no list of its own
            continue
        bare |= {(name, each.name) for each in columns_of(rows, figure, "fr") if each.name not in known}
    assert bare == set()


def test_amounts_are_money_whatever_they_are_called(crm):
    units = {
        each.name: each.unit for each in columns_of(crm.facts("win_rate", period="all"), crm.figures["win_rate"], "fr")
    }
    assert units["deal_amount"] == units["amount"] == "money"
