"""Answers: their shape as JSON and as frames, their status, their words."""

import json
import math

import pandas as pd
import pytest
from frames import open_both

import crmkpi

MONTH = "2026-10"
COMPARE = ["previous", "last_year", "target"]
TOP = ["indicator", "as_of", "period", "unit", "currency", "status", "coverage", "reason", "rows"]
FIRST = ["num", "den", "value", "amount", "n", "status", "coverage", "reason", "target", "target_to_date", "attainment"]
COMPARED = ["previous", "last_year"]
AND_ALSO = {"target_status", "target_reason"}
STATUS = {"ok", "partial", "unavailable"}
NUMBERS = set(FIRST) | set(COMPARED)
TEXTS = {"status", "reason", "target_status", "target_reason"}


@pytest.fixture(scope="module")
def crm(demo):
    """The demo: small, and with a row of every kind that is left out. The rows of both sets are in test_facts.py."""
    return open_both(demo, "folder")


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def as_json(result):
    return json.loads(json.dumps(result.to_dict(), allow_nan=False), parse_constant=refuse)


def test_the_shape_of_the_json(crm, name):
    for by, period in (("", MONTH), ("team", MONTH), ("rep,month", "2026-Q4"), ("segment", "all")):
        check_shape(crm, name, by, period)


def check_shape(crm, name, by, period):
    answer = as_json(crm.kpi(name, period=period, by=by, compare=COMPARE))
    assert [key for key in answer if key != "note"] == TOP
    assert list(answer["period"]) == ["label", "start", "end"]
    assert answer["status"] in STATUS
    groups = [key for each in by.split(",") if each for key in (each, f"{each}_id")]
    beside = {each.name for each in crm.figures[name].beside}
    for row in answer["rows"]:
        keys = list(row)
        wanted = [*groups, *FIRST, *COMPARED]
        assert keys[: len(groups) + len(FIRST)] == wanted[: len(groups) + len(FIRST)]
        assert [key for key in keys if key in wanted] == wanted
        assert set(keys) - set(wanted) == AND_ALSO | beside
        check_row(row, groups)
    if not by:
        assert len(answer["rows"]) == 1, "without a breakdown there is one row"
        row = answer["rows"][0]
        assert (row["status"], row["coverage"], row["reason"]) == tuple(answer[key] for key in TOP[5:8])


def check_row(row, groups):
    assert isinstance(row["n"], int)
    assert row["status"] in STATUS
    assert 0 <= row["coverage"] <= 1
    assert all(isinstance(row[key], str) for key in TEXTS)
    assert all(isinstance(row[key], str) and row[key] for key in groups[::2]), "a group has a name, also that of nobody"
    assert all(row[key] is None or isinstance(row[key], str) for key in groups[1::2])
    for key in row.keys() - TEXTS - set(groups):
        assert row[key] is None or (isinstance(row[key], int | float) and not isinstance(row[key], bool)), key
    assert (row["value"] is None) == (row["status"] == "unavailable"), "no value is unavailable, and only that"
    assert row["reason"] or row["status"] == "ok", "what is not complete says why"
    assert row["reason"] == row["reason"].strip("; ")


def test_unavailable_for_a_period_to_come_is_an_answer(crm, name):
    for by in ("", "team"):
        result = crm.kpi(name, period="2031", by=by, compare=COMPARE)
        answer = as_json(result)
        assert (answer["status"], result.value) == ("unavailable", None)
        assert answer["reason"]
        assert {row[key] for row in answer["rows"] for key in ("value", "num", "amount", "previous")} <= {None}
        assert list(result.frame) == list(crm.kpi(name, period=MONTH, by=by, compare=COMPARE).frame)


def test_frames_have_the_same_columns_whatever_is_asked(crm, name):
    asked = [(MONTH, ""), (MONTH, COMPARE), ("2020-01", COMPARE)]
    assert len({tuple(crm.kpi(name, period=period, compare=compare).frame) for period, compare in asked}) == 1


def test_missing_is_never_zero_and_zero_never_missing(crm, name):
    """The value of a group is what its num and den make of it."""
    for row in crm.kpi(name, period=MONTH, by="rep").frame.to_dict("records"):
        if pd.isna(row["value"]) or pd.isna(row["num"]):
            continue
        if not pd.isna(row["den"]) and row["den"]:
            assert math.isclose(row["value"], row["num"] / row["den"], rel_tol=1e-9)
        elif pd.isna(row["den"]):
            assert row["value"] == row["num"]


def test_the_words_are_in_the_language_asked(crm, name):
    """French reasons have no English in them, and the other way round."""
    for period in (MONTH, "2020-01", "2026-07"):
        said = {lang: crm.kpi(name, period=period, lang=lang, compare=COMPARE).reason for lang in ("fr", "en")}
        assert not said["fr"] or said["fr"] != said["en"]
        assert not {"the", "of", "no", "without"} & set(said["fr"].split())
        assert not {"le", "de", "sans", "pas"} & set(said["en"].split())
        assert "{" not in said["fr"] + said["en"]
        assert "_" not in said["fr"] + said["en"] or "no target" in said["en"]


@pytest.mark.parametrize("data", ["demo", "sample"])
def test_alerts_have_words_an_owner_a_date_and_an_amount(folders, data):
    for lang in ("fr", "en"):
        alerts = open_both(folders[data], "folder").alerts(period=MONTH, lang=lang)
        assert len(alerts) > 0
        assert set(alerts["severity"]) <= {"P1", "P2", "P3"}
        assert list(alerts["severity"]) == sorted(alerts["severity"])
        assert alerts[["figure", "kind", "reason", "action"]].notna().all(axis=None)
        texts = [*alerts["reason"], *alerts["action"]]
        assert [text for text in texts if "_" in text or "{" in text or not text.strip()] == []


def test_an_answer_says_where_it_comes_from(crm, name):
    result = crm.kpi(name, period=MONTH)
    assert {"source", "loaded_at", "version", "as_of"} <= set(result.source)
    assert result.sql
    assert all(text.strip().lower().startswith(("with", "select")) for text in result.sql)
    assert result.settings == crm.settings


@pytest.mark.parametrize("turn", [1, -1])
def test_what_is_alike_is_in_the_order_of_names_then_ids(turn):
    """Whatever order the rows come in: two of the same name, too."""
    users = pd.DataFrame({"user_id": ["u2", "u3", "u1"], "name": ["Anne", "Albert", "Anne"], "team": "Nord"})
    orders = pd.DataFrame({
        "order_id": ["o1", "o2", "o3"], "order_date": ["2026-10-05"] * 3, "amount": [10.0] * 3, "owner_id": ["u2", "u1", "u3"],
    })  # fmt: skip
    crm = crmkpi.open({"users": users[::turn], "orders": orders[::turn]}, as_of="2026-10-31", currency="EUR")
    wanted = ["u3", "u1", "u2"]
    assert list(crm.kpi("ordered_amount", by="rep", period=MONTH).frame["rep_id"]) == wanted
    assert list(crm.values("rep")["id"]) == wanted
    assert list(crm.values("rep", {"team": "Nord"})["id"]) == wanted
