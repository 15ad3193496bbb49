"""Indicators 2.1 to 2.3 on the real sets: the numbers of Odoo by tables and by lists; elsewhere a sentence, never a false 0."""

import csv
import io
import json

import pytest

import crmkpi

SEEN = "2026-11-23"
ASKED = ("--as-of", SEEN, "--period", "all")


@pytest.fixture
def row(kpi, odoo):
    """``row(figure, ...)``: the one row of an answer."""

    def run(name, *words):
        (only,) = kpi(odoo, name, *ASKED, *words, "--lang", "en")["rows"]
        return only

    return run


@pytest.fixture
def facts(cli, odoo):
    """``facts(figure, ...)``: the list behind an answer."""

    def run(name, *words):
        _, out, _ = cli("kpi", name, "--data", odoo, *ASKED, *words, "--lang", "en", "--facts", "--csv")
        return list(csv.DictReader(io.StringIO(out)))

    return run


def known(found):
    return found["value"], found["amount"], found["status"]


# --- Odoo ---------------------------------------------------------------------------------------------------------


def test_odoo_quotes(row, facts):
    assert known(row("open_quotes")) == (1, 1_740.0, "ok")
    assert known(row("quotes_to_follow_up")) == (1, 1_740.0, "ok")
    (quote,) = facts("quotes_to_follow_up")
    assert (quote["number"], quote["issued"][:10], quote["age"]) == ("S00019", "2026-10-23", "31")
    assert known(row("draft_quotes")) == (4, 5_470.0, "ok")
    drafts = facts("quotes_to_follow_up", "--left-out")
    assert [each["reason"] for each in drafts] == ["drafts"] * 4
    assert row("expired_quotes")["value"] == 0
    rate = row("quote_conversion_rate")
    assert (rate["num"], rate["den"], rate["amount"]) == (19, 20, 27_660.5)


def test_odoo_order_backlog(row, facts):
    assert known(row("order_backlog")) == (19, 27_660.5, "ok")
    assert known(row("order_backlog", "--where", "delivery=awaited")) == (4, 9_990.0, "ok")
    late = row("late_deliveries")
    assert (late["value"], late["amount"], late["n"]) == (0, 0.0, 4)
    assert (late["status"], late["reason"]) == ("partial", "15 orders without a promised date")
    assert {each["promised"][:10] for each in facts("late_deliveries")} == {
        "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26",
    }  # fmt: skip


def test_odoo_receivables(row):
    assert known(row("receivables")) == (0.0, 0.0, "ok")
    sides = [row("receivables", "--where", f"side={side}")["value"] for side in ("owed", "credit")]
    assert sides == [143_175.0, -143_175.0]
    assert known(row("overdue_receivables")) == (36_512.5, 36_512.5, "ok")
    assert row("overdue_receivables", "--where", "ageing=0-30")["value"] == 36_512.5
    share = row("overdue_share")
    assert (share["num"], share["den"]) == (36_512.5, 143_175.0)
    assert row("dso")["value"] == 0, "customers owe nothing in all"


def test_odoo_in_the_past_says_what_it_does_not_know(cli, odoo):
    _, out, _ = cli("kpi", "receivables", "--data", odoo, "--as-of", "2026-10-31", "--lang", "en", "--json")
    answer = json.loads(out)
    assert answer["rows"][0]["value"] == -36_512.5  # the two credit notes of October
    assert (answer["status"], "history of payments" in answer["reason"]) == ("partial", True)


def test_odoo_meetings(row, facts):
    """Seven meetings in the past and no done flag: no visit is said to be late, nor that none is."""
    words = "7 past visits of unknown outcome: the source does not record which visits were done"
    for name in ("overdue_visits", "overdue_visit_rate"):
        found = row(name)
        assert (found["value"], found["status"], found["reason"]) == (None, "unavailable", words)
    assert row("unknown_visits")["value"] == 7
    assert {each["type"] for each in facts("unknown_visits")} == {"meeting"}


def test_odoo_has_neither_requests_nor_credit_limits(row):
    for name, words in (
        ("open_requests", "missing in the source: requests (tickets)"),
        ("over_credit_limit", "the source has no credit limits (2 customers invoiced)"),
    ):
        found = row(name)
        assert (found["value"], found["status"], found["reason"]) == (None, "unavailable", words)


def test_odoo_alerts(odoo):
    """The one overdue customer, and the quote that is older than usual."""
    crm = crmkpi.open(odoo, lang="en")
    names = [name for name, figure in crm.figures.items() if figure.no.startswith("2")]
    alerts = crm.alerts(names, as_of=SEEN)
    assert sorted(zip(alerts["severity"], alerts["figure"], alerts["amount"], strict=True)) == [
        ("P2", "overdue_receivables", 36_512.5), ("P2", "quotes_to_follow_up", 1_740.0),
    ]  # fmt: skip


# --- sets with orders or invoices only ----------------------------------------------------------------------------

NOTHING_SAID = {
    "adventureworks": "the source does not say what is delivered (3616 orders)",
    "online_retail_II": "the source does not say what is delivered (36969 orders)",
}


@pytest.fixture(scope="module", params=NOTHING_SAID)
def orders_only(request, shared, root, cli, tmp_path_factory):
    to = tmp_path_factory.mktemp("organisation") / "data"
    folder = {"adventureworks": "adventureworks_sales"}.get(request.param, request.param)
    mapping = root / "docs" / "mappings" / f"{request.param}.toml"
    code, _, err = cli("import", shared / "real" / folder, "--mapping", mapping, "--to", to)
    assert code == 0, err
    return request.param, crmkpi.open(to, lang="en")


def test_where_nothing_is_known_there_is_no_zero(orders_only):
    which, crm = orders_only
    for name, figure in crm.figures.items():
        if figure.no.startswith("2"):
            found = crm.kpi(name, period="all")
            assert (found.value, found.status) == (None, "unavailable"), name
            assert found.reason not in ("", "nothing to measure"), name
    for name in ("order_backlog", "late_deliveries", "at_risk_linked_share"):
        assert NOTHING_SAID[which] in crm.kpi(name, period="all").reason
