"""Family 2 against its oracles: 200 random companies in one data set, and some alone, every number of every row.

A failure names the figure and the question; ``differences(crm, data, spec, asked)`` shows it again.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import company, organisation, portfolio, visits
from oracles.adding import the_groups_are_the_whole, the_list_is_the_number
from oracles.answers import Data, answer
from oracles.battery import every_figure, imported, opened, own
from oracles.comparing import Asked, differences, keys_of, known, listed, question, same
from oracles.maker import AS_OF

from crmkpi.sources import import_data

SPECS = organisation.specs(AS_OF) | portfolio.specs(AS_OF)
PAID = [name for name, spec in SPECS.items() if spec.table == "invoices"]  # what payments change
FEW = settings(max_examples=6, deadline=None, derandomize=True)
seeds = st.integers(0, 10**6)
DAYS = [("2026-11", AS_OF), ("2026-09", AS_OF), ("2026", AS_OF.replace(month=10))]
EACH = ("business_unit",)  # one answer for each company


@pytest.fixture(scope="module")
def many():
    return opened(company.batch(range(200)))


@pytest.fixture(scope="module")
def unpaid():
    """The same without the table of payments."""
    return opened(company.batch(range(200), without=["payments"]))


@pytest.fixture(scope="module")
def spoilt():
    """Forty companies of which some required cells are empty."""
    return opened(company.spoilt(range(300, 340)))


def days_outstanding(crm, data, asked):
    """The groups whose days of sales outstanding are not the oracle's."""
    frame = crm.kpi("dso", by=list(asked.by), **asked.words).frame
    wanted = portfolio.dso(data, asked.question(crm.as_of))
    rows = zip(keys_of(frame, asked.by), frame.to_dict("records"), strict=True)
    got = {key if asked.by else (): row for key, row in rows}
    found = [f"{key}: no such row" for key in {each for each in wanted if wanted[each] is not None} - set(got)]
    for key, row in got.items():
        if not same(row["value"], wanted.get(key)) or (row["status"] == "unavailable") != (wanted.get(key) is None):
            found.append(f"{key}: got {row['value']} {row['status']} {row['reason']}, wanted {wanted.get(key)}")
    return found


def each_company(crm, data, name):
    for text, seen in DAYS:
        for by in ((), EACH):
            asked = Asked(name, text, seen, by)
            assert differences(crm, data, SPECS[name], asked) == [], asked


def any_question(crm, data, name):
    """Random questions: the period, the day (often past), the breakdown, the filters."""

    @FEW
    @given(seeds)
    def ask(seed):
        asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
        assert differences(crm, data, SPECS[name], asked) == [], asked

    ask()


def every_row(crm, data, name):
    for asked in (Asked(name, "2026-11", AS_OF), question(99, data, SPECS[name], AS_OF, own(crm, name))):
        assert listed(crm, data, SPECS[name], asked) == [], asked


def all_days_outstanding(crm, data):
    for text, seen in DAYS:
        for by in ((), EACH, ("rep",), ("customer",)):
            asked = Asked("dso", text, seen, by)
            assert days_outstanding(crm, data, asked) == [], asked


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("check", [each_company, any_question, every_row])
def test_200_companies(many, check, name):
    check(*many, name)


@pytest.mark.parametrize("name", PAID)
@pytest.mark.parametrize("check", [each_company, any_question, every_row])
def test_200_companies_without_payments(unpaid, check, name):
    check(*unpaid, name)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("check", [each_company, every_row])
def test_companies_with_empty_cells(spoilt, check, name):
    check(*spoilt, name)


def test_days_of_sales_outstanding(many, unpaid, spoilt):
    for case in (many, unpaid, spoilt):
        all_days_outstanding(*case)


@settings(FEW, max_examples=12)
@given(seeds)
def test_companies_alone(seed):
    crm, data = opened(company.company(seed, booked=seed % 3 == 0))
    for n, name in enumerate(SPECS):
        if (n + seed) % 2:
            asked = question(seed, data, SPECS[name], AS_OF, own(crm, name))
            assert differences(crm, data, SPECS[name], asked) == [], asked
            assert listed(crm, data, SPECS[name], Asked(name, "2026-11", AS_OF)) == [], name
    assert days_outstanding(crm, data, Asked("dso", "2026-11", AS_OF)) == []


@pytest.mark.parametrize("name", SPECS)
def test_lists_and_groups_add_up(many, name):
    crm, data = many
    for asked in (Asked(name, "2026-11", AS_OF), question(5, data, SPECS[name], AS_OF, own(crm, name))):
        assert the_list_is_the_number(crm, asked) == [], asked
        for dimension in ("rep", "customer", "segment", *own(crm, name)):
            assert the_groups_are_the_whole(crm, asked, dimension) == [], asked


@pytest.mark.parametrize("name", ["overdue_visits", "quotes_to_follow_up", "late_deliveries"])
def test_what_the_lists_say(many, name):
    """Working days late, the last follow-up, the age and the usual delay of a quote, the promised day."""
    crm, data = many
    asked = Asked(name, "2026-11", AS_OF)
    rows = {row["id"]: row for row in crm.facts(name, **asked.words).to_dict("records")}
    facts = [fact for fact in SPECS[name].facts(data, asked.span) if not fact.left]
    assert len(facts) > 20
    for fact in facts:
        for column, wanted in fact.listed.items():
            got = known(rows[fact.id][column])
            got = got.date() if hasattr(got, "date") else got
            assert got == wanted or same(got, wanted), (fact.id, column, got, wanted)


OTHER = {"late_days": 2, "follow_up_days": 14, "validity_soon": 3, "top_tenth": 3, "visit_types": "visit"}


@pytest.mark.parametrize("name", ["overdue_visits", "unknown_visits", "overdue_visit_rate", "quotes_to_follow_up"])
def test_other_settings(many, monkeypatch, name):
    crm, data = many
    for constant, setting in (("LATE_DAYS", "late_days"), ("CADENCE", "follow_up_days"), ("SOON", "validity_soon"),
                              ("ONE_IN", "top_tenth")):  # fmt: skip
        monkeypatch.setattr(organisation, constant, OTHER[setting])
    monkeypatch.setattr(visits, "VISITS", ("visit",))
    fresh = Data(data.tables)
    for seed in range(3):
        asked = replace(question(seed, fresh, SPECS[name], AS_OF, own(crm, name)), settings=OTHER)
        assert differences(crm, fresh, SPECS[name], asked) == [], asked
    assert listed(crm, fresh, SPECS[name], Asked(name, "2026-11", AS_OF, settings=OTHER)) == []


def test_money_at_risk_counts_once_in_each_group(many):
    """A customer with two late visits of two reps: both reps see the money, the company sees it once."""
    crm, data = many
    facts = [f for f in SPECS["overdue_visits"].facts(data, Asked("", "2026-11", AS_OF).span) if not f.left]
    shared = {f.once for f in facts for g in facts if f.once == g.once and f.owner_id != g.owner_id and f.amount}
    assert shared
    for who in sorted(shared, key=str)[:5]:
        asked = Asked("overdue_visits", "2026-11", AS_OF, where={"customer": [who]})
        reps = crm.kpi("overdue_visits", by="rep", **asked.words).frame
        assert set(reps["amount"]) == {crm.kpi("overdue_visits", **asked.words).row["amount"]}


def check_imported(folder, periods):
    """Every figure of a data folder, and the days outstanding, by customer."""
    crm, data = imported(folder)
    specs = organisation.specs(crm.as_of) | portfolio.specs(crm.as_of)
    assert every_figure(crm, data, specs, periods, ("customer",)) == []
    assert days_outstanding(crm, data, Asked("dso", periods[0], crm.as_of, ("customer",))) == []


def test_the_sample_company_too(sample_data):
    check_imported(sample_data, ["2026-10", "2026-06"])


@pytest.mark.parametrize("preset", ["tables", "export_fr"])
def test_odoo_too(preset, shared, tmp_path):
    import_data(shared / "real" / "odoo17_demo" / preset, tmp_path / "data")
    check_imported(tmp_path / "data", ["all", "2026-10"])


WARNED = {
    "overdue_visit_rate": ("rep", "P3", lambda row: row["value"] > Fraction(1, 5) and row["n"] >= 5),
    "overdue_receivables": ("customer", "P2", lambda row: row["value"] > Fraction(3, 10)),
}
JUDGED_BY = {"overdue_receivables": "overdue_share"}


@pytest.mark.parametrize("name", WARNED)
def test_alerts_of_groups(many, name):
    crm, data = many
    dimension, severity, condition = WARNED[name]
    judge = JUDGED_BY.get(name, name)
    seen = set()
    for text in ("2026-11", "2026"):
        asked = Asked(judge, text, AS_OF, (dimension,))
        rows = answer(data, SPECS[judge], asked.question(AS_OF))
        wanted = {key[0] for key, row in rows.items() if row["value"] is not None and condition(row)}
        if dimension == "customer":
            wanted -= {None}  # documents without a customer are not those of one
        found = crm.alerts([name], period=text, as_of=AS_OF)
        found = found[found["kind"] == "group"]
        assert {known(who) for who in found["who_id"]} == wanted
        seen |= set(found["severity"])
    assert seen == {severity}
