"""Indicators 4.1 and 4.3 on made-up rows: what the source lacks, who is alerted, and 150 visits for 50 orders."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 10, 15)
MONTH = "2026-10"


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def visit(n, day="2026-09-01", **more):
    sound = {"type": "visit", "account_id": f"a{n}", "owner_id": "u1", "status": "done", "done_at": f"{day} 10:00:00"}
    return {"activity_id": f"v{n:04}", "planned_at": None, "report": "Vu.", "reported_at": None, **sound, **more}


def order(n, day="2026-09-02", account=None, **more):
    sound = {"account_id": account or f"a{n}", "status": "confirmed", "amount": 10.0, "activity_id": None}
    return {"order_id": f"o{n}", "order_date": day, **sound, **more}


def lead(n, status, **more):
    moments = dict.fromkeys(["qualified_at", "converted_at", "disqualified_at"])
    sound = {"created_at": "2026-09-01 09:00:00", "opportunity_id": None, "account_id": None, "source": "Salon"}
    return {"lead_id": f"l{n}", "status": status, "product_interest": "Vis", **sound, **moments, **more}


def team(*reps):
    return [{"user_id": each, "name": each, "team": "Nord"} for each in reps]


def alerted(crm, name):
    """Who is alerted by the groups of a figure."""
    alerts = crm.alerts([name], period=MONTH)
    return sorted(alerts[alerts["kind"] == "group"]["who_id"])


# --- visits per order ---------------------------------------------------------------------------------------------


def test_150_visits_for_50_orders_are_3_visits_per_order():
    visits = [visit(n) for n in range(150)]
    orders = [order(n) for n in range(30)] + [order(100 + n, account="a40") for n in range(20)]
    crm = company(activities=visits, orders=orders)
    row = crm.kpi("visit_to_order_ratio", period=MONTH).row
    assert (row["value"], row["num"], row["den"], row["amount"]) == (3, 150, 50, 500)
    assert (row["n"], row["named"]) == (31, 0)  # visits with an order
    row = crm.kpi("visit_conversion_rate", period=MONTH).row
    assert (row["num"], row["den"]) == (31, 150)  # 20 orders follow one visit: it counts once


def many(rep, visits, orders, first):
    """So many visits of a rep, of which the first so many have an order."""
    rows = [visit(first + n, owner_id=rep) for n in range(visits)]
    return rows, [order(first + n) for n in range(orders)]


@pytest.mark.parametrize(
    ("visits", "orders", "found"),
    [
        (25, 5, ["u4"]),  # 5 visits per order; the team's median is that of 2, 2, 2 and 5
        (24, 6, []),  # 4: twice the median is not above it
        (19, 5, []),  # 3.8, and too few visits to judge
        (20, 0, ["u4"]),  # none at all
        (19, 0, []),
    ],
)
def test_a_rep_well_above_the_team_is_alerted(visits, orders, found):
    made = [many("u1", 20, 10, 0), many("u2", 20, 10, 100), many("u3", 20, 10, 200), many("u4", visits, orders, 300)]
    crm = company(
        users=team("u1", "u2", "u3", "u4"),
        activities=[row for rows, _ in made for row in rows], orders=[row for _, rows in made for row in rows],
    )  # fmt: skip
    assert alerted(crm, "visit_to_order_ratio") == found


def test_who_sells_nothing_is_not_alerted_where_nobody_sells():
    crm = company(users=team("u1"), activities=many("u1", 25, 0, 0)[0], orders=[order(999, account="other")])
    assert alerted(crm, "visit_to_order_ratio") == []


def test_a_visit_without_its_day_is_missing_in_every_period():
    rows = [visit(1), visit(2, done_at=None), visit(3, "2026-10-01")]
    orders = [order(1), order(2, activity_id="v0002"), order(3, "2026-09-20", "a2")]
    crm = company(activities=rows, orders=orders)
    for period in (MONTH, "2026-09", "all"):
        assert "1 row without a date" in crm.kpi("visits_done", period=period).reason
    row = crm.kpi("visit_to_order_ratio", period=MONTH).row
    assert (row["num"], row["den"], row["coverage"]) == (1, 1, 0.5)  # o2 is that visit's, o3 nobody's
    assert row["reason"] == "1 row without a date"


def test_a_period_asked_alone_looks_at_all_the_days_that_its_visits_need():
    """The first visit that matures in it, the order of that very day, the visit of its last day."""
    rows = [visit(1), visit(2), visit(3, "2026-10-01", account_id="a2")]
    crm = company(activities=rows, orders=[order(1, "2026-09-01"), order(2, "2026-10-01")])
    listed = crm.facts("visit_to_order_ratio", period="2026-10-01", as_of="2026-10-01").set_index("id")
    assert listed["den"].to_dict() == {"v0001": 1, "v0002": 0}  # the order of the day is the visit's of the day


def test_an_order_names_a_visit_before_it_was_made():
    crm = company(activities=[visit(1)], orders=[order(1, "2026-08-20", "a9", activity_id="v0001")])
    assert crm.kpi("visit_to_order_ratio", period=MONTH).row["den"] == 1


# --- reports ------------------------------------------------------------------------------------------------------


def test_a_source_without_reports_has_no_report_rate():
    crm = company(activities=[visit(n, "2026-10-02", report=None) for n in range(6)])
    for name in ("visit_report_rate", "visit_reports"):
        result = crm.kpi(name, period=MONTH)
        assert (result.value, result.status, result.reason) == (
            None,
            "unavailable",
            "the source has no reports (6 visits)",
        )
    assert crm.kpi("visits_done", period=MONTH).value == 6


@pytest.mark.parametrize(("reported", "found"), [(7, ["Nord", "u1"]), (8, [])])  # of 10: 70 and 80 %
def test_reps_and_teams_that_report_too_little_are_alerted(reported, found):
    rows = [visit(n, "2026-10-02", report="Vu." if n < reported else "") for n in range(10)]
    assert alerted(company(users=team("u1"), activities=rows), "visit_report_rate") == found


# --- activities due -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("high", "P1"), (" Urgente ", "P1"), ("low", "P3"), ("Basse", "P3"), ("", "P2"), (None, "P2"), ("gh", "P2")],
)  # fmt: skip
def test_the_priority_is_the_severity(priority, severity):
    rows = [visit(1, status="planned", done_at=None, planned_at="2026-10-14 09:00:00", priority=priority)]
    assert company(activities=rows).facts("due_activities")["severity"].tolist() == [severity]


def test_what_has_no_planned_day_is_never_due():
    planned = [visit(1, status="planned", done_at=None), visit(2, "2026-10-01")]
    assert company(activities=planned).kpi("due_activities", period=MONTH).value == 0


# --- leads --------------------------------------------------------------------------------------------------------


def test_a_qualified_lead_without_its_day_is_missing_and_said():
    call = visit(1, type="call", lead_id="l9", opportunity_id=None)
    rows = [lead(1, "qualified", qualified_at="2026-10-01 09:00:00"), lead(2, "qualified"), lead(3, "converted")]
    crm = company(leads=rows, activities=[call], orders=[order(1)])
    for name in ("qualified_leads", "lead_conversion_rate", "lead_order_rate"):
        result = crm.kpi(name, period=MONTH)
        assert result.status == "partial"
        assert result.reason == "2 qualified leads without a day of qualification"
        assert result.coverage == pytest.approx(1 / 3)
    result = crm.kpi("leads_to_contact", period=MONTH)  # the converted one is to be contacted no more
    assert (result.value, result.coverage) == (1, 0.5)


def test_where_no_day_of_qualification_is_known_that_is_the_reason():
    result = company(leads=[lead(1, "qualified"), lead(2, "new")]).kpi("qualified_leads", period=MONTH)
    assert (result.value, result.reason) == (None, "1 qualified lead without a day of qualification")


def test_a_lead_without_a_status_is_missing_and_said():
    rows = [lead(1, None, created_at="2026-10-02 09:00:00"), lead(2, None, qualified_at="2026-10-02 09:00:00")]
    for name, den in (("qualified_leads", None), ("lead_refusal_rate", 1)):
        result = company(leads=rows).kpi(name, period=MONTH)
        assert (result.row["num"], result.row["den"], result.coverage) == (0 if den else 1, den, 0.5)
        assert result.reason == "1 lead without a status"


def test_what_was_converted_without_a_day_is_converted_at_every_day():
    rows = [lead(1, "converted", qualified_at="2026-10-01 09:00:00"),
            lead(2, "working", qualified_at="2026-10-01 09:00:00", opportunity_id="gone")]  # fmt: skip
    crm = company(leads=rows)
    assert crm.kpi("lead_conversion_rate", period=MONTH, as_of="2026-10-01").value == 1


def test_a_converted_lead_without_qualification_was_decided_when_it_was_converted():
    rows = [lead(1, "converted", converted_at="2026-10-01 09:00:00"), lead(2, "disqualified")]
    result = company(leads=rows).kpi("lead_refusal_rate", period=MONTH)
    assert (result.row["num"], result.row["den"], result.reason) == (
        0,
        1,
        "1 lead decided without a day of the decision",
    )


def test_where_no_activity_names_a_lead_nothing_is_said_of_contacts():
    rows = [lead(1, "qualified", qualified_at="2026-10-01 09:00:00", created_at="2026-10-01 09:00:00")]
    crm = company(leads=rows, activities=[visit(1)])
    for name in ("leads_to_contact", "time_to_first_contact"):
        result = crm.kpi(name, period=MONTH)
        assert (result.value, result.reason) == (None, "1 lead, and no activity of the source names one")
    assert len(crm.alerts(["leads_to_contact"])) == 0


def test_a_lead_without_a_day_of_creation_has_no_time_to_first_contact():
    rows = [lead(1, "new", created_at="2026-10-01 09:00:00"), lead(2, "new", created_at=None)]
    calls = [visit(n, "2026-10-03", type="call", lead_id=f"l{n}") for n in (1, 2)]
    result = company(leads=rows, activities=calls).kpi("time_to_first_contact", period=MONTH)
    assert (result.value, result.coverage, result.reason) == (2, 0.5, "1 row without a date")
    assert (
        company(leads=rows, activities=calls).facts("qualified_leads", period="all", left_out=True)["id"].nunique() == 2
    )


@pytest.mark.parametrize(("refused", "decided", "found"), [(3, 7, ["Salon"]), (2, 5, []), (2, 4, [])])  # 43, 40, 50 %
def test_a_source_of_refused_leads_is_alerted(refused, decided, found):
    rows = [lead(n, "disqualified", disqualified_at="2026-10-02 09:00:00") for n in range(refused)]
    rows += [lead(10 + n, "qualified", qualified_at="2026-10-02 09:00:00") for n in range(decided - refused)]
    assert alerted(company(leads=rows), "lead_refusal_rate") == found
