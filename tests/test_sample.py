"""The sample company: sound as data, the same every time, and telling the stories planted in it.

The stories are measured here with pandas alone, without the figures they are meant for.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmkpi import sample
from crmkpi.errors import CrmkpiError, UsageError
from crmkpi.sample import clock
from crmkpi.sample.draw import Draw
from crmkpi.sample.words import FAMILIES, REPS, TEAMS
from crmkpi.schema import TABLES

Frames = dict[str, pd.DataFrame]
UNTIL = pd.Timestamp(sample.UNTIL)
MOVED = ("discounts=Sud", "falling_family=Visserie", "late_visits=Inès Girard", "bad_import=Nord",
         "big_customer_lost=Cimenteries Ravel")  # fmt: skip


@cache
def company(*stories: str, customers: int = 400, seed: int = 1, until: str | None = None) -> Frames:
    """A sample, made once; no story named: all of them."""
    return sample.tables(customers=customers, seed=seed, until=until, stories=stories or None)


@pytest.fixture(params=["default", "no story", "leap day", "in parts"])
def which(request: pytest.FixtureRequest) -> str:
    """Samples that differ in what could break them."""
    return str(request.param)


@pytest.fixture
def until(which: str) -> pd.Timestamp:
    """The last day of the sample."""
    return pd.Timestamp("2024-02-29") if which == "leap day" else UNTIL


@pytest.fixture
def frames(which: str, monkeypatch: pytest.MonkeyPatch) -> Frames:
    """The tables of the sample."""
    if which == "in parts":
        monkeypatch.setattr("crmkpi.sample.build.PART", 30)
        return company("bad_import", customers=75)
    if which == "leap day":
        return company(customers=60, seed=3, until="2024-02-29")
    return company(*(["none"] if which == "no story" else []), customers=120)


def cents(values: pd.Series) -> pd.Series:
    """Money as whole cents."""
    return (values * 100).round().astype("Int64")


# -- sound as data --------------------------------------------------------------------------------


def test_every_table_has_its_columns_and_rows(frames: Frames) -> None:
    assert set(frames) == set(TABLES)
    for name, table in TABLES.items():
        assert list(frames[name].columns) == [column.name for column in table.columns], name
        assert len(frames[name]), name


def test_keys_are_unique_required_values_are_there_and_lists_are_closed(frames: Frames) -> None:
    for name, table in TABLES.items():
        if table.key:
            assert not frames[name].duplicated(list(table.key)).any(), name
        for column in table.columns:
            values = frames[name][column.name]
            assert not (column.required and values.isna().any()), (name, column.name)
            assert not column.values or values.dropna().isin(column.values).all(), (name, column.name)


def test_every_reference_exists(frames: Frames) -> None:
    for name, table in TABLES.items():
        for column in table.columns:
            if column.refs:
                known = frames[column.refs][TABLES[column.refs].key[0]]
                assert frames[name][column.name].dropna().isin(known).all(), (name, column.name)


def test_nothing_happens_after_the_last_day(frames: Frames, until: pd.Timestamp) -> None:
    end = until + pd.Timedelta(days=1)
    for name, table in TABLES.items():
        for column in table.columns:
            if column.dated:
                assert not (frames[name][column.name] >= end).any(), (name, column.name)


def test_what_is_planned_goes_on_after_the_last_day() -> None:
    frames = company()
    visits = frames["activities"].query("type == 'visit'")
    assert ((visits["planned_at"] > UNTIL + pd.Timedelta(days=1)) & (visits["status"] == "planned")).any()
    assert (frames["deliveries"].query("status == 'pending'")["planned_date"] > UNTIL).any()
    assert (frames["opportunities"].query("status == 'open'")["expected_close_date"] > UNTIL).any()
    assert str(frames["targets"]["period_end"].max().date()) == "2026-12-31"


def test_lines_add_up_to_their_order_to_the_cent(frames: Frames) -> None:
    lines, orders = frames["order_lines"], frames["orders"].set_index("order_id")
    for column in ("amount", "list_amount", "cost_amount"):
        total = cents(lines[column]).groupby(lines["order_id"]).sum(min_count=1)
        assert (total.reindex(orders.index).fillna(-1) == cents(orders[column]).fillna(-1)).all(), column


def test_a_list_price_is_never_under_the_price_paid(frames: Frames) -> None:
    assert (frames["orders"]["list_amount"] >= frames["orders"]["amount"]).all()
    assert (frames["order_lines"]["list_amount"] >= frames["order_lines"]["amount"]).all()


def test_invoices_never_exceed_their_order_and_credit_notes_are_negative(frames: Frames) -> None:
    invoices, orders = frames["invoices"], frames["orders"].set_index("order_id")
    final = invoices[(invoices["type"] == "invoice") & (invoices["status"] != "cancelled")]
    billed = cents(final["amount"]).groupby(final["order_id"]).sum()
    assert (billed <= cents(orders["amount"]).reindex(billed.index)).all()
    assert ((invoices["amount"] < 0) == (invoices["type"] == "credit_note")).all()
    live = invoices[(invoices["status"] == "posted") & (invoices["type"] != "deposit")]
    assert (cents(live["amount"]).groupby(live["order_id"]).sum() >= 0).all()


def test_payments_and_the_open_amount_add_up_to_the_invoice(frames: Frames) -> None:
    invoices, payments = frames["invoices"].set_index("invoice_id"), frames["payments"]
    paid = cents(payments["amount"]).groupby(payments["invoice_id"]).sum().reindex(invoices.index, fill_value=0)
    posted = invoices["status"] == "posted"
    owed = cents(invoices["open_amount"])
    assert (paid + owed == cents(invoices["amount_with_tax"]))[posted].all()
    assert ((owed == 0) == invoices["paid_at"].notna())[posted].all()
    assert (paid[~posted] == 0).all()
    assert (owed[~posted] == 0).all()


def test_deliveries_add_up_to_their_order_and_settle_its_status(frames: Frames) -> None:
    deliveries, orders = frames["deliveries"], frames["orders"].set_index("order_id")
    total = cents(deliveries["amount"]).groupby(deliveries["order_id"]).sum()
    assert (total == cents(orders["amount"]).reindex(total.index)).all()
    done = deliveries["status"].eq("delivered").groupby(deliveries["order_id"]).all()
    assert (done == orders["status"].eq("delivered").reindex(done.index)).all()
    assert (orders["delivered_at"].notna() == (orders["status"] == "delivered")).all()


def test_opportunities_won_became_one_order_of_their_amount(frames: Frames) -> None:
    won = frames["opportunities"].query("status == 'won'").set_index("opportunity_id")
    orders = frames["orders"].dropna(subset="opportunity_id").set_index("opportunity_id")
    assert orders.index.is_unique
    assert set(orders.index) == set(won.index)
    assert (cents(orders["amount"]) == cents(won["amount"]).reindex(orders.index)).all()
    assert (orders["order_date"] == won["closed_at"].dt.normalize().reindex(orders.index)).all()


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [
        ("quotes", "issued_at", "decided_at"),
        ("quotes", "issued_at", "last_follow_up_at"),
        ("opportunities", "created_at", "closed_at"),
        ("leads", "created_at", "assigned_at"),
        ("leads", "created_at", "qualified_at"),
        ("leads", "qualified_at", "converted_at"),
        ("leads", "qualified_at", "disqualified_at"),
        ("activities", "done_at", "reported_at"),
        ("tickets", "opened_at", "closed_at"),
        ("contacts", "created_at", "updated_at"),
        ("invoices", "invoice_date", "paid_at"),
        ("orders", "order_date", "delivered_at"),
    ],
)
def test_one_thing_comes_after_another(table: str, before: str, after: str) -> None:
    frame = company()[table].dropna(subset=[before, after])
    assert len(frame)
    assert (frame[before] <= frame[after]).all()


def test_people_act_after_their_account_exists() -> None:
    frames = company()
    born = frames["accounts"].set_index("account_id")["created_at"]
    for table, day in (("orders", "order_date"), ("quotes", "issued_at"), ("opportunities", "created_at")):
        rows = frames[table].dropna(subset="account_id")
        assert (rows[day] >= rows["account_id"].map(born).dt.normalize()).all(), table


def test_identifiers_are_valid_for_most() -> None:
    numbers = company()["accounts"]["registration_no"].dropna()
    valid = numbers.map(lambda each: luhn(each) and luhn(each[:9]))
    assert numbers.str.fullmatch(r"\d{14}").all()
    assert 0.95 < valid.mean() < 1


def luhn(digits: str) -> bool:
    """The checksum of a SIREN or SIRET."""
    twice = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each // 10 + each % 10 for each in twice) % 10 == 0


def test_orders_fall_on_working_days_and_show_the_season() -> None:
    orders = company("none")["orders"]
    day = orders["order_date"].to_numpy().astype("M8[D]")
    assert np.is_busday(day, holidays=clock.holidays(2023, 2026)).all()
    whole = orders[(orders["order_date"] >= "2024-01-01") & (orders["order_date"] < "2026-01-01")]
    by_month = whole.groupby(whole["order_date"].dt.month).size()
    assert by_month.idxmin() == 8
    assert by_month[8] < 0.7 * by_month.mean()
    by_year = whole.groupby(whole["order_date"].dt.year)["amount"].sum()
    assert 1.02 < by_year[2025] / by_year[2024] < 1.3


def test_holidays_are_those_of_the_public_list() -> None:
    holidays = pytest.importorskip("holidays")
    public = {day for year in (2024, 2025, 2026) for day in holidays.country_holidays("FR", years=year)}
    ours = set(clock.holidays(2024, 2026).tolist())
    assert ours == {day for day in public if isinstance(day, dt.date)}


def test_a_few_percent_lack_what_crm_data_lacks() -> None:
    frames = company()
    orders, contacts = frames["orders"], frames["contacts"]
    assert 0.01 < orders["cost_amount"].isna().mean() < 0.05
    assert 0.01 < orders["owner_id"].isna().mean() < 0.04
    assert 0 < orders["account_id"].isna().mean() < 0.01
    assert (orders["amount"] == 0).any()
    assert (orders["status"] == "draft").any()
    assert {"n/a"} <= set(contacts["email"])
    assert {"test"} <= set(contacts["last_name"])
    assert contacts["email"].str.lower().dropna().duplicated().any()
    assert set(frames["invoices"]["type"]) == {"invoice", "credit_note", "deposit"}
    assert {"draft", "posted", "cancelled"} == set(frames["invoices"]["status"])


def test_default_size() -> None:
    frames = company()
    assert 12_000 < len(frames["orders"]) < 20_000
    assert len(REPS) == 14
    assert frames["users"]["team"].nunique() == 5
    assert frames["users"]["business_unit"].nunique() == 2
    assert str(frames["orders"]["order_date"].max().date()) == "2026-10-15"


@pytest.mark.parametrize("stories", [("none",), ()])
def test_targets_are_plausible(stories: tuple[str, ...]) -> None:
    frames = company(*stories)
    orders = frames["orders"].query("status in ['confirmed', 'delivered']")
    invoices = frames["invoices"].query("status == 'posted' and type != 'deposit'")
    for metric, rows, day in (
        ("ordered_amount", orders, "order_date"),
        ("invoiced_revenue", invoices, "invoice_date"),
    ):
        goals = frames["targets"].query("scope == 'team' and metric == @metric and period_start < '2026-10-01'")
        goals = goals[goals["period_start"] >= "2025-10-01"].groupby("scope_id")["value"].sum()
        year = rows[(rows[day] >= "2025-10-01") & (rows[day] < "2026-10-01")]
        assert (year.groupby("team")["amount"].sum() / goals).between(0.75, 1.15).all(), metric


def test_scopes_overlap_but_are_not_sums_of_each_other() -> None:
    goals = company()["targets"].query("metric == 'ordered_amount'")
    goals = goals[goals["period_start"] == pd.Timestamp("2026-09-01")]
    total = goals.groupby("scope")["value"].sum()
    assert total.nunique() == 4
    assert (total / total["company"]).between(0.8, 1.2).all()


# -- the same every time --------------------------------------------------------------------------


def test_same_parameters_same_company() -> None:
    once, again = (sample.tables(customers=50, seed=7) for _ in range(2))
    for name in TABLES:
        pd.testing.assert_frame_equal(once[name], again[name], check_exact=True)
    assert not once["orders"]["amount"].equals(company(customers=60)["orders"]["amount"])


def test_the_files_are_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        sample.generate(tmp_path / folder, customers=30, seed=2)
    for name in (*(f"{table}.parquet" for table in TABLES), "stories.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_a_known_company() -> None:
    """Pinned: what another machine, day, or version of numpy must find again."""
    orders = sample.tables(customers=30, seed=1)["orders"]
    assert (len(orders), int(cents(orders["amount"]).sum())) == PINNED


PINNED = (1461, 559943647)


def test_another_seed_is_another_company_and_not_the_same_one_shifted() -> None:
    first, second = (Draw(seed).uniform("orders", 1000) for seed in (1, 2))
    assert not set(first.tolist()) & set(second.tolist())
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.15


def test_leaving_a_story_out_leaves_the_rest() -> None:
    told, untold = company(customers=60), company("none", customers=60)
    same = ["account_id", "name", "registration_no", "phone", "created_at"]
    count = len(untold["accounts"])
    kept = told["accounts"].head(count)
    pd.testing.assert_frame_equal(kept[same], untold["accounts"][same])


def test_size_follows_the_number_of_customers() -> None:
    small, large = (len(company(customers=size)["orders"]) / size for size in (60, 400))
    assert 0.6 < small / large < 1.7


def test_written_files_are_canonical(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    stories = sample.generate(tmp_path, customers=25)
    assert json.loads((tmp_path / "stories.json").read_text("utf-8")) == stories == sample.planted()
    frames = sample.tables(customers=25)
    for name, table in TABLES.items():
        stored = pq.read_table(tmp_path / f"{name}.parquet")
        assert stored.column_names == [column.name for column in table.columns]
        for column in table.columns:
            if column.type == "money":
                kept = stored[column.name].cast("float64").to_pandas()
                assert (cents(kept).fillna(-1) == cents(frames[name][column.name]).fillna(-1)).all()
    assert sample.write(frames, tmp_path / "again") == {name: len(frame) for name, frame in frames.items()}


def test_it_imports_without_a_word(tmp_path: Path) -> None:
    sources = pytest.importorskip("crmkpi.sources")
    sample.generate(tmp_path / "files", customers=40)
    report = sources.import_data(tmp_path / "files", tmp_path / "data", as_of=sample.UNTIL.isoformat())
    assert report.manifest["report"] == []
    assert report.manifest["as_of"] == "2026-10-15"
    assert set(report.manifest["tables"]) == set(TABLES)


# -- the stories ----------------------------------------------------------------------------------


def in_year_to(frames: Frames, years_ago: int, days: int = 90) -> pd.DataFrame:
    """Confirmed orders of the ``days`` days up to the last day, or to the same day some years before."""
    end = UNTIL - pd.DateOffset(years=years_ago)
    orders = frames["orders"].query("status in ['confirmed', 'delivered']")
    return orders[(orders["order_date"] > end - pd.Timedelta(days=days)) & (orders["order_date"] <= end)]


def discounts(frames: Frames) -> pd.Series:
    """By team: how far the discount rate has risen in a year."""
    now, before = (in_year_to(frames, years).groupby("team")[["amount", "list_amount"]].sum() for years in (0, 1))
    return (1 - now["amount"] / now["list_amount"]) - (1 - before["amount"] / before["list_amount"])


def family_trend(frames: Frames) -> pd.Series:
    """By product family: what is sold now, over a year before."""
    lines = frames["order_lines"]
    now, before = (
        lines[lines["order_id"].isin(in_year_to(frames, years)["order_id"])].groupby("product_family")["amount"].sum()
        for years in (0, 1)
    )
    return now / before


def overdue_share(frames: Frames) -> pd.Series:
    """By rep: the share of the visits planned in the last 60 days that are neither done nor cancelled."""
    visits = frames["activities"].query("type == 'visit' and status != 'cancelled'")
    due = visits[(visits["planned_at"] < UNTIL) & (visits["planned_at"] >= UNTIL - pd.Timedelta(days=60))]
    names = due["owner_id"].map(frames["users"].set_index("user_id")["name"])
    return due["status"].eq("planned").groupby(names).mean()


def unreachable(frames: Frames) -> pd.Series:
    """By team of the account's owner: the share of contacts without e-mail and with a phone of zeros."""
    teams = frames["users"].set_index("user_id")["team"]
    team = frames["contacts"]["account_id"].map(frames["accounts"].set_index("account_id")["owner_id"].map(teams))
    bad = frames["contacts"]["email"].isna() & (frames["contacts"]["phone"] == "0000000000")
    return bad.groupby(team).mean()


def silence(frames: Frames) -> pd.Series:
    """By big customer: days without an order, over the median gap."""
    named = frames["accounts"][frames["accounts"]["name"].isin(sample.STORIES["big_customer_lost"].places)]
    orders = frames["orders"].merge(named[["account_id", "name"]].rename(columns={"name": "customer"}), on="account_id")
    days = (
        orders.drop_duplicates(["customer", "order_date"]).sort_values("order_date").groupby("customer")["order_date"]
    )
    gap = days.apply(lambda each: each.diff().dt.days.median())
    return (UNTIL - days.max()).dt.days / gap


@pytest.mark.parametrize("stories", [(), MOVED])
@pytest.mark.parametrize("seed", [1, 4])
def test_each_story_is_where_it_was_planted_and_nowhere_else(stories: tuple[str, ...], seed: int) -> None:
    frames = company(*stories, seed=seed)
    where = {name: story["where"] for name, story in sample.planted(seed=seed, stories=stories or None).items()}
    found = {
        "discounts": set(discounts(frames).loc[lambda rise: rise > 0.05].index),
        "falling_family": set(family_trend(frames).loc[lambda trend: trend < 0.6].index),
        "late_visits": set(overdue_share(frames).loc[lambda share: share > 0.35].index),
        "bad_import": set(unreachable(frames).loc[lambda share: share > 0.5].index),
        "big_customer_lost": set(silence(frames).loc[lambda times: times > 2].index),
    }
    assert found == {name: {place} for name, place in where.items()}


def test_without_stories_nothing_stands_out() -> None:
    frames = company("none")
    assert discounts(frames).abs().max() < 0.03
    assert family_trend(frames).min() > 0.65
    assert overdue_share(frames).max() < 0.25
    assert unreachable(frames).max() < 0.05
    assert silence(frames).max() < 2
    assert "import" not in set(frames["accounts"]["created_by"])


def test_discounts_buy_orders_and_cost_margin() -> None:
    frames, plain = company(), company("none")
    now, same, before = in_year_to(frames, 0), in_year_to(plain, 0), in_year_to(frames, 1)
    now, same, before = (each[each["team"] == "Ouest"] for each in (now, same, before))

    def margin(orders: pd.DataFrame) -> float:
        known = orders.dropna(subset="cost_amount")
        return float((known["amount"] - known["cost_amount"]).sum())

    assert len(now) > 1.3 * len(before)
    assert len(now) > 1.3 * len(same)
    assert now["amount"].sum() > before["amount"].sum()
    assert margin(now) < 0.9 * margin(before)
    assert margin(now) < margin(same)


def test_the_bad_import_is_one_minute_of_one_night() -> None:
    contacts, accounts = company()["contacts"], company()["accounts"]
    hit, bought = contacts[contacts["source_system"] == "import"], accounts[accounts["created_by"] == "import"]
    assert len(hit) > 150
    assert len(bought) >= 50
    assert set(hit["updated_at"].dt.floor("min")) | set(bought["created_at"].dt.floor("min")) == {
        pd.Timestamp("2026-09-22 02:14")
    }


def test_default_places_of_seed_1_and_their_moving_with_the_seed() -> None:
    places = [{name: story["where"] for name, story in sample.planted(seed=seed).items()} for seed in (1, 2)]
    assert places[0] == {
        "discounts": "Ouest",
        "falling_family": "Hydraulique",
        "late_visits": "Julien Moreau",
        "bad_import": "Est",
        "big_customer_lost": "Aciéries de la Scarpe",
    }
    assert all(places[0][name] != places[1][name] for name in places[0])


def test_only_the_stories_named_are_told() -> None:
    planted = sample.planted(stories=["discounts = nord", "late_visits"])
    assert {name: story["where"] for name, story in planted.items()} == {
        "discounts": "Nord",
        "late_visits": "Julien Moreau",
    }
    assert planted["discounts"]["since"] == "2026-07-02"
    assert "Nord" in planted["discounts"]["fr"]
    assert "Nord" in planted["discounts"]["en"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"stories": ["discount"]}, "unknown story 'discount'; did you mean 'discounts'?"),
        ({"stories": ["discounts=Ouset"]}, "unknown team for story discounts 'Ouset'; did you mean 'Ouest'?"),
        ({"stories": ["falling_family=Vis"]}, f"Known: {', '.join(FAMILIES)}"),
        ({"stories": ["bad_import=X"]}, f"Known: {', '.join(TEAMS)}"),
        ({"stories": ["none", "discounts"]}, "stands alone"),
        ({"until": "15/10/2026"}, "'15/10/2026' is not a date like 2026-10-15"),
        ({"until": "1999-01-01"}, "not between 2005 and 2095"),
        ({"customers": 3}, "at least 20 customers, not 3"),
        ({"seed": -1}, "the seed is a whole number from 0, not -1"),
    ],
)
def test_what_cannot_be_made_is_said_in_words(asked: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        sample.generate(tmp_path / "out", **asked)
    assert words in str(error.value)
    assert isinstance(error.value, CrmkpiError)
    assert not (tmp_path / "out").exists()
