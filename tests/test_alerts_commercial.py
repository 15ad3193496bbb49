"""Alerts of family 1 on their very boundary, where data/demo is too small to be there: teams of four reps, round numbers."""

import datetime as dt

import pandas as pd
import pytest

import crmkpi

SEEN = dt.date(2026, 10, 31)
SPAN = {"period_start": dt.date(2026, 10, 1), "period_end": SEEN}


def company(orders, targets=(), **tables):
    users = [{"user_id": rep, "name": rep, "team": "T", "is_sales": True} for rep in "abcd"]
    frames = {"users": users, "orders": orders, **({"targets": targets} if targets else {}), **tables}
    return crmkpi.open({name: pd.DataFrame(rows) for name, rows in frames.items()}, as_of=SEEN, currency="EUR")


def orders(rep, *amounts, day=SEEN, list_amount=100.0, cost=50.0):
    return [
        {"order_id": f"{rep}{day}{n}", "order_date": day, "status": "confirmed", "amount": float(amount),
         "list_amount": list_amount, "cost_amount": cost, "owner_id": rep, "team": "T"}
        for n, amount in enumerate(amounts)
    ]  # fmt: skip


def target(metric, value, rep="a"):
    return {"scope": "rep", "scope_id": rep, "metric": metric, "value": float(value), **SPAN}


def groups(crm, name, by="rep", **settings):
    found = crm.alerts([name], period="2026-10", settings=settings or None)
    return [] if found.empty else sorted(found[(found["kind"] == "group") & (found["dimension"] == by)]["who_id"])


def discounts(*rates, reps="abcd"):
    return company([row for rep, rate in zip(reps, rates, strict=False) for row in orders(rep, *[100 - rate] * 5)])


@pytest.mark.parametrize(
    ("rates", "who"),
    [
        ((0, 10, 20, 50), ["d"]),  # median 15, deviation 10: above 35
        ((0, 10, 20, 35), []),  # on it
        ((0, 10, 20, 36), ["d"]),
        ((0, 10, 50), ["c"]),  # three are enough: median 10, deviation 10, above 30
        ((0, 10, 30), []),
        ((0, 25, 75), []),  # on it, and binary fractions: 25 + 2 x 25
    ],
)
def test_discounts_well_above_those_of_the_team(rates, who):
    assert groups(discounts(*rates), "discount_rate", small_n=5) == who
    assert groups(discounts(*rates), "discount_rate", small_n=6) == []


def test_two_reps_say_nothing_of_a_third():
    crm = discounts(0, 50, reps="ab")
    assert groups(crm, "discount_rate", small_n=1, discount_spread=-1) == []


@pytest.mark.parametrize(
    ("number", "amount", "who"),
    [
        (2, 1000, ["a"]),  # all of the number, 20 % of the amount
        (2, 200, []),
        (1, 250, ["a"]),  # 80 %
        (1, 222, []),  # 90.1 %
        (4, 1000, []),  # neither
        (4, 200, ["a"]),  # all of the amount, half of the number
    ],
)
def test_a_target_held_in_number_or_in_amount(number, amount, who):
    crm = company(orders("a", 100, 100), [target("order_count", number), target("ordered_amount", amount)])
    assert groups(crm, "order_count") == who


def test_attainment_on_the_boundary():
    crm = company(orders("a", 100, 100), [target("order_count", 2), target("ordered_amount", 250)])
    assert groups(crm, "order_count", attainment_watch=0.8) == []
    assert groups(crm, "order_count", attainment_watch=0.81) == ["a"]


@pytest.mark.parametrize(("cost", "who"), [(75.0, []), (76.0, ["a"])])
def test_more_orders_and_the_same_margin(cost, who):
    before = orders("a", 100, day=dt.date(2026, 9, 10))
    assert groups(company([*before, *orders("a", 100, 100, cost=cost)]), "margin_rate", small_n=1) == who


@pytest.mark.parametrize(("amount", "who"), [(200.0, []), (199.0, ["a"])])
def test_as_much_in_the_pipeline_as_is_needed(amount, who):
    """Half of the value is won, so twice what is left to order is needed: 2 x 100."""
    made = {"owner_id": "a", "created_at": dt.datetime(2026, 9, 1), "probability": 0.5, "stage": "S"}
    shut = {"amount": 100.0, "closed_at": dt.datetime(2026, 10, 9), "expected_close_date": None}
    deals = [
        {"opportunity_id": "p1", "status": "won", **made, **shut},
        {"opportunity_id": "p2", "status": "lost", **made, **shut},
        {
            "opportunity_id": "p3",
            "status": "open",
            **made,
            "amount": amount,
            "closed_at": None,
            "expected_close_date": SEEN,
        },
    ]
    crm = company(orders("b", 10), [target("ordered_amount", 100)], opportunities=deals)
    assert groups(crm, "pipeline_coverage", small_n=1) == who


def alert_of(wish, days, activities=(), status="confirmed", close=SEEN):
    """The alert of one open deal that signs on the day, where an order takes some days."""
    deal = {
        "opportunity_id": "p1", "owner_id": "a", "status": "open", "amount": 100.0, "probability": 0.5, "stage": "S",
        "created_at": dt.datetime(2026, 9, 1), "closed_at": None, "expected_close_date": close,
        "requested_delivery_date": SEEN + dt.timedelta(wish),
    }  # fmt: skip
    sent = orders("b", 10, day=SEEN - dt.timedelta(days))[0] | {"delivered_at": pd.Timestamp(SEEN), "status": status}
    crm = company([sent], opportunities=[deal], **({"activities": list(activities)} if activities else {}))
    settings = {"deal_share": 2.0}
    return list(crm.facts("weighted_pipeline", as_of=str(SEEN), settings=settings)["alert_reason"])


def test_the_usual_delay_is_soon_enough():
    assert alert_of(10, 10) == [None]
    assert None not in (*alert_of(9, 10), *alert_of(9, 10, status="delivered"))
    assert alert_of(9, 10, status="draft") == [None], "what was never ordered has no delay"


def test_one_activity_in_the_source_is_enough_to_know_silence():
    call = {"activity_id": "v1", "type": "call", "done_at": dt.datetime(2026, 9, 2), "status": "done"}
    assert alert_of(10, 10, [call]) == ["signature near and nothing planned"]
    assert alert_of(99, 10, [call], close=SEEN + dt.timedelta(60)) == ["no recent activity on the deal"]


def test_without_any_activity_nothing_is_known_of_what_is_planned():
    assert alert_of(10, 10) == [None]


def steps(*activities):
    """The last activity and the next one of a deal, as of the day and one day before."""
    deal = {
        "opportunity_id": "p1", "owner_id": "a", "status": "open", "amount": 100.0, "probability": 0.5, "stage": "S",
        "created_at": dt.datetime(2026, 9, 1), "closed_at": None, "expected_close_date": SEEN,
        "requested_delivery_date": None,
    }  # fmt: skip
    blank = dict.fromkeys(("done_at", "planned_at", "cancelled_at"), pd.NaT) | {"status": None}
    rows = [
        {**blank, "activity_id": f"v{n}", "type": "call", "opportunity_id": "p1"}
        | {name: pd.Timestamp(value) if name.endswith("_at") else value for name, value in each.items()}
        for n, each in enumerate(activities)
    ]
    crm = company(orders("b", 10), opportunities=[deal], activities=rows)
    found = crm.facts("weighted_pipeline", as_of=str(SEEN)).iloc[0]
    return [None if pd.isna(found[name]) else str(found[name])[:10] for name in ("last_activity", "next_activity")]


@pytest.mark.parametrize(
    ("activities", "found"),
    [
        ([{"done_at": "2026-10-05"}, {"done_at": "2026-10-20"}, {"done_at": "2026-11-02"}], ["2026-10-20", None]),
        ([{"done_at": "2026-10-31 18:00"}], ["2026-10-31", None]),
        (
            [{"planned_at": "2026-11-08"}, {"planned_at": "2026-11-05"}, {"planned_at": "2026-10-30"}],
            [None, "2026-11-05"],
        ),
        ([{"planned_at": "2026-10-31 09:00"}], [None, "2026-10-31"]),
        ([{"planned_at": "2026-11-05", "cancelled_at": "2026-10-29"}], [None, None]),
        ([{"planned_at": "2026-11-05", "status": "cancelled"}], [None, None]),
        ([{"planned_at": "2026-11-05", "done_at": "2026-10-31 09:00"}], ["2026-10-31", None]),
        ([{"planned_at": "2026-11-05", "done_at": "2026-11-01"}], [None, "2026-11-05"]),
        ([{"planned_at": "2026-11-05", "status": "planned"}], [None, "2026-11-05"]),
    ],
)
def test_the_last_activity_of_a_deal_and_the_next(activities, found):
    assert steps(*activities) == found


@pytest.mark.parametrize("closing", ["won", "lost"])
def test_closing_stages_are_left_out_and_said(closing):
    made = {"amount": 100.0, "created_at": dt.datetime(2026, 9, 1), "expected_close_date": SEEN}
    deals = [
        {"opportunity_id": "p1", "status": "won", "stage": "W", "closed_at": pd.Timestamp("2026-10-09"), **made},
        {"opportunity_id": "p2", "status": "open", "stage": "W", "closed_at": pd.NaT, **made},
    ]
    history = [
        {"opportunity_id": "p1", "at": pd.Timestamp(f"2026-10-0{n}"), "stage": stage} for n, stage in enumerate("SW", 1)
    ]
    stages = [
        {"stage": "S", "probability": 0.5, "status": "open"},
        {"stage": "W", "probability": 1.0, "status": closing},
    ]
    crm = company(orders("b", 10), opportunities=deals, opportunity_history=history, stages=stages)
    assert crm.kpi("stage_realised_rate").left_out == {"closing": 1, "few_closed": 1}
    one = {"closed_deals_needed": 1}
    rate = crm.kpi("stage_realised_rate", settings=one)
    assert (rate.value, rate.left_out) == (1, {"closing": 1})
    assert crm.kpi("calibrated_pipeline", settings=one).left_out == {"few_closed": 1}, "an open deal in a closing stage"


def test_the_list_says_what_share_of_a_stage_was_won():
    deals = [
        {"opportunity_id": f"p{n}", "status": status, "stage": "S", "amount": 100.0, "created_at": dt.datetime(2026, 9, 1),
         "closed_at": pd.NaT if status == "open" else pd.Timestamp("2026-10-09"), "expected_close_date": SEEN}
        for n, status in enumerate(["won", "lost", "open"])
    ]  # fmt: skip
    history = [
        {"opportunity_id": f"p{n}", "at": pd.Timestamp("2026-10-01"), "stage": "S", "amount": 100.0} for n in (0, 1)
    ]
    crm = company(orders("b", 10), opportunities=deals, opportunity_history=history)
    facts = crm.facts("calibrated_pipeline", settings={"closed_deals_needed": 2})
    assert facts[["realised", "closed_deals"]].values.tolist() == [[0.5, 2]]


def test_the_list_says_whose_probability_it_is():
    deals = [
        {"opportunity_id": f"p{n}", "status": "open", "stage": stage, "amount": 100.0, "probability": own,
         "created_at": dt.datetime(2026, 9, 1), "closed_at": pd.NaT, "expected_close_date": SEEN}
        for n, (stage, own) in enumerate([("S", 0.2), ("S", None), ("T", 0.3)])
    ]  # fmt: skip
    stages = [{"stage": "S", "probability": 0.5, "status": "open"}]
    facts = company(orders("b", 10), opportunities=deals, stages=stages).facts("weighted_pipeline", as_of=str(SEEN))
    assert dict(zip(facts["id"], facts["probability_from"], strict=True)) == {
        "p0": "record",
        "p1": "stage",
        "p2": "record",
    }
