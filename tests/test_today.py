"""Today, one ranked list over every figure; and the sheet, several figures on one line per customer."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi
from crmkpi.facts.alerts import COLUMNS
from crmkpi.facts.today import today

DAY = dt.date(2026, 10, 15)
SINCE = DAY - dt.timedelta(days=30)


def alert(severity, customer, amount, due="2026-10-15", **more):
    row = dict.fromkeys(COLUMNS) | {"severity": severity, "kind": "row", "dimension": "", "who_id": customer,
           "customer": customer and customer.upper(), "amount": amount, "due": pd.Timestamp(due), "figure": "any",
           "id": f"{customer}-{amount}", "reason": f"{severity} {amount}", "action": "call"}  # fmt: skip
    return row | more


def lines(*alerts, **more):
    return today(pd.DataFrame(alerts, columns=COLUMNS), SINCE, **more)


def test_the_most_severe_first_then_the_fresh_then_the_largest():
    found = lines(
        alert("P2", "a", 900), alert("P1", "b", 10), alert("P1", "c", 50, due="2024-01-01"), alert("P1", "d", 20)
    )  # fmt: skip
    assert list(found["customer"]) == ["D", "B", "C", "A"]
    assert list(found["rank"]) == [1, 2, 3, 4]


@pytest.mark.parametrize(("due", "first"), [("2026-09-15", "OLD"), ("2026-09-14", "NEW")])
def test_fresh_is_due_within_the_days_that_alerts_look_at(due, first):
    assert lines(alert("P1", "old", 99, due=due), alert("P1", "new", 1))["customer"].iloc[0] == first


def test_one_line_for_each_customer_with_the_other_reasons():
    found = lines(*(alert(f"P{n}", "a", 10 * n) for n in (1, 2, 3)), alert("P2", "a", 20, id="again"),
                  alert("P2", "b", 5), *(alert("P3", "a", n) for n in (7, 8)))  # fmt: skip
    assert list(found["customer"]) == ["A", "B"]
    assert found["reason"].iloc[0] == "P1 10"
    assert found["also"].tolist() == ["P2 20; P3 30; P3 8 (+1)", ""]


def test_without_a_customer_a_line_for_each_record_rep_or_team():
    group = {"kind": "group", "dimension": "rep", "who": "Ana"}
    found = lines(alert("P1", None, 1, id="r1"), alert("P1", None, 1, id="r2"), alert("P2", "u1", 3, **group),
                  alert("P2", "u1", 4, figure="other", **group), alert("P2", "u1", 5, **group | {"dimension": "team"}))  # fmt: skip
    assert len(found) == 4  # two records, a rep with two reasons, a team of the same id
    assert found["customer_id"].isna().all()


def test_a_customer_s_group_alert_is_on_the_customer_s_line():
    found = lines(alert("P2", "a", 3), alert("P3", "a", 9, kind="group", dimension="customer"))
    assert len(found) == 1


def test_capped_and_empty():
    assert len(lines(*(alert("P1", f"c{n}", n + 1) for n in range(40)))) == 20
    assert len(lines(*(alert("P1", f"c{n}", n + 1) for n in range(40)), limit=3)) == 3
    assert list(lines().columns) == list(lines(alert("P1", "a", 1)).columns)


@pytest.fixture(scope="module")
def crm(sample_data):
    return crmkpi.open(sample_data, lang="en")


def test_today_of_the_sample_has_all_that_a_line_needs(crm):
    found = crm.today()
    assert len(found) == 20
    assert not found["customer_id"].dropna().duplicated().any()
    for name in ("reason", "due", "action", "figure"):
        assert found[name].notna().all(), name
    owned = found["rep"].notna() | found["dimension"].isin(["team", "business_unit"])
    owners = crm.base.engine.query("select account_id, owner_id from accounts", {}).set_index("account_id")["owner_id"]
    assert owners.reindex(found.loc[~owned, "customer_id"]).isna().all(), "an owner who is known is named"
    assert found["severity"].is_monotonic_increasing


def test_today_of_a_rep_is_of_that_rep_and_judges_no_team(crm):
    rep = crm.today()["rep"].mode()[0]
    found = crm.today(where={"rep": rep}, limit=100)
    assert set(found["rep"]) == {rep}
    assert not found["dimension"].isin(["team", "business_unit"]).any()


def test_today_of_a_day_past_and_of_nothing(crm):
    assert len(crm.today(as_of="2026-07-01"))
    assert len(crmkpi.open({}, as_of="2026-10-15").today()) == 0


def test_a_sheet_has_the_figures_of_each_customer(crm):
    names = ["ordered_amount", "order_count", "weighted_pipeline"]
    sheet = crm.sheet(names, period="2026-10")
    for name in names:
        one = crm.kpi(name, period="2026-10", by="customer").frame.set_index("customer_id")["value"].dropna()
        here = sheet.set_index("customer_id")[name].dropna()
        assert here[here != 0].to_dict() == one[one != 0].to_dict()
    assert list(sheet.columns) == [
        "customer",
        "customer_id",
        "ordered_amount",
        "order_count",
        "order_count_amount",
        names[2],
    ]
    money = sheet[["ordered_amount", "weighted_pipeline"]].abs().max(axis=1)
    assert money.is_monotonic_decreasing
    assert not sheet["customer_id"].duplicated().any()


def test_a_sheet_is_not_by_month_and_not_of_figures_that_do_not_exist(crm):
    for by in ("month", ""):
        with pytest.raises(crmkpi.UsageError, match="sheet is by"):
            crm.sheet(["ordered_amount"], by=by)
    with pytest.raises(crmkpi.UsageError, match="ordered_amount"):
        crm.sheet(["orderd_amount"])
