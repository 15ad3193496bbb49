"""What the lists of customers, alarms and action plans say beside their numbers. The data: tests/companies/."""

import datetime as dt

import pytest
from frames import frames_of, open_both

import crmkpi

COLUMNS = ["last_order", "age", "quiet", "last_answer", "due", "amount", "revenue_12m", "revenue_before"]


@pytest.fixture(scope="module")
def churn(companies):
    return open_both(companies("churn"), "folder")


def row(crm, name, day, customer, columns):
    """Some columns of a customer's one row in a list; days as text."""
    listed = crm.facts(name, as_of=day, where={"customer": customer})
    (found,) = listed[columns].astype(object).to_dict("records")
    return [
        str(value.date()) if isinstance(value, dt.datetime) and value == value else value for value in found.values()
    ]


@pytest.mark.parametrize(
    ("state", "day", "customer", "expected"),
    [
        ("inactive", "2026-07-31", "A7", ["2025-11-01", 272, 171, "2026-02-10", "2026-08-09", 300, 300, 40]),
        ("lost", "2026-07-31", "A5", ["2025-12-31", 212, 212, None, "2026-06-29", 700, 500, 1200]),
        ("lost", "2026-07-31", "A2", ["2026-01-31", 181, 181, "2026-01-05", "2026-04-22", 5000, 5000, 0]),
        ("inactive", "2026-03-31", "A1", ["2026-03-02", 29, 29, None, "2026-04-11", 400, 400, 0]),  # and not July's
        ("lost", "2026-12-31", "A5", ["2025-12-31", 365, 365, None, "2026-06-29", 700, 0, 700]),
    ],
)
def test_the_list_of_silent_customers(churn, state, day, customer, expected):
    found = row(churn, f"{state}_customers", day, customer, COLUMNS)
    assert [None if value != value else value for value in found] == expected


def test_the_revenue_of_two_years_beside_a_customer(churn):
    columns = ["amount", "revenue_12m", "revenue_before"]
    assert row(churn, "active_customers", "2025-12-31", "A5", columns) == [700, 700, 1000]


@pytest.mark.parametrize(("state", "cycle"), [("active", 1000), ("inactive", 500), ("lost", 300)])
def test_two_years_without_an_order_are_a_revenue_of_nothing(churn, state, cycle):
    """A7 last ordered on 1 November 2025 and answered on 10 February 2026: 690 days of silence."""
    listed = churn.facts(
        f"{state}_customers", as_of="2028-01-01", where={"customer": "A7"}, settings={"default_cycle": cycle}
    )
    assert listed[["quiet", "amount", "revenue_12m", "revenue_before"]].values.tolist() == [[690, 300, 0, 0]]


def test_what_became_of_a_customer(churn):
    listed = churn.facts("churn_rate", period="2026-04", as_of="2026-07-31").set_index("account_id")
    assert listed.loc["A1", ["opening_state", "state"]].tolist() == ["inactive", "lost"]
    assert listed.loc["A5", ["opening_state", "state"]].tolist() == ["active", "inactive"]
    assert str(listed.loc["A1", "day"].date()) == "2026-04-30"


def test_gaps_without_a_known_cycle_are_counted(churn):
    assert churn.left_out("false_alarm_rate", as_of="2026-03-31") == {"no_known_cycle": 5}
    assert churn.left_out("false_alarm_rate", as_of="2026-07-31", where={"customer": "X9"}) == {"no_known_cycle": 1}
    listed = churn.facts("false_alarm_rate", as_of="2026-03-31", where={"customer": "A2"}).sort_values("last_order")
    assert listed["gap"].tolist() == [41, 59]
    assert [str(day.date()) for day in listed["next_order"].dropna()] == ["2026-01-31"]
    first = churn.facts("false_alarm_rate", as_of="2026-01-31", where={"customer": "A2"})
    assert [str(day.date()) for day in first["next_order"]] == ["2026-01-31"], "known on its day"


# --- action plans -------------------------------------------------------------------------------------------------


def plans_seen(companies, **history):
    """The golden company with another history of its plans, or none."""
    frames = frames_of(companies("plans"))
    del frames["action_plan_history"]
    return crmkpi.open(frames | history, as_of="2026-06-30", currency="EUR", lang="en")


def test_without_a_history_the_past_is_todays_and_says_so(companies):
    crm = plans_seen(companies)
    today, before = crm.kpi("action_plan_progress"), crm.kpi("action_plan_progress", as_of="2026-06-29")
    assert (today.row["num"], before.row["num"], before.row["den"]) == (17_875, 17_875, 37_000)
    assert "progress and actual amount are today's" not in today.reason
    assert "progress and actual amount are today's" in before.reason
    assert crm.kpi("action_plan_result", as_of="2026-06-29").row["num"] == 11_325


def test_a_history_of_one_record_knows_one_plan(companies):
    one = frames_of(companies("plans"))["action_plan_history"].iloc[:1]  # P1 on 22 June: 0.05, 500
    crm = plans_seen(companies, action_plan_history=one)
    found = [
        crm.kpi(name, as_of="2026-06-29").row["num"]
        for name in ("action_plan_progress", "action_plan_progress_equal", "action_plan_result")
    ]
    assert found == [500, 0.05, 500]


def test_the_list_of_plans(companies):
    crm = open_both(companies("plans"), "folder")
    listed = crm.facts("action_plan_pace").set_index("id")
    columns = ["planned", "effort", "expected", "result"]
    assert listed.loc["P2", columns].astype(float).round(4).tolist() == [0.75, 1, 6000, 0.3333]
    updated = {plan: str(listed.loc[plan, "updated"].date()) for plan in ("P12", "P14", "P16")}
    assert updated == {"P12": "2026-06-15", "P14": "2026-06-16", "P16": "2026-06-16"}
    left = crm.facts("action_plan_pace", left_out=True).set_index("id")
    assert (left.loc["P8", "planned"], left.loc["P8", "left_out"]) == (0, "excluded"), (
        "not begun, and not below nothing"
    )
