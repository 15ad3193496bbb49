"""Branches that the clean data/demo can not show: values the source lacks, and days that fall together."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 10, 15)
OLD = dt.datetime(2026, 9, 1)


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def invoice(n, **more):
    sound = {"type": "invoice", "status": "posted", "amount": 100.0, "order_id": None, "invoice_date": SEEN}
    return {"invoice_id": f"i{n}", **sound, **more}


def order(n, **more):
    sound = {"order_date": SEEN, "status": "confirmed", "amount": 100.0, "cost_amount": 60.0, "list_amount": 120.0}
    return {"order_id": f"o{n}", **sound, **more}


def deal(n, **more):
    sound = {"status": "open", "stage": "Offre", "amount": 100.0, "probability": 0.5, "created_at": OLD}
    return {"opportunity_id": f"p{n}", "closed_at": None, "expected_close_date": dt.date(2026, 10, 30), **sound, **more}


def closed(n, status, **more):
    return deal(n, **{"status": status, "closed_at": dt.datetime(2026, 10, 9), **more})


INVOICES = [invoice(1), invoice(2, amount=None), invoice(3, status=None), invoice(4, type=None)]
ORDERS = [order(1), order(2, amount=None), order(3, status=None)]
DEALS = [closed(1, "won"), closed(2, "lost"), closed(3, "lost", amount=None), closed(4, None)]


@pytest.mark.parametrize(
    ("name", "tables", "value", "coverage", "reason"),
    [
        # known 100 of 400: the one without an amount weighs the mean of the others
        ("invoiced_revenue", {"invoices": INVOICES}, 100, 1 / 4, "1 invoice without an amount; 2 invoices without a status"),
        ("ordered_amount", {"orders": ORDERS}, 100, 1 / 3, "1 order without a status; 1 order without an amount"),
        ("order_count", {"orders": ORDERS}, 2, 2 / 3, "1 order without a status"),
        ("average_basket", {"orders": ORDERS}, 100, 1 / 3, "1 order without a status; 1 order without an amount"),
        ("margin_rate", {"orders": ORDERS}, 0.4, 1 / 3, "1 order without a status; 1 order without an amount"),
        ("discount_rate", {"orders": ORDERS}, 20 / 120, 1 / 3, "1 order without a status; 1 order without an amount"),
        ("win_rate", {"opportunities": DEALS}, 1 / 3, 3 / 4, "1 deal without a status"),
        ("win_rate_by_value", {"opportunities": DEALS}, 0.5, 1 / 2, "1 deal without a status; 1 deal without an amount"),
    ],
)  # fmt: skip
def test_what_the_source_lacks_is_missing_and_said(name, tables, value, coverage, reason):
    result = company(**tables).kpi(name, period="2026-10")
    assert (result.value, result.coverage) == (pytest.approx(value), pytest.approx(coverage))
    assert result.status == "partial"
    assert all(part in result.reason for part in reason.split("; "))


def test_a_deal_closed_nobody_knows_when_is_open_at_no_date_and_in_no_rate():
    crm = company(opportunities=[closed(1, "won", closed_at=None), closed(2, "lost"), deal(3)])
    assert crm.kpi("open_opportunities", period="2026-10").value == 1
    rate = crm.kpi("win_rate", period="2026-10")
    assert (rate.value, rate.coverage, rate.reason) == (0, 0.5, "1 row without a date")


def test_a_deal_created_nobody_knows_when_is_open():
    assert company(opportunities=[deal(1, created_at=None), closed(2, "won")]).kpi("open_opportunities").value == 1


def test_an_order_invoiced_on_the_day_is_no_longer_to_invoice():
    due = {"requested_delivery_date": dt.date(2026, 10, 20)}
    crm = company(orders=[order(1, **due), order(2, **due)], invoices=[invoice(1, order_id="o1")])
    assert crm.kpi("orders_to_invoice", period="2026-10").value == 100


def test_a_draft_order_does_not_take_a_deal_out_of_the_landing():
    crm = company(
        opportunities=[deal(1), deal(2), deal(3)],
        orders=[
            order(1, opportunity_id="p1", status="draft"),
            order(2, opportunity_id="p2"),
            order(3, opportunity_id=None),
        ],
    )
    assert crm.kpi("weighted_signing", period="2026-10").value == 100
    assert crm.kpi("weighted_signing", period="2026-10").left_out == {"ordered": 1}


def test_a_pace_needs_a_revenue():
    goal = {"scope": "company", "scope_id": "c", "metric": "invoiced_revenue", "value": 1000.0}
    bounds = {"period_start": dt.date(2026, 10, 1), "period_end": dt.date(2026, 10, 31)}
    nothing = company(invoices=[invoice(1, amount=None)], targets=[goal | bounds]).kpi("needed_pace", period="2026-10")
    assert (nothing.value, nothing.status) == (None, "unavailable")


def test_no_alert_on_deals_without_any_activity_in_the_source():
    """Silence is not known where the source has no activities at all."""
    silent = [deal(n, requested_delivery_date=None, amount=10.0) for n in range(9)]
    assert company(opportunities=silent).alerts(["weighted_pipeline"], period="2026-10").empty


@pytest.mark.parametrize("name", ["weighted_signing", "pipeline_signing", "landing_pipeline"])
def test_what_the_source_does_not_date_is_partial_in_the_past(name):
    """A deal won since has a probability of 1 today; what it had at a past day is not known."""
    deals = [closed(1, "won", probability=1.0), closed(2, "lost", probability=0.0)]
    crm = company(opportunities=deals, invoices=[invoice(1, invoice_date=dt.date(2026, 10, 1))])
    result = crm.kpi(name, period="2026-10", as_of="2026-10-06")
    assert (result.status, "are today's" in result.reason) == ("partial", True)
