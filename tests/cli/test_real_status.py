"""On the real sets every figure is ok, partial or unavailable with a sentence a manager understands; no zero is a false one."""

import re

import pytest

import crmkpi
from crmkpi.schema import TABLES

SEEN = "2026-11-23"
NOT_WORDS = re.compile(r"\{|\[s\]|None|\bnan\b|\b[a-z]+_[a-z_]+\b", re.ASCII)
PERIODS = ("2026-11", "all")
ZEROS = {
    "invoiced_revenue": "124,500.00 invoiced and as much in credit notes, over all periods",
    "billed_with_tax": "the same, with tax",
    "receivables": "143,175.00 owed by customers, 143,175.00 owed to them",
    "dso": "nothing is owed on balance",
    "orders_to_invoice": "no order promises a delivery in the rest of the period",
    "discount_rate": "every order is at list price",
    "expired_quotes": "the one open quote is valid",
    "late_deliveries": "the four with a delivery are promised for later (partial: 15 have no promise)",
    "inactive_customers": "the customers ordered within a month",
    "lost_customers": "the customers ordered within a month",
    "newly_lost_customers": "the customers ordered within a month",
    "churn_rate": "the customers ordered within a month",
    "revenue_churn_rate": "the customers ordered within a month",
}


@pytest.fixture
def opened(shared, load):
    """``opened(name)``: Odoo's demo database, by its tables or by its lists in French."""
    return lambda name: crmkpi.open(load(shared / "real" / "odoo17_demo" / name))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", ["tables", "export_fr"])
def test_odoo_says_what_it_lacks(opened, name, lang):
    crm, odd = opened(name), []
    for period in PERIODS:
        for result in crm.kpis(crm.figures, period=period, as_of=SEEN, lang=lang).values():
            known = {word for table in TABLES for word in (table, table.split("_")[0])}
            said = NOT_WORDS.findall(re.sub(r"\((\w+)\)", "", result.reason))
            fine = result.status == "ok" or (bool(result.reason) and not set(said) - known)
            if not fine or (result.status == "unavailable") != (result.value is None):
                odd.append((result.figure.name, result.value, result.status, result.reason))
    assert odd == []


def test_odoo_has_no_false_zero(opened):
    for period in PERIODS:
        results = opened("tables").kpis(opened("tables").figures, period=period, as_of=SEEN)
        assert {name for name, result in results.items() if result.value == 0} - set(ZEROS) == set()
