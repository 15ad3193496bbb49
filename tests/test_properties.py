"""What must hold for any company, whatever its numbers: whole and parts, list and tile, past and present."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from oracles import strategies
from oracles.facts import day_of, facts, is_open, place, rows

import crmkpi

SEEDS = range(300, 308)
SUMS = ["invoiced_revenue", "ordered_amount", "order_count", "weighted_pipeline", "open_opportunities"]
RATIOS = ["discount_rate", "margin_rate", "average_basket", "win_rate", "win_rate_by_value"]
FLOWS = [each for each in [*SUMS, *RATIOS] if each not in ("weighted_pipeline", "open_opportunities")]
DIMENSIONS = ["rep", "team", "business_unit", "customer", "segment", "industry"]
CELLS = ["value", "num", "den", "amount", "n", "status", "coverage"]


def opened(tables, as_of, seed=0):
    return crmkpi.open(strategies.frames(tables, seed), as_of=as_of, currency="EUR")


@pytest.fixture(scope="module", params=SEEDS)
def case(request):
    """A random company, its tables, the day it is seen and a year that holds that day."""
    tables, as_of = strategies.company(request.param)
    return opened(tables, as_of), tables, as_of, f"{as_of.year}"


def close(one, other):
    one, other = (None if each is None or each != each else each for each in (one, other))
    return one == other if None in (one, other) else math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def cells(result):
    """The row of an answer, comparable: None for what is missing, numbers rounded beyond the ninth digit."""
    row = {each: result.row[each] for each in CELLS}
    return {k: None if v is None or v != v else round(v, 9) if isinstance(v, float) else v for k, v in row.items()}


def everything(crm, names=(*SUMS, *RATIOS), **asked):
    return {name: cells(crm.kpi(name, **asked)) for name in names}


def test_groups_add_up_to_the_whole(case):
    crm, _, _, period = case
    for name in [*SUMS, *RATIOS]:
        whole = crm.kpi(name, period=period)
        for dimension in DIMENSIONS if whole.status == "ok" else []:
            frame = crm.kpi(name, period=period, by=[dimension]).frame
            for column in ("num", "den") if name in RATIOS else ("num", "value"):
                assert close(frame[column].sum(), whole.row[column]), (name, dimension, column)


def test_a_ratio_is_the_ratio_of_its_sums(case):
    crm, _, _, period = case
    for name in RATIOS:
        for row in crm.kpi(name, period=period, by=["rep"]).frame.to_dict("records"):
            assert row["value"] != row["value"] or row["value"] is None or close(row["value"], row["num"] / row["den"])


def filters(tables, name, as_of):
    """No filter, and one or two values of a dimension that the figure's own rows have."""
    found = facts(tables, name, as_of)
    for dimension in ("team", "rep", "segment", "customer"):
        known = sorted({place(tables, fact, dimension) for fact in found} - {None})
        yield {dimension: known[:2]} if known else {}


def test_the_list_adds_up_to_the_tile_to_the_cent(case):
    crm, tables, as_of, period = case
    for name in [*SUMS, *RATIOS]:
        for where in ({}, *filters(tables, name, as_of)):
            row = crm.kpi(name, period=period, where=where).row
            behind = crm.facts(name, period=period, where=where)
            if row["status"] == "unavailable":
                continue
            for column in ("num", "amount", "den") if name in RATIOS else ("num", "amount"):
                listed = [Decimal(str(each)) for each in behind[column] if each == each]
                total = None if len(behind) and not listed else float(sum(listed, Decimal(0)))
                assert close(total, row[column]), (name, where, column)


SOURCES = {
    "ordered_amount": "orders", "discount_rate": "orders", "margin_rate": "orders", "average_basket": "orders",
    "order_count": "orders", "invoiced_revenue": "invoices", "win_rate": "opportunities",
    "win_rate_by_value": "opportunities",
}  # fmt: skip


def test_used_and_left_out_are_all_the_rows_of_the_source(case):
    crm, tables, as_of, _ = case
    for name, table in SOURCES.items():
        used, left = crm.facts(name, period="all"), crm.facts(name, period="all", left_out=True)
        loaded = [row for row in rows(tables, table) if not _after(row, as_of)]
        assert len(used) + len(left) == len(loaded), name
        reasons = dict(crm.kpi(name, period="all").left_out)
        assert reasons.pop("deleted", 0) == sum(bool(row["is_deleted"]) for row in tables.get(table, [])), name
        assert sum(reasons.values()) == len(left), name


def _after(row, as_of):
    """Whether a row belongs to a day after ``as_of``, which has not happened."""
    day = day_of(row.get("order_date") or row.get("invoice_date") or row.get("closed_at"))
    return day is not None and day > as_of


def test_used_and_left_out_are_all_open_opportunities(case):
    crm, tables, as_of, _ = case
    opened = [row for row in rows(tables, "opportunities") if is_open(row, as_of)]
    lists = [crm.facts("weighted_pipeline", period="all", left_out=each) for each in (False, True)]
    assert sorted(row["opportunity_id"] for row in opened) == sorted(str(i) for each in lists for i in each["id"])


def test_what_has_not_happened_and_another_table_change_nothing(case):
    crm, tables, as_of, _ = case
    more = {name: list(rows) for name, rows in tables.items()}
    more["contacts"] = [{"contact_id": "c1", "account_id": "a0", "last_name": "Martin"}]
    for name, key, day in (("orders", "order_id", "order_date"), ("invoices", "invoice_id", "invoice_date")):
        if more.get(name):
            later = as_of + dt.timedelta(days=1)
            more[name].append({**more[name][0], key: "later", day: later, "is_deleted": False})
    for period in (f"{as_of:%Y-%m}", f"{as_of.year}"):
        assert everything(opened(more, as_of), FLOWS, period=period) == everything(crm, FLOWS, period=period)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_group_is_what_its_filter_says(case, dimension):
    crm, _, _, period = case
    for name in ("ordered_amount", "win_rate", "weighted_pipeline"):
        frame = crm.kpi(name, period=period, by=[dimension]).frame
        for row in frame.to_dict("records"):
            who = row[f"{dimension}_id"] if f"{dimension}_id" in frame else row[dimension]
            alone = crm.kpi(name, period=period, where={dimension: ["" if who is None or who != who else who]}).row
            for column in ("value", "num", "den", "amount", "n", "coverage"):
                assert close(row[column], alone[column]), (name, dimension, who, column)


def test_nothing_in_no_value_out():
    crm = crmkpi.open({}, as_of=dt.date(2026, 10, 15), currency="EUR")
    for name in [*SUMS, *RATIOS, "landing", "landing_pipeline", "needed_pace", "pipeline_coverage"]:
        result = crm.kpi(name, period="2026-10")
        assert (result.value, result.status) == (None, "unavailable"), name
        assert result.reason, name


def test_a_month_seen_later_is_the_month_seen_then(case):
    crm, _, as_of, _ = case
    first = as_of.replace(day=1)
    last = first - dt.timedelta(days=1)
    asked = {"period": f"{last:%Y-%m}"}
    then, later = everything(crm, FLOWS, as_of=last, **asked), everything(crm, FLOWS, as_of=as_of, **asked)
    assert then == later


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_is_irrelevant(seed):
    tables, as_of = strategies.company(seed)
    turned = {name: rows[::-1] for name, rows in tables.items()}
    period = f"{as_of.year}"
    assert everything(opened(turned, as_of), period=period) == everything(opened(tables, as_of), period=period)


ID_COLUMNS = ("user_id", "owner_id", "account_id", "order_id", "invoice_id", "opportunity_id")


def renamed(row):
    """The row with every id written another way."""
    new = {k: f"é'{v}" if k in ID_COLUMNS and v is not None else v for k, v in row.items()}
    if row.get("scope") == "rep":
        new["scope_id"] = f"é'{row['scope_id']}"
    return new


@pytest.mark.parametrize("seed", SEEDS)
def test_ids_are_only_names(seed):
    tables, as_of = strategies.company(seed)
    other = {name: [renamed(row) for row in rows] for name, rows in tables.items()}
    period = f"{as_of.year}"
    one, two = opened(tables, as_of), opened(other, as_of)
    assert everything(one, period=period) == everything(two, period=period)
    for name in ("ordered_amount", "win_rate"):
        frames = [crm.kpi(name, period=period, by=["rep"], compare=["target"]).frame for crm in (one, two)]
        left, right = (
            sorted(zip(f["rep_id"].map(str), f["num"].map(str), f["target"].map(str), strict=True)) for f in frames
        )
        assert [(who.removeprefix("é'"), *rest) for who, *rest in right] == [tuple(each) for each in left]
