"""Family 1 against its oracle: random small companies, random questions, every number of every row.

A failure names the seed; ``differences(*asked(seed))`` shows it again.
"""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pyarrow.parquet as pq
import pytest
from oracles import calendar, commercial, composites, strategies
from oracles.comparing import COMPARE, keys_of, mistakes, same

import crmkpi
from crmkpi.sources import import_data


def _part(period, by, key):
    """The part of the period that a group is of: its month, week..., else the whole."""
    unit = next((dim for dim in by if dim in calendar.UNITS), None)
    return calendar.parts(period, unit)[key[by.index(unit)]] if unit else period


def differences(crm, tables, asked):
    """Every cell of an answer that is not what the oracle says, and every group that is missing."""
    name, period, seen, by, where = (asked[each] for each in ("name", "period", "as_of", "by", "where"))
    kept = {dim: ["" if each is None else each for each in ids] for dim, ids in where.items()}  # "": the group without
    frame = crm.kpi(name, period=period, as_of=seen, by=by, where=kept, compare=COMPARE).frame
    parsed = calendar.parse(period, seen)
    got = dict(zip(keys_of(frame, by), frame.to_dict("records"), strict=True)) if by else {(): frame.iloc[0].to_dict()}
    shown = commercial.keys(tables, name, parsed, seen, where, by)
    if not where:
        shown |= commercial.aimed_keys(tables, name, parsed, seen, by)
    lost = shown - set(got)
    found = [f"{key}: no such row" for key in lost]
    for key, row in got.items():
        wanted = commercial.answer(tables, name, parsed, seen, where, by, key)
        undated = (
            name == "weighted_pipeline"
            and "opportunity_history" not in tables
            and min(seen, _part(parsed, by, key).end - calendar.DAY) < crm.as_of
        )
        if undated and wanted["status"] == "ok":  # rule 3: the source does not date amounts and probabilities
            wanted["status"] = "partial" if wanted["n"] else row["status"]
        found += [f"{key} {each}" for each in mistakes(row, wanted)]
    return found


def questions(seed, tables, as_of):
    return [strategies.question(seed * 100 + n, tables, as_of) for n in range(3)]


@pytest.mark.parametrize("seed", range(120))
def test_every_number_is_the_oracles(seed):
    tables, as_of = strategies.company(seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of, currency="EUR")
    for asked in questions(seed, tables, as_of):
        assert differences(crm, tables, asked) == [], asked


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_composites_are_the_oracles(seed):
    tables, as_of = strategies.company(seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of, currency="EUR")
    by = [[], ["team"], ["rep"]][seed % 3]
    for text in (f"{as_of:%Y-%m}", f"{as_of.year}"):
        for name, oracle in composites.COMPOSITES.items():
            frame = crm.kpi(name, period=text, by=by).frame
            for key, row in zip(keys_of(frame, by), frame.to_dict("records"), strict=True):
                wanted = oracle(tables, calendar.parse(text, as_of), as_of, {}, by, key)
                assert same(row["value"], wanted), (name, text, key, row, wanted)
                assert (row["status"] == "unavailable") == (wanted is None), (name, text, key, row)
                assert row["reason"] or row["status"] == "ok", (name, text, key, row)


@pytest.mark.parametrize("seed", [7, 42, 77])
def test_a_data_folder_answers_like_frames(seed, tmp_path):
    tables, as_of = strategies.company(seed)
    source = tmp_path / "source"
    source.mkdir()
    for name, frame in strategies.frames(tables, seed).items():
        frame.to_csv(source / f"{name}.csv", index=False)
    import_data(source, tmp_path / "data", as_of=as_of, currency="EUR")
    crm = crmkpi.open(tmp_path / "data")
    for asked in questions(seed, tables, as_of):
        assert differences(crm, tables, asked) == [], asked


def some_orders(days):
    return [
        {"order_id": f"o{n}", "order_date": dt.date.fromisoformat(day), "status": "confirmed", "amount": Decimal(10**n)}
        for n, day in enumerate(days)
    ]


def test_the_sample_company_too(sample_data):
    crm = crmkpi.open(sample_data)
    files = {
        name: sample_data / crm.manifest["version"] / each["file"] for name, each in crm.manifest["tables"].items()
    }
    tables = {name: pq.read_table(path).to_pylist() for name, path in files.items()}
    for seed in range(5):
        asked = strategies.question(seed, tables, crm.as_of)
        assert differences(crm, tables, asked) == [], asked


FISCAL = [
    "2024-08-01",
    "2025-03-31",
    "2025-06-30",
    "2025-07-01",
    "2025-09-30",
    "2026-04-01",
    "2026-06-30",
    "2026-07-01",
]


def test_the_fiscal_year_of_the_folders_settings(tmp_path):
    tables, as_of = {"orders": some_orders(FISCAL)}, dt.date(2026, 5, 12)
    pd.DataFrame(tables["orders"]).to_csv(tmp_path / "orders.csv", index=False)
    import_data(tmp_path, tmp_path / "data", as_of=as_of, currency="EUR")
    (tmp_path / "data" / "settings.toml").write_text("fiscal_year_start = 4\n")
    crm = crmkpi.open(tmp_path / "data")
    for text in ("FY2025", "FY2026", "FY2027", "FY2026-Q1", "FY2027-Q1", "2026-Q2", "2026"):
        row = crm.kpi("ordered_amount", period=text, compare=COMPARE).row
        period = calendar.parse(text, as_of, fiscal_start=4)
        wanted = commercial.answer(tables, "ordered_amount", period, as_of, {}, [], ())
        assert mistakes(row, wanted) == [], text


def test_the_fiscal_year_of_one_question():
    tables, as_of = {"orders": some_orders(FISCAL)}, dt.date(2026, 5, 12)
    crm = crmkpi.open({"orders": pd.DataFrame(tables["orders"])}, as_of=as_of, currency="EUR")
    for text in ("FY2025", "FY2026-Q1", "FY2027"):
        row = crm.kpi("ordered_amount", period=text, compare=COMPARE, settings={"fiscal_year_start": 4}).row
        period = calendar.parse(text, as_of, fiscal_start=4)
        assert mistakes(row, commercial.answer(tables, "ordered_amount", period, as_of, {}, [], ())) == [], text


def test_median_and_ninth_decile_are_beside_the_basket():
    from fractions import Fraction

    for seed in range(10):
        tables, as_of = strategies.company(seed)
        crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of)
        row = crm.kpi("average_basket", period=f"{as_of.year}").row
        for column, share in (("median", Fraction(1, 2)), ("p90", Fraction(9, 10))):
            wanted = commercial.baskets(tables, calendar.parse(f"{as_of.year}", as_of), as_of, {}, share)
            assert row["value"] is None or same(row[column], wanted), (seed, column)


@pytest.mark.parametrize("seed", range(2000, 2006))
def test_a_trend_is_the_figure_month_after_month(seed):
    tables, as_of = strategies.company(seed)
    crm = crmkpi.open(strategies.frames(tables, seed), as_of=as_of)
    for name in strategies.FLOWS:
        for row in crm.trend(name, grain="month", periods=5).to_dict("records"):
            month = calendar.parse(str(row["period"]), as_of)
            wanted = commercial.answer(tables, name, month, as_of, {}, [], ())
            assert same(row["value"], wanted["value"]), (name, row)
