"""The oracles of families 3 and 4 on the real sets: Odoo's database, Online Retail II."""

import datetime as dt

import pytest
from oracles import customers, data_health, leads, plans, prospects
from oracles.answers import Data, answer
from oracles.battery import imported, own
from oracles.comparing import Asked, differences, listed, question

from crmkpi.sources import import_data


@pytest.fixture(scope="module")
def odoo(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "odoo"
    import_data(shared / "real" / "odoo17_demo" / "tables", folder, as_of="2026-11-23")
    return imported(folder)


SEEN = dt.date(2026, 11, 23)
SPECS = data_health.SPECS | customers.SPECS | prospects.specs(SEEN) | plans.specs(SEEN) | leads.SPECS


@pytest.mark.parametrize("name", SPECS)
def test_odoo(odoo, name):
    crm, data = odoo
    month = Asked(name, "2026-11", SEEN)
    for asked in (month, Asked(name, "2026", SEEN, ("month",)), question(1, data, SPECS[name], SEEN, own(crm, name))):
        assert differences(crm, data, SPECS[name], asked) == [], asked
    assert listed(crm, data, SPECS[name], month) == []


@pytest.fixture(scope="module")
def retail(root, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("real") / "retail"
    mapping = root / "docs" / "mappings" / "online_retail_II.toml"
    import_data(shared / "real" / "online_retail_II", folder, mapping=mapping)
    return imported(folder)


DAY = dt.date(2011, 12, 9)
GLOBAL = {"default_cycle": 31, "min_order_days": 999_999}


@pytest.mark.parametrize(
    ("settings", "rule", "wanted"),
    [({}, customers.Rule(), (2642, 662, 2574)), (GLOBAL, customers.Rule(31, 999_999), (1714, 711, 3453))],
    ids=["own cycles", "one cycle of 31 days"],
)
def test_online_retail_customers(retail, settings, rule, wanted):
    crm, data = retail[0], Data(retail[1].tables)  # what it remembers is of one rule
    for state, number in zip(("active", "inactive", "lost"), wanted, strict=True):
        spec = customers.specs(rule)[f"{state}_customers"]
        asked = Asked(spec.name, "2011-12", DAY, settings=settings)
        row = answer(data, spec, asked.question(DAY))[()]
        assert (row["value"], row["status"]) == (number, "partial")
        assert differences(crm, data, spec, asked) == []
        assert listed(crm, data, spec, asked) == []
    assert sum(wanted) == 5878


def test_online_retail_false_alarms(retail):
    crm, data = retail
    spec = customers.SPECS["false_alarm_rate"]
    asked = Asked(spec.name, "2011-12", DAY, ("cycles",))
    rows = answer(data, spec, asked.question(DAY))
    assert [round(100 * float(rows[(cycles,)]["value"]), 1) for cycles in "12"] == [89.7, 84.8]
    assert differences(crm, data, spec, asked) == []


@pytest.mark.parametrize("name", ["newly_lost_customers", "churn_rate", "revenue_churn_rate"])
def test_online_retail_churn(retail, name):
    crm, data = retail
    asked = Asked(name, "2011", DAY, ("quarter",))
    assert differences(crm, data, customers.SPECS[name], asked) == []
