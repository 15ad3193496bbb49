"""Past errors of a forecast: by hand on the demo, against plain Python, on the sample company; and when nothing is said."""

import datetime as dt
import json
import random
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from oracles import backtests, calendar, strategies

import crmkpi
from crmkpi.errors import UsageError
from crmkpi.format import past_short, past_text

SEEN = dt.date(2026, 10, 15)


@pytest.fixture(scope="module")
def crm(demo):
    return crmkpi.open(demo, lang="en")


def months_of_invoices(seed, months=30, as_of=SEEN):
    """Invoices of many months, each month busier at another time of it."""
    rng, rows = random.Random(seed), []
    first = dt.date(2026, 10, 1)
    for back in range(months):
        start = (first.replace(day=1) - dt.timedelta(days=30.44 * back)).replace(day=1)
        for _ in range(rng.randint(3, 12)):
            day = start + dt.timedelta(days=min(27, int(rng.triangular(0, 28, rng.randint(0, 28)))))
            if day <= as_of:
                rows.append({"invoice_id": f"i{len(rows)}", "invoice_date": day, "type": "invoice", "status": "posted",
                             "amount": Decimal(rng.randint(1, 10**7)) / 100})  # fmt: skip
    return {"invoices": rows}


def opened(tables, as_of=SEEN):
    return crmkpi.open(strategies.frames(tables), as_of=as_of, currency="EUR", lang="en")


# --- by hand --------------------------------------------------------------------------------------------------------


def test_september_of_the_demo(crm):
    """Seen at its 11th working day of 22, the 15th: 14,000 invoiced, 28,000 foreseen; it ended at 19,000."""
    found = crm.backtest("landing", period="2026-10")
    (row,) = found.frame.to_dict("records")
    assert (row["period"], row["origin"], row["forecast"], row["final"]) == (
        "2026-09",
        dt.date(2026, 9, 15),
        28_000,
        19_000,
    )
    assert found.mape == found.bias == row["error"] == pytest.approx(9 / 19)
    assert (found.value, found.origins, found.tried, found.held, found.low) == (28_000, 1, 0, None, None)
    assert found.verdict == "too_short"


def test_the_other_landing_of_september(crm):
    """14,000 + OP2 8,000 x 0.5 + OP8 6,000 + OP1 15,000 x 0.1, as they were on the 15th: 25,500."""
    assert crm.backtest("landing_pipeline", period="2026-10").frame["forecast"].tolist() == [25_500]


def test_a_forecast_that_is_always_right_has_no_error():
    """The same amount each working day of two years: nothing is off, and the interval is a point."""
    days = [day for day in calendar.days(dt.date(2024, 9, 1), SEEN + calendar.DAY) if calendar.is_open(day)]
    rows = [
        {"invoice_id": str(day), "invoice_date": day, "type": "invoice", "status": "posted", "amount": 100.0}
        for day in days
    ]
    found = crmkpi.open({"invoices": pd.DataFrame(rows)}, as_of=SEEN).backtest("landing", period="2026-10")
    assert (found.origins, found.tried, found.verdict) == (
        24,
        16,
        "not_held",
    )  # held each time: wider than four in five
    assert (found.mape, found.held) == (pytest.approx(0, abs=1e-12), 1)
    assert (found.low, found.high) == (pytest.approx(2200), pytest.approx(2200))


# --- against plain Python -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_long_histories_are_the_oracles(seed):
    tables = months_of_invoices(seed)
    as_of = SEEN - dt.timedelta(days=seed)
    found = opened(tables).backtest("landing", period="2026-10", as_of=as_of)
    wanted = backtests.past(tables, "landing", "invoiced_revenue", calendar.parse("2026-10", as_of), as_of)[::-1]
    rows = found.frame.to_dict("records")
    assert [row["origin"] for row in rows] == [origin for origin, *_ in wanted]
    held = []
    for number, (row, (_, forecast, final)) in enumerate(zip(rows, wanted, strict=True)):
        assert (row["forecast"], row["final"]) == (pytest.approx(float(forecast)), pytest.approx(float(final)))
        assert row["error"] == pytest.approx(float((forecast - final) / final))
        off = backtests.width([abs(came / seen - 1) for _, seen, came in wanted[:number] if seen > 0])
        if off is None or forecast <= 0:
            assert row["held"] is None
            continue
        assert (row["low"], row["high"]) == (
            pytest.approx(float(forecast * (1 - off))),
            pytest.approx(float(forecast * (1 + off))),
        )
        held.append(forecast * (1 - off) <= final <= forecast * (1 + off))
        assert row["held"] == held[-1]
    assert found.tried == len(held)
    assert found.held == (pytest.approx(sum(held) / len(held)) if held else None)
    errors = [Fraction(forecast - final) / final for _, forecast, final in wanted]
    assert (found.mape, found.bias) == (
        pytest.approx(float(sum(map(abs, errors)) / len(errors))), pytest.approx(float(sum(errors) / len(errors))),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6001, 6021, 2))
def test_small_companies_are_the_oracles(seed):
    tables, as_of = strategies.company(seed)
    crm = opened(tables, as_of)
    for name in ("landing", "landing_pipeline") if "opportunity_history" in tables else ("landing",):
        for text in (f"{as_of:%Y-%m}", f"{as_of.year}-Q{(as_of.month + 2) // 3}"):
            period = calendar.parse(text, as_of)
            found = crm.backtest(name, period=text)
            if as_of >= period.end - calendar.DAY or not calendar.open_days(*calendar.to_date(period, as_of)):
                assert found.verdict == "unavailable"
                continue
            wanted = backtests.past(tables, name, "invoiced_revenue", period, as_of)[::-1][-48:]
            got = list(zip(found.frame["origin"], found.frame["forecast"], found.frame["final"], strict=True))
            assert got == [
                (day, pytest.approx(float(f), abs=1e-6), pytest.approx(float(v), abs=1e-6)) for day, f, v in wanted
            ]


def test_an_interval_knows_no_later_error():
    """Taking away the newest months changes nothing of what was said of the older ones."""
    tables = months_of_invoices(99)
    whole, cut = (opened(tables).backtest("landing", period=period, as_of=day).frame
                  for period, day in (("2026-10", SEEN), ("2026-04", dt.date(2026, 4, 16))))  # fmt: skip
    both = whole.merge(cut, on=["period", "origin"], suffixes=("", "_then"))  # the 11th working day of both
    assert len(both) > 15
    assert both["low"].equals(both["low_then"])
    assert both["held"].equals(both["held_then"])


# --- the sample company ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["landing", "landing_pipeline"])
def test_the_sample_company_is_judged(sample_data, name):
    found = crmkpi.open(sample_data, lang="en").backtest(name)
    assert (found.origins, found.tried) == (35, 27)
    assert found.low < found.value < found.high
    assert 0 < found.mape < 1
    assert (found.verdict == "held") == (0.7 <= found.held <= 0.9)
    words = past_text(found, "en")
    assert ("did not hold as it should" in words) == (found.verdict == "not_held")
    assert f"of {found.tried})" in words


# --- when nothing is said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"period": "2026-09"}, "the period is over"), ({"period": "all"}, "the period is over"),
        ({"period": "2031"}, "begins after"), ({"period": "2026-11", "as_of": "2026-11-01"}, "no working day"),
        ({"period": "2025-11", "as_of": "2025-11-14"}, "no past period"),
    ],
)  # fmt: skip
def test_unavailable_says_why(crm, more, said):
    found = crm.backtest("landing", **more)
    assert (found.verdict, found.origins, found.mape, found.held) == ("unavailable", 0, None, None)
    assert said in found.reason
    assert past_text(found, "en") == past_short(found, "en") == found.reason
    assert crm.backtest("landing", lang="fr", **more).reason != found.reason


def test_without_a_history_of_deals_the_second_landing_is_not_tried(crm):
    tables = months_of_invoices(5) | {
        "opportunities": [{"opportunity_id": "p", "stage": "A", "status": "open", "created_at": SEEN}]
    }
    crm = opened(tables)
    found = crm.backtest("landing_pipeline", period="2026-10")
    assert (found.verdict, found.origins) == ("unavailable", 0)
    assert "without a history" in found.reason
    assert crm.backtest("landing", period="2026-10").origins > 20


def test_only_what_foresees_has_a_past_error(crm):
    with pytest.raises(UsageError, match="win_rate foresees nothing; landing, landing_pipeline do"):
        crm.backtest("win_rate")


def test_words_of_each_verdict():
    found = opened(months_of_invoices(3)).backtest("landing", period="2026-10")
    for lang in ("fr", "en"):
        assert str(found.origins) in past_text(found, lang)
    french = past_text(found, "fr")
    assert "erreur passée" in french
    assert "\u00a0;" in french
    few = opened(months_of_invoices(3, months=12)).backtest("landing", period="2026-10")
    assert few.tried < 8 <= few.origins
    assert "too short to tell" in past_text(few, "en")
    assert past_short(few, "en").startswith("past error")


# --- where it is read -----------------------------------------------------------------------------------------------


def test_the_commands(cli, demo):
    code, out, _ = cli("kpi", "landing", "--data", demo, "--period", "2026-10")
    assert code == 0
    assert "Landing at the current pace €28K: past error 47.4% on average" in out
    assert "Landing from orders and pipeline €29.5K: past error 34.2% on average" in out
    assert "past error" not in cli("kpi", "landing", "--data", demo, "--period", "2026-10", "--by", "team")[1]
    assert "the period is over" in cli("kpi", "landing", "--data", demo, "--period", "2026-09")[1]
    answer = json.loads(cli("backtest", "landing", "--data", demo, "--period", "2026-10", "--json")[1])
    assert (answer["verdict"], answer["rows"][0]["final"], answer["held"]) == ("too_short", 19_000, None)
    assert cli("backtest", "landing", "--data", demo, "--csv")[1].startswith("period,origin,forecast,final")
    assert "+47.4 %" in cli("backtest", "landing", "--data", demo)[1]


def test_the_page(sample_data):
    from crmkpi.dashboard import Dashboard

    board = Dashboard(sample_data, lang="en")
    board.headline("invoiced_revenue", landing="landing")
    board.tiles("landing", beside={"landing": "landing_pipeline"})
    headline, tiles = (board.make(part, board.state) for part in board.parts)
    found = {name: board.crm.backtest(name) for name in ("landing", "landing_pipeline")}
    assert past_short(found["landing"], "en") in headline
    assert all(past_short(each, "en") in tiles for each in found.values())
    assert all(past_text(each, "en") in tiles for each in found.values())
    over = [board.make(part, board.state.change(period="2026-09")) for part in board.parts]
    assert not any("held" in part or "nothing is left to foresee" in part for part in over)
