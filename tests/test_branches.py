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


@pytest.mark.parametrize("status", ["won", "lost", None])
def test_a_deal_was_open_until_its_closing_whatever_became_of_it(status):
    crm = company(opportunities=[closed(1, status), deal(2)])
    assert [crm.kpi("open_opportunities", as_of=f"2026-10-{day}").value for day in ("08", "09")] == [2, 1]


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


# --- a deal as it was known at a past day ---------------------------------------------------------------------------


def changed(n, day, **values):
    return {"opportunity_id": f"p{n}", "at": pd.Timestamp(day), **values}


def worth(as_of, *history, **record):
    """The weighted pipeline at a day of one deal, by its record and its history."""
    rows = {"opportunity_history": list(history)} if history else {}
    crm = company(opportunities=[deal(1, **record)], stages=[{"stage": "Offre", "probability": 0.2}], **rows)
    return crm.kpi("weighted_pipeline", as_of=as_of).value


def test_a_past_day_knows_the_last_change_by_then():
    history = [
        changed(1, "2026-09-03 09:00", amount=1000.0, probability=0.1), changed(1, "2026-09-10 09:00", amount=2000.0),
        changed(1, "2026-09-10 17:00", amount=3000.0, probability=0.3),
    ]  # fmt: skip
    found = {day: worth(f"2026-{day}", *history) for day in ("09-02", "09-03", "09-09", "09-10", "10-14", "10-15")}
    assert found == {
        "09-02": 50,
        "09-03": 100,
        "09-09": 100,
        "09-10": 900,
        "10-14": 900,
        "10-15": 50,
    }  # at last: the record


def test_a_change_to_nothing_is_known_as_such():
    history = changed(1, "2026-09-03", amount=1000.0, probability=0.1), changed(1, "2026-09-10", amount=1000.0)
    assert worth("2026-09-11", *history) == 200, "no probability any more: its stage's"
    assert worth("2026-09-11", changed(1, "2026-09-03", stage="Offre")) == 50, "neither was ever followed: the record's"


def test_a_deal_won_since_is_weighed_as_it_was():
    history = changed(1, "2026-09-03", amount=1000.0, probability=0.1)
    won = {"status": "won", "probability": 1.0, "closed_at": dt.datetime(2026, 10, 9), "stage": "Gagnée"}
    assert (worth("2026-10-08", history, **won), worth("2026-10-09", history, **won)) == (100, 0)


def test_what_a_history_notes_once_is_of_its_time():
    """A field that one row fills is followed: in the past it is that row's, and not the record's."""
    noted = {"stage": "Contact", "expected_close_date": dt.date(2026, 9, 30), "amount": 1000.0, "probability": 0.1}
    crm = company(opportunities=[deal(1)], opportunity_history=[changed(1, "2026-09-03", **noted)])
    then, now = (crm.facts("weighted_pipeline", as_of=f"2026-{day}").iloc[0] for day in ("09-10", "10-15"))
    assert {name: then[name] for name in ("stage", "signature", "amount", "probability")} == {
        "stage": "Contact", "signature": "2026-09", "amount": 1000, "probability": 0.1,
    }  # fmt: skip
    assert (now["stage"], now["signature"], now["amount"], now["probability"]) == ("Offre", "2026-10", 100, 0.5)


def test_a_past_without_history_is_partial_and_draws_no_trend():
    for history, dated in (({}, False), ({"opportunity_history": [changed(2, "2026-09-03", amount=1.0)]}, True)):
        crm = company(opportunities=[deal(1), deal(2)], **history)
        assert crm.kpi("weighted_pipeline", period="2026-09").status == ("ok" if dated else "partial")
        assert crm.trend("weighted_pipeline", periods=2)["dated"].tolist() == [dated, True]
        assert crm.is_dated("weighted_pipeline") is dated
        assert crm.is_dated("landing_pipeline") is dated, "a formula is dated if all it reads is"


def test_the_usual_delay_is_that_of_the_day():
    """Delivered by the day: 4 days on the 5th; with the one of the 12th, the median of 4 and 10 is 7."""
    orders = [
        order(1, order_date=dt.date(2026, 10, 1), delivered_at=dt.datetime(2026, 10, 5)),
        order(2, order_date=dt.date(2026, 10, 2), delivered_at=dt.datetime(2026, 10, 12)),
    ]
    wish = deal(1, expected_close_date=dt.date(2026, 10, 20), requested_delivery_date=dt.date(2026, 10, 26))
    crm = company(orders=orders, opportunities=[wish])
    settings = {"deal_share": 2.0}
    found = [
        crm.facts("weighted_pipeline", as_of=f"2026-10-{day}", settings=settings)["severity"].tolist()
        for day in (11, 12)
    ]
    assert found == [[None], ["P2"]]


# --- what stages really closed at -----------------------------------------------------------------------------------


def passed(*history, stages=(), **record):
    """Stage, value and declared probability of one won deal, by stage, at the data's day."""
    tables = {"opportunities": [closed(1, "won", **record)], "opportunity_history": list(history)}
    crm = company(**tables, **({"stages": list(stages)} if stages else {}))
    frame = crm.kpi("stage_realised_rate", by="stage", settings={"closed_deals_needed": 1}).frame
    return {row["stage_id"]: (row["value"], row["declared"]) for row in frame.to_dict("records")}


def test_a_stage_counts_a_deal_once_with_its_last_declaration():
    twice = [
        changed(1, "2026-09-02", stage="Offre", probability=0.2),
        changed(1, "2026-09-09", stage="Offre", probability=0.6),
    ]
    assert passed(*twice) == {"Offre": (1, 0.6)}
    default = [{"stage": "Offre", "probability": 0.35}]
    assert passed(changed(1, "2026-09-02", stage="Offre"), stages=default) == {"Offre": (1, 0.35)}


def test_a_stage_noted_after_the_closing_was_not_gone_through():
    day, after = (
        changed(1, f"2026-10-{day} 18:00", stage=stage, probability=0.5) for day, stage in (("09", "A"), ("10", "B"))
    )
    assert passed(day, after) == {"A": (1, 0.5)}
    assert passed(day, after, closed_at=None) == {"A": (1, 0.5), "B": (1, 0.5)}, "no closing day: closed at every day"
    assert passed(changed(1, "2026-09-02", probability=0.5)) == {}, "a row without a stage is of none"


def test_a_calibrated_deal_is_rounded_half_away_from_zero():
    """0.29 at one in two is 0.145: 0.15, where the nearest double lies below the half."""
    for amount, worth_ in ((0.29, 0.15), (-0.29, -0.15), (0.28, 0.14)):
        deals = [closed(1, "won"), closed(2, "lost"), deal(3, amount=amount)]
        history = [changed(n, "2026-09-02", stage="Offre", amount=100.0) for n in (1, 2)]
        crm = company(opportunities=deals, opportunity_history=history)
        assert crm.kpi("calibrated_pipeline", settings={"closed_deals_needed": 2}).value == worth_
