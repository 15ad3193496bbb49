"""Sales by product against their oracle: random companies, every number of every row, the families that fall."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import company, products
from oracles.answers import WHOLE, Data, groups_at
from oracles.battery import alone, any_question, every_figure, every_row, imported, opened, own
from oracles.comparing import Asked, differences, known, listed, question
from oracles.maker import AS_OF

from crmkpi.sources import import_data

SPECS = products.specs()
DAYS = [("2026-11", AS_OF), ("2026-09", AS_OF), ("2026", AS_OF.replace(month=10))]


@pytest.fixture(scope="module")
def many():
    return opened(company.batch(range(200)))


@pytest.mark.parametrize("name", SPECS)
def test_200_companies(many, name):
    crm, data = many
    for text, seen in DAYS:
        for by in ((), ("business_unit",)):
            assert differences(crm, data, SPECS[name], Asked(name, text, seen, by)) == [], (text, by)
    assert any_question(crm, data, SPECS[name], name, 8) == []
    assert every_row(crm, data, SPECS[name], name) == []


@pytest.mark.parametrize("name", SPECS)
def test_companies_with_empty_cells(name):
    crm, data = opened(company.spoilt(range(300, 340)))
    for by in ((), ("business_unit",)):
        assert differences(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF, by)) == [], by
    assert listed(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF)) == []


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_companies_alone(seed):
    assert alone(company.company(seed, booked=seed % 3 == 0), SPECS, seed) == []


def test_another_number_of_months(many, monkeypatch):
    crm, data = many
    name = "product_lines_growth"
    for months in (1, 3, 14):  # in 14 months there are two that are also of the year before
        monkeypatch.setattr(products, "MONTHS", months)
        fresh, other = Data(data.tables), {"growth_months": months}
        for seed in range(3):
            asked = replace(question(seed, fresh, SPECS[name], AS_OF, own(crm, name)), settings=other)
            assert differences(crm, fresh, SPECS[name], asked) == [], asked
        assert listed(crm, fresh, SPECS[name], Asked(name, "2026-11", AS_OF, settings=other)) == []


FALLEN = [  # the day, the months, how many standard deviations are no chance, who falls
    ("2026-12-31", 2, 3, {"Feu"}), ("2026-12-31", 1, 2, {"Feu"}), ("2026-12-31", 1, 3, set()), ("2027-03-31", 6, 3, {"Feu"}),
    ("2027-03-31", 6, 6, set()), ("2026-11-23", 6, 0, set()),
]  # fmt: skip


@pytest.mark.parametrize(("day", "months", "chance", "who"), FALLEN)
def test_the_families_that_fall(many, monkeypatch, day, months, chance, who):
    """Under three quarters of a year before, and of what the families in the middle do; less money; more than chance."""
    crm, data = many
    monkeypatch.setattr(products, "MONTHS", months)
    asked = Asked("product_lines_growth", day[:7], dt.date.fromisoformat(day))
    rows = groups_at(Data(data.tables), SPECS[asked.name], asked.span, asked.question(AS_OF), ["product_family"])
    rows = {key[0]: row for key, row in rows.items() if key != WHOLE and row["value"] is not None}
    limit = (1 - Fraction(products.FALL)) * min(1, median(row["value"] for row in rows.values() if row["n"] >= 5))
    wanted = {
        family for family, row in rows.items()
        if family and row["value"] < limit and row["amount"] < 0 and _far(row, chance)
    }  # fmt: skip
    given_ = {"family_chance": chance, "growth_months": months}
    found = crm.alerts([asked.name], period=asked.period, as_of=asked.as_of, settings=given_)
    assert {known(each) for each in found["who_id"]} == wanted == who
    assert set(found["severity"]) <= {"P2"}


def _far(row, chance):
    """Whether two counts are further apart than so many standard deviations, that of a count being its root."""
    return row["den"] > row["num"] and (row["den"] - row["num"]) ** 2 > chance**2 * (row["num"] + row["den"])


def test_the_sample_company_too(sample_data):
    assert every_figure(*imported(sample_data), SPECS, ["2026-10", "2026-06"], ("product_family",)) == []


@pytest.mark.parametrize("preset", ["tables", "export_fr"])
def test_odoo_too(preset, shared, tmp_path):
    import_data(shared / "real" / "odoo17_demo" / preset, tmp_path / "data")
    assert every_figure(*imported(tmp_path / "data"), SPECS, ["all", "2026-10"], ("product_family",)) == []
