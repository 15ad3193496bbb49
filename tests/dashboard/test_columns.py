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


def columns(crm, name, lang="en"):
    return {each.name: each for each in columns_of(crm.facts(name, period="all"), crm.figures[name], lang)}


def test_amounts_are_money_whatever_they_are_called(crm):
    found = columns(crm, "win_rate", "fr")
    assert found["deal_amount"].unit == found["amount"].unit == "money"


UNITS = [
    ("win_rate", {"deal_amount": "money", "amount": "money", "num": "number"}),
    ("data_quality_index", {"num": "number", "validity": "rate", "freshness": "rate", "at_stake": "money"}),
    ("quality_completeness", {"num": "number"}),
    ("action_plan_progress", {"planned": "rate", "effort": "rate", "num": "money", "den": "money"}),
    ("action_plan_progress_equal", {"num": "number"}),
    ("action_plan_pace", {"expected": "money"}),
    ("overdue_visits", {"planned": "date", "days_late": "count"}),
    ("order_backlog", {"ordered": "money", "delivered": "money"}),
    ("quote_conversion_rate", {"quote_amount": "money"}),
    ("lost_customers", {"revenue_12m": "money", "cycle": "number"}),
    ("over_credit_limit", {"balance": "money", "credit_limit": "money"}),
    ("product_sales", {"quantity": "number", "num": "money"}),
    ("visit_to_order_ratio", {"den": "number", "named": "count"}),
]


@pytest.mark.parametrize(("name", "units"), UNITS)
def test_what_a_column_holds_is_told_by_its_type_not_by_its_size(sample_data, name, units):
    found = columns(crmkpi.open(sample_data), name)
    assert {each: found[each].unit for each in units} == units


def test_each_exact_amount_with_cents_is_money(crm):
    """The types come from the database here, not from the frame."""
    for name, figure in crm.figures.items():
        if figure.inputs or any(not crm.base.engine.has(table) for table in figure.needs):
            continue
        found = columns(crm, name)
        exact = {each for each, kind in crm.base.columns(figure).items() if kind.endswith(",2)")}
        assert {each for each, column in found.items() if column.unit == "money"} - {"num", "amount"} == (
            exact & {*found}
        ) - {"num", "amount"}, name
        assert figure.unit not in ("index", "days", "count") or "num" not in found or found["num"].unit == "number"


def test_a_column_that_two_lists_share_is_called_as_what_it_holds(sample_data):
    crm = crmkpi.open(sample_data)
    assert columns(crm, "overdue_visits")["planned"].title == "Planned"
    assert columns(crm, "action_plan_progress")["planned"].title == "Planned by now"
    assert columns(crm, "win_rate", "fr")["num"].title == "Compte (oui = 1)"
    assert columns(crm, "contact_completeness")["den"].title == "Out of"
    named = {name: columns(crm, name)["name"].title for name in ("win_rate", "data_quality_index", "due_activities")}
    assert named == {"win_rate": "Deal", "data_quality_index": "Name", "due_activities": "Subject"}
