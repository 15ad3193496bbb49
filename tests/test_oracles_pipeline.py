"""Calibrated pipeline, realised probability, needed coverage and monthly weights, against plain Python."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from oracles import calendar, commercial, stages, strategies

import crmkpi

DAY = dt.timedelta(days=1)


def with_history(seed):
    """A random company whose deals have a history; in some, a stage is one of closing."""
    tables, as_of = strategies.company(seed)
    rng = random.Random(seed)
    closing = rng.choice([None, "won", "lost"])
    if closing and "stages" in tables:
        rng.choice(tables["stages"])["status"] = closing
    return tables, as_of


def close(got, wanted):
    got = None if got is None or got != got else got
    return got is None if wanted is None else got == pytest.approx(float(wanted), abs=1e-6)


@pytest.mark.parametrize("seed", range(7001, 7041, 2))
def test_stages_and_what_they_closed_at(seed):
    tables, as_of = with_history(seed)
    if "opportunity_history" not in tables:
        tables["opportunity_history"] = [{"opportunity_id": "none", "at": dt.datetime(2019, 1, 1), "stage": "Offre"}]
    crm = crmkpi.open(strategies.frames(tables), as_of=as_of, currency="EUR", lang="en")
    for day in (as_of, as_of - 20 * DAY, as_of - 300 * DAY):
        for needed in (1, 3):
            asked = {"period": f"{day:%Y-%m}", "as_of": day, "settings": {"closed_deals_needed": needed}}
            wanted = stages.realised(tables, day, needed)
            shown = crm.kpi("stage_realised_rate", by="stage", **asked)
            if shown.status == "unavailable" and "the data begin" in shown.reason:
                assert not stages.passages(tables, day)
                continue
            found = {row["stage_id"]: row for row in shown.frame.to_dict("records")}
            assert found.keys() >= wanted.keys(), (day, needed)
            for stage, (rate, count, declared) in wanted.items():
                row = found[stage]
                assert close(row["value"], rate), (day, stage, row)
                assert (row["status"] == "unavailable") == (rate is None)
                if rate is not None:
                    assert (row["n"], row["den"]) == (count, count)
                    assert close(row["declared"], declared)
            check_calibrated(crm, tables, as_of, asked)


def check_calibrated(crm, tables, data_day, asked):
    """The open deals at what their stage closed at are the oracle's."""
    answer = crm.kpi("calibrated_pipeline", **asked)
    value, used, left = stages.calibrated(tables, asked["as_of"], data_day, asked["settings"]["closed_deals_needed"])
    if not tables["opportunities"]:
        assert answer.status == "unavailable"
    elif answer.coverage >= 0.2 or not used:
        assert close(answer.value, value), (asked, answer.reason)
        assert answer.row["n"] == used
        assert (answer.coverage < 1) == (left > 0)


@pytest.mark.parametrize("seed", range(7100, 7120))
def test_needed_coverage_is_one_over_the_win_rate_of_twelve_months(seed):
    tables, as_of = strategies.company(seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of, currency="EUR", lang="en")
    for day in (as_of, as_of - 45 * DAY):
        stop = day + DAY
        year, leap = stop.year - 1, (stop.month, stop.day) == (2, 29)
        window = (dt.date(year, stop.month, 28 if leap else stop.day), stop)
        for by in ([], ["team"]):
            for row in crm.kpi("needed_coverage", period=f"{day:%Y-%m}", as_of=day, by=by).frame.to_dict("records"):
                key = (row["team_id"] if row["team_id"] == row["team_id"] else None,) if by else ()
                rate = commercial.at(tables, "win_rate_by_value", window, {}, by, key)["value"]
                assert close(row["value"], 1 / rate if rate else None), (day, key)


def test_the_issues_example_of_coverage():
    """Pipeline of 4.8 million, 1.6 left to order: 3.0, where a win rate of 22 % needs 4.55."""
    month = {
        "period_start": dt.date(2026, 10, 1),
        "period_end": dt.date(2026, 10, 31),
        "scope": "company",
        "scope_id": "c",
    }
    deals = [
        {"opportunity_id": "o", "status": "open", "amount": 4.8e6, "expected_close_date": dt.date(2026, 10, 30)},
        {"opportunity_id": "w", "status": "won", "amount": 22.0, "closed_at": dt.datetime(2026, 3, 2)},
        {"opportunity_id": "l", "status": "lost", "amount": 78.0, "closed_at": dt.datetime(2025, 10, 16)},
        {"opportunity_id": "x", "status": "lost", "amount": 5e6, "closed_at": dt.datetime(2025, 10, 15)},
    ]
    tables = {
        "opportunities": pd.DataFrame(deals).assign(stage="Offre", created_at=dt.datetime(2025, 1, 6)),
        "orders": pd.DataFrame(
            [{"order_id": "1", "order_date": dt.date(2026, 10, 2), "status": "confirmed", "amount": 0.4e6}]
        ),
        "targets": pd.DataFrame([{**month, "metric": "ordered_amount", "value": 2.0e6}]),
    }
    crm = crmkpi.open(tables, as_of="2026-10-15", currency="EUR")
    assert crm.kpi("pipeline_coverage", period="2026-10").value == pytest.approx(3.0)
    assert crm.kpi("needed_coverage", period="2026-10").value == pytest.approx(1 / 0.22)
    (alert,) = crm.alerts(["pipeline_coverage"], period="2026-10").to_dict("records") or [{}]
    assert alert == {} or alert["severity"] == "P2"


@pytest.mark.parametrize("day", ["2026-10-31", "2026-03-30", "2024-02-28", "2024-02-29", "2026-12-31"])
def test_twelve_months_up_to_a_day_begin_the_day_after_the_same_one_a_year_before(day):
    """A deal of each day of two years: those of the year up to the day, no more, count."""
    seen = dt.date.fromisoformat(day)
    days = [seen - n * DAY for n in range(740)]
    deals = [{"opportunity_id": str(n), "status": "lost", "stage": "A", "amount": 1.0, "closed_at": dt.datetime.combine(each, dt.time(9))}
             for n, each in enumerate(days)]  # fmt: skip
    deals.append({**deals[0], "opportunity_id": "won", "status": "won"})
    stop = seen + DAY
    start = stop.replace(year=stop.year - 1) if (stop.month, stop.day) != (2, 29) else dt.date(stop.year - 1, 2, 28)
    crm = crmkpi.open({"opportunities": pd.DataFrame(deals)}, as_of=day)
    assert crm.kpi("needed_coverage", period=day[:7]).value == pytest.approx(1 + (stop - start).days)


WEIGHTS = [8, 7, 9, 8, 7, 10, 6, 3, 11, 10, 9, 12]


def weighed(period, as_of, year=Fraction(1200), fiscal=1, own=()):
    """A yearly target by monthly weights, for a period and to date: a month's own target stands before its share."""
    whole = to_date = Fraction(0)
    window = calendar.to_date(period, as_of)
    for number in range(
        period.start.year * 12 + period.start.month - 1, (period.end - DAY).year * 12 + (period.end - DAY).month
    ):
        month = calendar.Period(calendar.first_of(number), calendar.first_of(number + 1), "month")
        share = Fraction(WEIGHTS[(month.start.month - fiscal) % 12], sum(WEIGHTS))
        value = dict(own).get(month.start, year * share)
        days = calendar.open_days(month.start, month.end)
        whole += value * calendar.open_days(max(month.start, period.start), min(month.end, period.end)) / days
        stop = min(month.end, window[1], period.end)
        to_date += value * calendar.open_days(max(month.start, period.start), stop) / days if stop > month.start else 0
    return whole, to_date


def test_monthly_weights_spread_a_yearly_target():
    as_of = dt.date(2026, 10, 15)
    year = {"scope": "company", "scope_id": "c", "metric": "ordered_amount", "period_start": dt.date(2026, 1, 1),
            "period_end": dt.date(2026, 12, 31), "value": 1200.0}  # fmt: skip
    own = {**year, "period_start": dt.date(2026, 9, 1), "period_end": dt.date(2026, 9, 30), "value": 77.0}
    orders = pd.DataFrame([{"order_id": "1", "order_date": as_of, "status": "confirmed", "amount": 1.0}])
    settings = {"monthly_weights": " ".join(map(str, WEIGHTS))}
    for targets, given in (([year], ()), ([year, own], ((dt.date(2026, 9, 1), Fraction(77)),))):
        crm = crmkpi.open({"orders": orders, "targets": pd.DataFrame(targets)}, as_of=as_of)
        for text in ("2026-10", "2026-09", "2026-Q3", "2026-Q4", "2026-08-10/2026-10-20", "2026-10-15"):
            row = crm.kpi("ordered_amount", period=text, compare="target", settings=settings).row
            whole, to_date = weighed(calendar.parse(text, as_of), as_of, own=given)
            assert (row["target"], row["target_to_date"]) == (
                pytest.approx(float(whole)),
                pytest.approx(float(to_date)),
            ), text
        row = crm.kpi("ordered_amount", period="2026", compare="target", settings=settings).row
        to_date = weighed(calendar.parse("2026", as_of), as_of)[1]  # the year's own row, due by its weights
        assert (row["target"], row["target_to_date"]) == (1200, pytest.approx(float(to_date)))
        assert crm.kpi("ordered_amount", period="2026-10", compare="target").row["target"] is None, (
            "no weights, no share"
        )


def test_monthly_weights_follow_the_fiscal_year():
    as_of = dt.date(2026, 10, 15)
    year = {"scope": "company", "scope_id": "c", "metric": "ordered_amount", "period_start": dt.date(2026, 4, 1),
            "period_end": dt.date(2027, 3, 31), "value": Decimal(1200)}  # fmt: skip
    orders = pd.DataFrame([{"order_id": "1", "order_date": as_of, "status": "confirmed", "amount": 1.0}])
    crm = crmkpi.open({"orders": orders, "targets": pd.DataFrame([year])}, as_of=as_of)
    settings = {"monthly_weights": ",".join(map(str, WEIGHTS)), "fiscal_year_start": 4}
    for text in ("2026-10", "2026-04", "FY2027-Q2", "FY2027"):
        row = crm.kpi("ordered_amount", period=text, compare="target", settings=settings).row
        period = calendar.parse(text, as_of, fiscal_start=4)
        whole, to_date = weighed(period, as_of, fiscal=4)
        assert (row["target"], row["target_to_date"]) == (pytest.approx(float(whole)), pytest.approx(float(to_date))), (
            text
        )
