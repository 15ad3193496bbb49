"""Sales by product on the page: the family that falls is named, nobody else, and what is said can be checked."""

import html
import re

import pytest

import crmkpi
from crmkpi.dashboard import Dashboard, charts
from crmkpi.format import text
from crmkpi.sample import tables

DAY = "2026-10-15"
SIX, YEAR_BEFORE = "2026-04-01/2026-10-01", "2025-04-01/2025-10-01"
OTHERS = (["none"], ["discounts"], ["big_customer_lost"], ["late_visits", "bad_import"])


def opened(*stories, seed=1, customers=150):
    return crmkpi.open(tables(customers=customers, seed=seed, stories=stories or None), as_of=DAY, currency="EUR")


@pytest.fixture(scope="module")
def crm():
    return opened("falling_family=Outillage")


def said(crm, lang="fr", **filters):
    """The headline of page 1, as far as it speaks of families."""
    board = Dashboard(crm, lang=lang, **filters)
    board.headline("invoiced_revenue", outliers=("product_lines_growth",))
    return html.unescape(re.sub("<[^>]+>", " ", board.make(board.parts[0], board.state)))


@pytest.mark.parametrize(("seed", "family"), [(1, "Hydraulique"), (2, "Visserie"), (3, "Lubrifiants")])
def test_the_headline_names_the_family_of_the_story(seed, family):
    told = said(opened(f"falling_family={family}", seed=seed))
    assert f"En recul, {family}\u00a0: lignes de commande sur un an \u2212" in told
    assert told.count("En recul") == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_family_is_named_among_all_the_stories(seed):
    told = said(opened(seed=seed))
    assert ("En recul, " + {1: "Hydraulique", 2: "Pneumatique", 3: "Roulements"}[seed]) in told


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("stories", OTHERS, ids=" ".join)
def test_nobody_is_named_without_the_story(seed, stories):
    crm = opened(*stories, seed=seed)
    assert "En recul" not in said(crm)
    assert len(crm.alerts(["product_lines_growth"], period="2026-10")) == 0


def test_what_is_said_is_what_was_sold(crm):
    """The numbers of the sentence are those of the sales of the same six months, this year and the last."""
    now, before = (
        crm.kpi("product_sales", period=period, where={"product_family": ["Outillage"]}).row
        for period in (SIX, YEAR_BEFORE)
    )
    for lang, stretch in (("fr", "du 01/04/2026 au 30/09/2026"), ("en", "1 Apr 2026 to 30 Sept 2026")):
        told = said(crm, lang)
        assert stretch in told
        assert text(now["n"] / before["n"] - 1, "share", lang) in told
        assert text(now["value"] - before["value"], "money", lang) in told
        between = {"fr": "{} au lieu de {} un an plus tôt", "en": "{} instead of {} a year before"}[lang]
        assert between.format(text(now["n"], "count", lang), text(before["n"], "count", lang)) in told


def test_nothing_is_said_of_one_rep_nor_before_the_fall(crm):
    assert "En recul" not in said(crm, period="2026-02")
    assert "En recul" not in said(crm, rep="Julien Moreau")
    assert "En recul, Outillage" in said(crm, period="all")
    assert "En recul, Outillage" in said(crm, period="2026")


def test_nothing_is_said_without_order_lines():
    frames = tables(customers=30)
    del frames["order_lines"]
    assert "En recul" not in said(crmkpi.open(frames, as_of=DAY, currency="EUR"))


@pytest.mark.parametrize(("period", "now", "before"), [
    ("2026-10", SIX, YEAR_BEFORE), ("all", SIX, YEAR_BEFORE), ("2026-06", "2026-01-01/2026-07-01", "2025-01-01/2025-07-01"),
])  # fmt: skip
def test_the_picture_by_family_is_of_whole_months_beside_a_year_before(crm, period, now, before):
    board = Dashboard(crm, lang="en", period=period)
    chart = charts.KINDS["groups"](board.asker(board.state), "product_sales", by="product_family", months=6)
    sold = [crm.kpi("product_sales", by="product_family", period=each).frame for each in (now, before)]
    known = [dict(zip(each["product_family"], each["value"], strict=True)) for each in sold]
    shown = {row[0]: row[1:] for row in chart.rows}
    assert shown.keys() == known[0].keys() | known[1].keys()
    for family, row in shown.items():
        assert row == [text(each[family], "money", "en", exact=True) for each in known]
    assert "a year before" in chart.svg
    assert chart.columns[2] == "a year before"


def test_a_list_of_lines_has_columns_in_words(crm):
    board = Dashboard(crm, lang="fr")
    board.list("product_sales")
    made = board.make(board.parts[0], board.state)
    for title in ("Famille", "Produit", "Quantité", "Ventes de produits"):
        assert title in made
    assert "volume et assortiment" not in made
