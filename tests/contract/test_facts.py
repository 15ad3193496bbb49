"""Facts: their columns, their keys; the list is the number; groups add up; what is left out is counted."""

import math
import re

import pandas as pd
import pytest

from crmkpi.indicators.header import parameters_of
from crmkpi.schema import TABLES

MONTH = "2026-10"
CODES = ("excluded", "missing", "severity", "alert_reason", "action", "team", "business_unit")
NUMBERS = re.compile(r"(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|DOUBLE|DECIMAL\(\d+,\d+\))$")
SQL = {"avg", "case", "when", "is", "not", "null", "then", "else", "end", "double", "median", "percentile_cont",
       "within", "group", "order", "by", "sum", "count", "max"}  # fmt: skip
CENTS = re.compile(r"DECIMAL\(\d+,2\)$")


def everything(crm, name, period=MONTH, **more):
    """The facts of a period, those used and those left out."""
    used, left = (crm.facts(name, period=period, left_out=out, **more) for out in (False, True))
    return used, left


def total(values):
    """The sum of what is known, to the cent where it is money."""
    return math.fsum(value for value in values if not pd.isna(value))


def test_columns_and_types(crm, fact):
    figure, columns = crm.figures[fact], crm.base.columns(crm.figures[fact])
    assert [name for name in ("day", "account_id", "owner_id", "id", "num") if name not in columns] == []
    assert columns["day"] == "DATE"
    assert {columns[name] for name in ("account_id", "owner_id", "id")} == {"VARCHAR"}
    assert all(NUMBERS.match(columns[name]) for name in ("num", "den", "amount", "base") if name in columns)
    assert {columns[name] for name in (*CODES, *figure.dimensions) if name in columns} <= {"VARCHAR"}
    assert columns.get("due", "DATE") == "DATE"
    assert ("period" in columns) == (figure.kind == "change")
    assert columns.get("period", "INTEGER") == "INTEGER"
    assert columns.get("once", "VARCHAR") == "VARCHAR"
    if "amount" in columns:
        assert CENTS.match(columns["amount"]), "money leaves a figure to the cent, as a decimal"
    if figure.unit == "money":
        assert CENTS.match(columns["num"]), "money leaves a figure to the cent, as a decimal"


def test_what_a_header_names_is_a_column(crm, fact):
    figure, columns = crm.figures[fact], crm.base.columns(crm.figures[fact])
    assert [name for name in figure.dimensions if name not in columns] == []
    words = {word for each in figure.beside for word in re.findall(r"[a-z_]\w*", each.expression)}
    assert words - SQL - set(columns) == set()
    if "severity" in columns:
        assert {"alert_reason", "action", "due"} <= set(columns), "an alert has words, an action and a date"


def test_a_fact_is_there_once(crm, fact):
    for period in (MONTH, "all"):
        rows = pd.concat(everything(crm, fact, period), ignore_index=True)
        keys = rows[[name for name in ("day", "id", "period") if name in rows]]
        assert not keys.duplicated().any()
        assert rows["id"].notna().all()


def test_a_fact_that_counts_has_its_numbers(crm, fact):
    used, left = everything(crm, fact, "all")
    columns = crm.base.columns(crm.figures[fact])
    for name in ("num", "den"):
        assert name not in columns or used[name].notna().all(), f"{name} is unknown and nothing says so in `missing`"
    assert used["day"].notna().all()
    assert set(left["left_out"]) <= {"excluded", "missing"} if len(left) else True


def some(crm, name, number):
    """The first values of a dimension, as a filter."""
    return {name: list(crm.values(name)["id"].head(number))}


FILTERS = {
    "everything": lambda crm: {},
    "one team": lambda crm: some(crm, "team", 1),
    "two reps": lambda crm: some(crm, "rep", 2),
    "two segments or none, a team or none": lambda crm: {
        "segment": [*some(crm, "segment", 2)["segment"], ""], "team": [*some(crm, "team", 2)["team"], ""],
    },
    "customers": lambda crm: some(crm, "customer", 4),
}  # fmt: skip


def test_the_list_is_the_number(crm, fact):
    for where in (make(crm) for make in FILTERS.values()):
        check_list(crm, fact, where)


def check_list(crm, fact, where):
    row = crm.kpi(fact, period=MONTH, where=where).row
    used = crm.facts(fact, period=MONTH, where=where)
    for name in ("num", "den", "amount"):
        if row[name] is not None:
            counted = once_each(used) if name == "amount" else used[name]
            assert row[name] == pytest.approx(total(counted), rel=1e-12, abs=1e-6), name
        elif name in crm.base.columns(crm.figures[fact]):
            assert used[name].notna().sum() == 0, f"{name} has no value, and a list that adds up to one"
    if row["value"] is not None:
        value = row["num"] if row["den"] is None else row["num"] / row["den"]
        assert row["value"] == pytest.approx(value, rel=1e-12)
    n = len(used) if row["den"] is None else int((used["den"] != 0).sum())
    assert row["n"] == n


def once_each(rows):
    """The amounts that count: of the rows of one customer (``once``) the largest."""
    if "once" not in rows:
        return rows["amount"]
    return [*rows[rows["once"].isna()]["amount"], *rows.groupby("once")["amount"].max()]


BREAKDOWNS = ("team", "rep", "customer", "segment", "business_unit,team", "rep,industry")


def test_groups_add_up(crm, fact):
    for by in (*BREAKDOWNS, *crm.figures[fact].dimensions):
        check_groups(crm, fact, by)


def check_groups(crm, fact, by):
    result = crm.kpi(fact, period=MONTH, by=by)
    added = ("num", "den", "n") if result.note else ("num", "den", "amount", "n")  # it says that amounts overlap
    for name in added:
        if result.row[name] is not None:
            assert total(result.frame[name]) == pytest.approx(result.row[name], rel=1e-12, abs=1e-6), name
    assert not result.frame[[f"{each}_id" for each in by.split(",")]].duplicated().any(), "a group is one row"


def test_months_of_a_flow_add_up(crm, fact):
    if crm.figures[fact].kind != "flow":
        pytest.skip("a stock has no sum over months")
    result = crm.kpi(fact, period="2026", by="month")
    for name in ("num", "den", "amount", "n"):
        if result.row[name] is not None:
            assert total(result.frame[name]) == pytest.approx(result.row[name], rel=1e-12, abs=1e-6), name


def test_rows_used_and_left_out_are_the_rows_loaded(crm, fact):
    figure = crm.figures[fact]
    used, left = everything(crm, fact, "all")
    counts = crm.kpi(fact, period="all").left_out
    deleted = crm.manifest["tables"][figure.needs[0]]["deleted"]
    assert counts.get("deleted", 0) == deleted
    assert sum(counts.values()) - deleted == len(left)
    if figure.kind == "flow":
        text = population(crm, figure)
        settings = {name: crm.settings[name] for name in parameters_of(text)}
        loaded = crm.base.engine.query(text, settings)["id"]
        used, left = everything(crm, fact, "all", as_of="2099-12-31")  # some events count later: when they are ripe
        assert sorted([*used["id"], *left["id"]]) == sorted(loaded)


def population(crm, figure):
    """The text that gives the id of every row that a flow's facts are: of its first table, or of the view it names."""
    if not figure.rows:
        (key,) = TABLES[figure.needs[0]].key
        return f"select {key} as id from {figure.needs[0]}"
    steps = ", ".join(f"{step.name} as ({step.sql})" for step in crm.base.library.steps(f"from {figure.rows}"))
    return f"with {steps} select id from {figure.rows}"


def test_left_out_is_said_in_words(crm, fact):
    for lang in ("fr", "en"):
        left = crm.facts(fact, period="all", left_out=True, lang=lang)
        assert [text for text in left["reason"].unique() if not text or "_" in text or "{" in text] == []
        rows = crm.facts(fact, period="all", lang=lang)
        alerts = rows[rows["severity"].notna()] if "severity" in rows else rows.head(0)
        spoken = [*alerts.get("alert_reason", []), *alerts.get("action", [])]
        assert [text for text in spoken if not text or "_" in text] == []
        assert set(alerts.get("severity", [])) <= {"P1", "P2", "P3"}


def test_records_that_need_most_come_first(crm):
    """Of a stock that should be high, the worst; decision makers before others, where the figure says so."""
    for name, figure in crm.figures.items():
        if figure.inputs or figure.kind != "stock" or figure.better != "up" or figure.unit not in ("rate", "index"):
            continue
        rows = crm.facts(name, period=MONTH)
        for _, part in rows.groupby([each for each in ("first_in_list", "day") if each in rows], dropna=False):
            assert part["num"].dropna().is_monotonic_increasing, name
