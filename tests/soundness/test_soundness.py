"""Wrong answers that other suites give to family 1, each with the right one (the arithmetic is in the comments)."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 10, 15)


def company(**tables):
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in tables.items()}, as_of=SEEN, currency="EUR")


def order(n, amount, day=SEEN, status="confirmed", **more):
    return {"order_id": f"o{n}", "order_date": day, "status": status, "amount": amount, **more}


def deal(n, status, owner="u1", **more):
    closed = None if status == "open" else dt.datetime(2026, 10, 2)
    return {
        "opportunity_id": f"p{n}", "status": status, "owner_id": owner, "stage": "Offre", "amount": 10.0,
        "created_at": dt.datetime(2026, 1, 5), "closed_at": closed, **more,
    }  # fmt: skip


def invoice(n, amount, kind="invoice", day=SEEN):
    return {"invoice_id": f"i{n}", "invoice_date": day, "type": kind, "status": "posted", "amount": amount}


def target(scope, scope_id, value, metric="ordered_amount"):
    return {
        "scope": scope, "scope_id": scope_id, "metric": metric, "value": value,
        "period_start": dt.date(2026, 10, 1), "period_end": dt.date(2026, 10, 31),
    }  # fmt: skip


def reps(crm, name, column="value", **more):
    frame = crm.kpi(name, period="2026-10", by=["rep"], **more).frame
    return {None if pd.isna(who) else who: each for who, each in zip(frame["rep_id"], frame[column], strict=True)}


def test_the_win_rate_of_one_who_never_lost_is_100_percent():
    crm = company(opportunities=[deal(1, "won"), deal(2, "won"), deal(3, "lost", "u2"), deal(4, "open", "u3")])
    rates = reps(crm, "win_rate")
    assert {who: rate for who, rate in rates.items() if not pd.isna(rate)} == {"u1": 1.0, "u2": 0.0}  # u3 has no rate


def test_the_win_rate_of_nobody_is_no_value():
    result = company(opportunities=[deal(1, "open")]).kpi("win_rate", period="2026-10")
    assert (result.value, result.status) == (None, "unavailable")
    assert result.reason


def test_a_rate_is_a_ratio_of_sums_not_a_mean_of_ratios():
    orders = [order(1, 50.0, list_amount=100.0, owner_id="u1"), order(2, 900.0, list_amount=900.0, owner_id="u2")]
    assert (
        company(orders=orders).kpi("discount_rate", period="2026-10").value == 0.05
    )  # 50 / 1000, not (50 % + 0 %) / 2


def test_an_average_of_groups_is_not_the_average():
    orders = [order(1, 10.0, owner_id="u1"), order(2, 10.0, owner_id="u1"), order(3, 100.0, owner_id="u2")]
    assert company(orders=orders).kpi("average_basket", period="2026-10").value == 40  # 120 / 3, not (10 + 100) / 2


def test_no_fan_out_by_two_reps_of_one_name_or_several_targets():
    users = [{"user_id": "u1", "name": "Anne", "team": "Sud"}, {"user_id": "u2", "name": "Anne", "team": "Sud"}]
    accounts = [{"account_id": each, "name": "NA", "type": "customer", "segment": "PME"} for each in ("a1", "a2")]
    orders = [order(1, 100.0, owner_id="u1", account_id="a1"), order(2, 20.0, owner_id="u2", account_id="a2")]
    targets = [
        target("rep", "u1", 5.0),
        target("rep", "u2", 6.0),
        target("team", "Sud", 7.0),
        target("company", "c", 8.0),
    ]
    crm = company(users=users, accounts=accounts, orders=orders, targets=targets)
    assert crm.kpi("ordered_amount", period="2026-10").value == 120
    assert reps(crm, "ordered_amount") == {"u1": 100.0, "u2": 20.0}  # by id, never by label
    assert crm.kpi("ordered_amount", period="2026-10", by=["segment"]).frame["value"].tolist() == [120.0]
    assert len(crm.facts("ordered_amount", period="2026-10")) == 2


def test_no_fan_out_by_order_lines_and_payments():
    lines = [{"order_id": "o1", "amount": 50.0}, {"order_id": "o1", "amount": 50.0}]
    crm = company(orders=[order(1, 100.0)], order_lines=lines)
    assert crm.kpi("ordered_amount", period="2026-10").value == 100
    assert crm.kpi("order_count", period="2026-10").value == 1


def test_a_managers_target_is_not_added_to_the_reps():
    users = [{"user_id": "u1", "name": "A", "team": "Sud"}, {"user_id": "u2", "name": "B", "team": "Sud"}]
    rows = [
        target("rep", "u1", 10.0),
        target("rep", "u2", 20.0),
        target("team", "Sud", 40.0),
        target("company", "c", 100.0),
    ]
    crm = company(users=users, orders=[order(1, 50.0, owner_id="u1")], targets=rows)
    asked = {"period": "2026-10", "compare": ["target"]}
    assert crm.kpi("ordered_amount", **asked).row["target"] == 100  # not 170
    assert crm.kpi("ordered_amount", by=["team"], **asked).frame["target"].tolist() == [40.0]  # not 70
    assert reps(crm, "ordered_amount", "target", compare=["target"]) == {"u1": 10.0, "u2": 20.0}


def test_a_rep_with_a_target_and_no_sale_is_shown_with_zero():
    users = [{"user_id": "u1", "name": "A"}, {"user_id": "u2", "name": "B"}]
    rows = [target("rep", "u1", 10.0), target("rep", "u2", 20.0)]
    crm = company(users=users, orders=[order(1, 50.0, owner_id="u1")], targets=rows)
    assert reps(crm, "ordered_amount", compare=["target"]) == {"u1": 50.0, "u2": 0.0}


def test_a_credit_note_lowers_the_revenue_and_a_deposit_does_not_count():
    rows = [invoice(1, 100.0), invoice(2, -100.0, "credit_note"), invoice(3, 40.0, "deposit")]
    result = company(invoices=rows).kpi("invoiced_revenue", period="2026-10")
    assert (result.value, result.row["n"], result.status) == (0, 2, "ok")


def test_margin_of_orders_without_a_cost_is_not_100_percent():
    result = company(orders=[order(1, 100.0, cost_amount=None)]).kpi("margin_rate", period="2026-10")
    assert (result.value, result.status) == (None, "unavailable")
    half = company(orders=[order(1, 100.0, cost_amount=60.0), order(2, 100.0, cost_amount=None)])
    result = half.kpi("margin_rate", period="2026-10")
    assert (result.value, result.status, result.coverage) == (0.4, "partial", 0.5)  # 40 / 100, not 140 / 200


def test_a_missing_probability_is_neither_0_nor_50_percent():
    rows = [deal(1, "open", probability=0.5), deal(2, "open", probability=None)]
    result = company(opportunities=rows).kpi("weighted_pipeline", period="2026-10")
    assert (result.value, result.status, result.coverage) == (5, "partial", 0.5)
    assert sum(result.left_out.values()) == 1


def test_null_is_not_zero():
    crm = company(orders=[order(1, 0.0)])
    assert crm.kpi("ordered_amount", period="2026-10").value == 0
    assert crm.kpi("average_basket", period="2026-10").value is None  # only zero orders: no basket
    assert crm.kpi("discount_rate", period="2026-10").value is None
    assert crm.kpi("invoiced_revenue", period="2026-10").value is None  # no invoices at all


def test_before_the_data_begins_there_is_no_value():
    crm = company(orders=[order(1, 10.0, dt.date(2026, 8, 3)), order(2, 5.0)])
    assert crm.kpi("ordered_amount", period="2026-09").value == 0  # inside the data
    assert crm.kpi("ordered_amount", period="2026-07").value is None
    assert crm.kpi("ordered_amount", period="2026-11").value is None  # it has not begun
    row = crm.kpi("ordered_amount", period="2026-08", compare=["previous", "last_year"]).row
    assert (row["previous"], row["last_year"]) == (None, None)


@pytest.mark.parametrize("day", ["2026-11-01"])  # a Sunday and a holiday: no working day has elapsed
def test_without_an_elapsed_working_day_nothing_is_compared_or_projected(day):
    rows = [invoice(1, 10.0, day=dt.date(2026, 10, 2)), invoice(2, 5.0, day=dt.date(2026, 11, 1))]
    crm = crmkpi.open({"invoices": pd.DataFrame(rows)}, as_of=dt.date.fromisoformat(day))
    row = crm.kpi("invoiced_revenue", period="2026-11", compare=["previous"]).row
    assert (row["value"], row["previous"]) == (5, None)
    assert crm.kpi("landing", period="2026-11").value is None


def test_amounts_round_half_away_from_zero_row_by_row():
    # 0.10 x 5 % = 0.005 -> 0.01 twice: 0.02; rounding the sum would say 0.01, half to even 0.00.
    rows = [deal(n, "open", amount=0.10, probability=0.05) for n in (1, 2)]
    assert company(opportunities=rows).kpi("weighted_pipeline", period="2026-10").value == 0.02


def test_a_deal_won_later_was_open_then():
    rows = [deal(1, "won", probability=0.5, closed_at=dt.datetime(2026, 10, 2)), deal(2, "open", probability=0.5)]
    crm = company(opportunities=rows)
    assert crm.kpi("open_opportunities", period="2026-09", as_of="2026-09-30").value == 2
    assert crm.kpi("open_opportunities", period="2026-10").value == 1


def test_who_has_a_target_and_nothing_else_needs_a_pace_and_pipeline():
    users = [{"user_id": "u1", "name": "A"}, {"user_id": "u2", "name": "B"}]
    metrics = ("ordered_amount", "invoiced_revenue")
    crm = company(
        users=users, orders=[order(1, 10.0, owner_id="u1")], invoices=[{**invoice(1, 12.0), "owner_id": "u1"}],
        targets=[target("rep", who, 100.0, metric) for who in ("u1", "u2") for metric in metrics],
        opportunities=[deal(1, "open", amount=45.0, expected_close_date=dt.date(2026, 10, 20))],
    )  # fmt: skip
    # 15 October leaves 11 working days: (100 - 12) / 11 and (100 - 0) / 11; open 45 / (100 - 10) and 0 / 100.
    assert reps(crm, "needed_pace") == pytest.approx({"u1": 8, "u2": 100 / 11})
    assert reps(crm, "pipeline_coverage") == pytest.approx({"u1": 0.5, "u2": 0})


def test_a_team_whose_reps_have_targets_and_no_sale_is_shown():
    users = [{"user_id": "u1", "name": "A", "team": "Sud"}, {"user_id": "u2", "name": "B", "team": "Est"}]
    targets = [target("rep", "u1", 10.0), target("rep", "u2", 20.0)]
    crm = company(users=users, orders=[order(1, 50.0, owner_id="u1")], targets=targets)
    frame = crm.kpi("ordered_amount", period="2026-10", by=["team"], compare=["target"]).frame
    found = {team: tuple(row) for team, *row in frame[["team", "value", "target", "status"]].itertuples(index=False)}
    assert found == {"Sud": (50.0, 10.0, "partial"), "Est": (0.0, 20.0, "partial")}  # 1 of 1 reps each
