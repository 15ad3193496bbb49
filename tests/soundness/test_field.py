"""Wrong answers that other suites give to 4.1 and 4.3, each with the right one."""

import bisect
import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 10, 15)
DAY = dt.timedelta(days=1)


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def visit(n, day, account="a1", **more):
    sound = {"type": "visit", "owner_id": "u1", "status": "done", "report": "Vu."}
    moments = {"planned_at": dt.datetime.combine(day, dt.time(9)), "done_at": dt.datetime.combine(day, dt.time(10))}
    return {"activity_id": f"v{n:05}", "account_id": account, **moments, **sound, **more}


def order(n, day, account="a1", **more):
    return {
        "order_id": f"o{n}",
        "order_date": day,
        "account_id": account,
        "status": "confirmed",
        "amount": 10.0,
        **more,
    }


def ratio(crm, period="2026-10", **more):
    row = crm.kpi("visit_to_order_ratio", period=period, **more).row
    return row["num"], row["den"], row["value"]


AUGUST, SEPTEMBER, OCTOBER = dt.date(2026, 8, 3), dt.date(2026, 9, 7), dt.date(2026, 10, 5)


def test_the_month_that_is_not_mature_is_not_bad():
    """Ten visits of October and no order yet are not "10 visits and nothing sold": they are not in October's ratio."""
    visits = [visit(n, SEPTEMBER + n * DAY, f"a{n}") for n in range(4)] + [
        visit(10 + n, OCTOBER, f"b{n}") for n in range(10)
    ]
    crm = company(activities=visits, orders=[order(n, SEPTEMBER + 9 * DAY, f"a{n}") for n in range(2)])
    assert ratio(crm) == (4, 2, 2)
    assert crm.kpi("visit_conversion_rate", period="2026-10").value == 0.5
    assert crm.kpi("visits_done", period="2026-10").value == 10
    assert ratio(crm, "2026-11", as_of="2026-11-30") == (10, 0, None)  # no order: no ratio, not infinity nor 0


def test_a_mature_month_seen_later_is_what_it_was():
    """Orders after the 30 days do not come in, unless they name the visit."""
    visits = [visit(1, AUGUST), visit(2, AUGUST, "a2")]
    orders = [order(1, AUGUST + 30 * DAY), order(2, AUGUST + 31 * DAY), order(3, SEEN, "a2", activity_id="v00002")]
    crm = company(activities=visits, orders=orders)
    assert ratio(crm, "2026-09", as_of="2026-09-30") == (2, 1, 2)
    assert ratio(crm, "2026-09") == (2, 2, 1)


def test_a_month_of_a_trend_is_the_month_asked_alone():
    """Each month stands in a trend as itself and as the one before the next: its visits and orders count once in each."""
    visits = [visit(n, day, f"a{n}") for n, day in enumerate([AUGUST, AUGUST, SEPTEMBER, SEPTEMBER + DAY])]
    crm = company(
        activities=visits, orders=[order(n, AUGUST + 5 * DAY, f"a{n}") for n in (0, 1)] + [order(9, SEEN, "a3")]
    )
    trend = crm.trend("visit_to_order_ratio", periods=3, compare="previous")
    alone = [ratio(crm, month) for month in ("2026-08", "2026-09", "2026-10")]
    assert [(num, den) for num, den in zip(trend["num"].fillna(0), trend["den"].fillna(0), strict=True)] == [
        (num or 0, den or 0) for num, den, _ in alone
    ]
    assert alone[1:] == [(2, 2, 1), (2, 0, None)]


def test_no_fan_out_by_deliveries_lines_and_contacts():
    """One visit, one order in three deliveries and four lines, an account with two contacts: 1 visit for 1 order of 10."""
    crm = company(
        activities=[visit(1, SEPTEMBER)], orders=[order(1, SEPTEMBER + DAY)],
        deliveries=[{"delivery_id": f"d{n}", "order_id": "o1", "status": "delivered", "amount": 5.0} for n in range(3)],
        order_lines=[{"order_id": "o1", "product_id": f"p{n}", "amount": 2.5} for n in range(4)],
        contacts=[{"contact_id": f"c{n}", "account_id": "a1", "last_name": "Roy"} for n in range(2)],
    )  # fmt: skip
    assert ratio(crm) == (1, 1, 1)
    row = crm.kpi("visit_to_order_ratio", period="2026-10").row
    assert (row["amount"], row["n"]) == (10, 1)


def test_no_fan_out_by_a_visit_with_many_orders_nor_an_order_with_many_visits():
    """Three orders after two visits: each order once, the first visit has none, and is counted."""
    visits = [visit(1, SEPTEMBER), visit(2, SEPTEMBER + DAY)]
    crm = company(activities=visits, orders=[order(n, SEPTEMBER + 2 * DAY) for n in range(3)])
    assert ratio(crm) == (2, 3, pytest.approx(2 / 3))
    facts = crm.facts("visit_to_order_ratio", period="2026-10")
    assert dict(zip(facts["id"], facts["den"], strict=True)) == {"v00001": 0, "v00002": 3}
    assert facts["amount"].sum() == 30


def test_a_credited_order_is_credited_once_over_all_visits():
    """The orders credited over all time are no more than the orders there are, however many visits compete for them."""
    visits = [visit(n, SEPTEMBER - n % 40 * DAY, f"a{n % 3}") for n in range(60)]
    orders = [order(n, SEPTEMBER + n % 20 * DAY, f"a{n % 4}") for n in range(40)]
    crm = company(activities=visits, orders=orders)
    assert crm.kpi("visit_to_order_ratio", period="all").row["den"] == sum(
        each["account_id"] != "a3" for each in orders
    )


def test_rows_that_have_nothing_to_do_with_it_change_nothing():
    """Calls, mails of the account, orders of others, drafts, planned visits: the ratio stays 1 visit for 1 order."""
    visits, orders = [visit(1, SEPTEMBER)], [order(1, SEPTEMBER + 5 * DAY)]
    noise = [visit(2, SEPTEMBER + 3 * DAY, type="call"), visit(3, SEPTEMBER + 4 * DAY, type="email"),
             visit(4, SEPTEMBER + 4 * DAY, status="planned", done_at=None), visit(5, SEPTEMBER + 4 * DAY, None)]  # fmt: skip
    others = [
        order(2, SEPTEMBER + DAY, "a9"),
        order(3, SEPTEMBER + DAY, None),
        order(4, SEPTEMBER + DAY, status="draft"),
    ]
    plain, noisy = company(activities=visits, orders=orders), company(activities=visits + noise, orders=orders + others)
    for name in ("visit_to_order_ratio", "visit_conversion_rate", "visits_done", "visit_reports", "visit_report_rate"):
        for period in ("2026-09", "2026-10", "all"):
            ours, theirs = (crm.kpi(name, period=period).row for crm in (plain, noisy))
            assert (ours["num"], ours["den"], ours["amount"]) == (theirs["num"], theirs["den"], theirs["amount"]), name


def test_the_visits_per_order_of_a_team_are_not_the_mean_of_its_reps():
    """10 visits for 1 order and 2 for 2 are 12 / 3 = 4, not (10 + 1) / 2."""
    users = [{"user_id": each, "name": each, "team": "Nord"} for each in ("u1", "u2")]
    visits = [visit(n, SEPTEMBER, f"a{n}") for n in range(10)]
    visits += [visit(10 + n, SEPTEMBER, f"a{10 + n}", owner_id="u2") for n in range(2)]
    crm = company(users=users, activities=visits, orders=[order(n, SEPTEMBER + DAY, f"a{n}") for n in (0, 10, 11)])
    assert crm.kpi("visit_to_order_ratio", period="2026-10", by="team").frame["value"].tolist() == [4]


def test_a_customer_with_thousands_of_visits_and_orders():
    """One account visited and ordering all day long: the same credits as by bisection."""
    visits = [visit(n, dt.date(2024, 1, 1) + n * 7 % 900 * DAY) for n in range(3000)]
    orders = [order(n, dt.date(2024, 1, 1) + n * 11 % 900 * DAY) for n in range(3000)]
    crm = company(activities=visits, orders=orders)
    done = sorted((each["done_at"], each["activity_id"]) for each in visits)
    expected = {}
    for each in orders:
        place = bisect.bisect_left(done, (dt.datetime.combine(each["order_date"] + DAY, dt.time()), "")) - 1
        if place >= 0 and each["order_date"] - done[place][0].date() <= 30 * DAY:
            expected[done[place][1]] = expected.get(done[place][1], 0) + 1
    facts = crm.facts("visit_to_order_ratio", period="all")
    assert {who: den for who, den in zip(facts["id"], facts["den"], strict=True) if den} == expected
    assert len(facts) == 3000


def test_a_lead_counts_once_however_often_it_was_contacted_or_ordered():
    """Three calls, two orders of its account, one of its opportunity: 1 lead, 2 days to the first contact."""
    lead = {
        "lead_id": "l1", "created_at": dt.datetime(2026, 10, 1), "status": "converted", "account_id": "a1",
        "qualified_at": dt.datetime(2026, 10, 2), "converted_at": dt.datetime(2026, 10, 5), "opportunity_id": "p1",
        "potential_amount": 100.0,
    }  # fmt: skip
    calls = [visit(n, dt.date(2026, 10, 3) + n * DAY, None, type="call", lead_id="l1") for n in range(3)]
    orders = [order(n, OCTOBER + DAY) for n in range(2)] + [order(9, OCTOBER, "a2", opportunity_id="p1")]
    crm = company(leads=[lead], activities=calls, orders=orders)
    found = {}
    for name in (
        "qualified_leads",
        "lead_conversion_rate",
        "lead_order_rate",
        "time_to_first_contact",
        "lead_refusal_rate",
    ):
        row = crm.kpi(name, period="2026-10").row
        found[name] = (row["num"], row["den"], row["amount"])
    assert found == {
        "qualified_leads": (1, None, 100), "lead_conversion_rate": (1, 1, 100), "lead_order_rate": (1, 1, 100),
        "time_to_first_contact": (2, 1, None), "lead_refusal_rate": (0, 1, 0),
    }  # fmt: skip


def test_unknown_is_not_done_and_not_late():
    """Seven meetings that nobody knows the outcome of are neither 7 nor 0 visits."""
    rows = [visit(n, OCTOBER, status="unknown", done_at=None, type="meeting") for n in range(7)]
    crm = company(activities=rows)
    for name in ("visits_done", "visit_reports", "visit_report_rate", "due_activities"):
        result = crm.kpi(name, period="2026-10")
        assert (result.value, result.status) == (None, "unavailable"), name
        assert result.reason.startswith("7 past"), name
