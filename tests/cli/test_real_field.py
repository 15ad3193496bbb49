"""Indicators 4.1 and 4.3 on the real Odoo: nothing says whether a meeting took place, nor when a lead was qualified."""

import csv
import io

import pytest

ASKED = ("--as-of", "2026-11-23", "--period", "all")
EVERY = ("visits_done", "visit_reports", "visit_report_rate", "visit_to_order_ratio", "visit_conversion_rate",
         "due_activities", "qualified_leads", "leads_to_contact", "lead_conversion_rate", "lead_order_rate",
         "time_to_first_contact", "lead_refusal_rate")  # fmt: skip


@pytest.fixture
def row(kpi, odoo):
    """``row(figure, ...)``: the one row of an answer."""

    def run(name, *words):
        (only,) = kpi(odoo, name, *(words or ASKED), "--lang", "en")["rows"]
        return only

    return run


def test_seven_meetings_of_unknown_outcome(row):
    for name in ("visits_done", "visit_reports", "visit_report_rate"):
        found = row(name)
        assert (found["value"], found["status"]) == (None, "unavailable")
        assert found["reason"] == "7 past visits of unknown outcome"
    for name in ("visit_to_order_ratio", "visit_conversion_rate"):  # when they would have matured
        december = row(name, "--as-of", "2026-12-31", "--period", "2026-12")
        assert (december["value"], december["reason"]) == (None, "7 past visits of unknown outcome")


def test_the_list_of_what_is_left_out_has_the_seven(cli, odoo):
    _, out, _ = cli("kpi", "visits_done", "--data", odoo, *ASKED, "--lang", "en", "--facts", "--left-out", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(each["left_out"], each["reason"]) for each in rows] == [("missing", "past visit of unknown outcome")] * 7
    assert {each["type"] for each in rows} == {"meeting"}


def test_what_is_due_is_counted_and_what_nobody_knows_is_said(row):
    found = row("due_activities")
    assert (found["value"], found["status"], found["reason"]) == (12, "partial", "7 past events of unknown outcome")
    assert found["coverage"] == pytest.approx(12 / 19)


def test_leads_qualified_on_an_unknown_day(row):
    """12 leads stand in a qualified stage, none was converted: Odoo has no day for any of them."""
    said = "12 qualified leads without a day of qualification"
    for name in ("qualified_leads", "leads_to_contact", "lead_conversion_rate", "lead_order_rate"):
        found = row(name)
        assert (found["value"], found["status"], found["reason"]) == (None, "unavailable", said), name
    found = row("time_to_first_contact")  # 26 leads, no activity on any
    assert (found["value"], found["reason"]) == (None, "26 leads, and no activity of the source names one")


def test_leads_refused(row):
    """4 refused, 12 decided on an unknown day: 4 of the 4 that are dated, partial, a quarter known."""
    found = row("lead_refusal_rate")
    assert (found["num"], found["den"], found["coverage"], found["status"]) == (4, 4, 0.25, "partial")
    assert found["reason"] == "12 leads decided without a day of the decision"


@pytest.mark.parametrize("period", ["2026-11", "2026-10", "2025", "all"])
def test_nothing_is_a_false_zero(row, period):
    for name in EVERY:
        found = row(name, "--as-of", "2026-11-23", "--period", period)
        assert found["value"] != 0, name
        assert found["reason"] or found["status"] == "ok", name
