"""Notebook 1 in a real browser, served as users get it: every number a viewer sees is one the facts gave."""

import io
import urllib.error
import urllib.request

import openpyxl
import pandas as pd
import pytest

import crmkpi
from crmkpi.format import text

from .conftest import CUSTOMERS, REP, TEAM

pytestmark = pytest.mark.page

PAGE = "1_commercial"
MONEY = ("invoiced_revenue", "ordered_amount", "average_basket")


@pytest.fixture(scope="module")
def crm(company):
    return crmkpi.open(company)


def choose(page, label, option):
    """Choose an option of a filter by what a person reads."""
    box = page.locator(".ck-filters .widget-dropdown", has=page.get_by_text(label, exact=True)).locator("select")
    wanted = option.replace(" ", "\u00a0")
    options = box.locator("option").all_text_contents()
    box.select_option(index=next(n for n, each in enumerate(options) if each.startswith(wanted)))


def number(page, name):
    return page.locator(f'[data-figure="{name}"] .ck-number')


def expect(page, crm, names=MONEY, **asked):
    """Wait until the tiles say what the facts give."""
    for name in names:
        result = crm.kpi(name, **asked)
        shown = text(result.value, result.figure.unit, "fr", currency="EUR")
        page.wait_for_function(
            "([name, shown]) => document.querySelector(`[data-figure=${name}] .ck-number`).textContent === shown",
            arg=[name, shown],
        )


def test_filters_change_every_number_and_the_address_keeps_them(visit, crm):
    with visit(PAGE) as page:
        assert page.locator("article.ck-tile").count() == 10
        assert page.locator(".ck-svg").count() == 16
        assert page.locator(".ck-error").count() == 0
        expect(page, crm, period="2026-10")
        choose(page, "Équipe", "Sud")
        expect(page, crm, period="2026-10", where={"team": "Sud"})
        choose(page, "Période", "Mois dernier")
        expect(page, crm, period="2026-09", where={"team": "Sud"})
        rep = crm.values("rep", where={"team": "Sud"}).iloc[0]
        choose(page, "Commercial", rep["label"])
        expect(page, crm, period="2026-09", where={"rep": rep["id"]})
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        assert "period=2026-09" in page.url
        assert "team=Sud" in page.url
        page.get_by_role("button", name="Tout afficher").click()
        expect(page, crm, period="2026-09")
        choose(page, "Comparer à", "Même période")
        page.wait_for_selector("[data-figure=invoiced_revenue] .ck-change:first-child:has-text('sept 2025')")


def test_the_list_behind_each_tile_adds_up_to_it(visit):
    with visit(f"{PAGE}?team=Est") as page:
        for name in (
            "ordered_amount",
            "order_count",
            "average_basket",
            "margin_rate",
            "weighted_pipeline",
            "invoiced_revenue",
        ):
            tile = number(page, name).get_attribute("data-value")
            page.locator(f'[data-figure="{name}"] .ck-open').click()
            title = page.locator(f'[data-figure="{name}"] .ck-open').text_content()
            page.wait_for_selector(f'.ck-list-title:has-text("{title}")')
            assert page.locator("tfoot [data-value]").get_attribute("data-value") == tile
            assert page.evaluate("document.activeElement.className") == "ck-list-title"


def test_what_is_downloaded_is_what_is_shown(visit, crm, server):
    with visit(f"{PAGE}?period=2026-09") as page:
        value = crm.kpi("invoiced_revenue", period="2026-09").value
        again = pd.read_csv(io.BytesIO(download(page, "CSV")), sep=";", decimal=",", encoding="utf-8-sig")
        assert again["Chiffre d'affaires facturé"].sum() == pytest.approx(value, abs=0.001)
        assert again["Filtres"].unique().tolist() == ["Période\u00a0: septembre 2026\u00a0; aucun filtre"]
        sheet = openpyxl.load_workbook(io.BytesIO(download(page, "Excel"))).worksheets[0]
        titles = [cell.value for cell in sheet[1]]
        column = titles.index("Chiffre d'affaires facturé")
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert sum(row[column] for row in rows) == pytest.approx(value, abs=0.001)
        customer = again["Client"].iloc[0]
        page.get_by_label("Chercher dans la liste").fill(customer.lstrip("'"))
        page.wait_for_selector("tfoot:has-text('Total des')")
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        found = pd.read_csv(io.BytesIO(download(page, "CSV")), sep=";", decimal=",", encoding="utf-8-sig")
        assert found["Client"].unique().tolist() == [customer]
        page.get_by_role("button", name="Date", exact=True).click()
        page.wait_for_selector("th[aria-sort=ascending]")
        address = page.url
    assert "&search=" in address
    with visit(address.removeprefix(server)) as page:  # the link opens the same list, searched and sorted
        page.wait_for_selector("th[aria-sort=ascending]")
        assert page.get_by_label("Chercher dans la liste").input_value() == customer.lstrip("'")


def download(page, kind):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Télécharger {kind}").click()
    with open(waiting.value.path(), "rb") as file:
        return file.read()


def test_hostile_names_are_text_everywhere(visit, crm):
    with visit(PAGE) as page:
        assert page.locator("option", has_text=TEAM.replace(" ", "\u00a0")).count() == 1
        choose(page, "Équipe", TEAM)
        expect(page, crm, period="2026-10", where={"team": TEAM})
        choose(page, "Équipe", "Toutes")
        expect(page, crm, period="2026-10")
        for name in ("ordered_amount", "weighted_pipeline", "invoiced_revenue"):
            page.locator(f'[data-figure="{name}"] .ck-open').click()
            page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        page.get_by_label("Chercher dans la liste").fill(CUSTOMERS[0])
        page.wait_for_selector("tfoot:has-text('Total des')")
        assert page.locator("td", has_text=CUSTOMERS[0]).count() >= 1
        assert REP.replace(" ", "\u00a0") in page.locator(".ck-filters option").all_text_contents()
        page.locator(".ck-mark").first.hover()
        assert page.evaluate("window.hacked") is None


def test_keyboard_alone_opens_lists_definitions_and_filters(visit, crm):
    with visit(PAGE) as page:
        page.locator('[data-figure="order_count"] .ck-open').focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".ck-list-title:has-text('Nombre de commandes')")
        page.locator('[data-figure="order_count"] summary').first.focus()
        page.keyboard.press("Enter")
        assert page.locator('[data-figure="order_count"] details p').first.is_visible()
        page.locator('.ck-picture[data-dim="team"] .ck-mark[data-key="Ouest"]').first.focus()
        assert page.locator(".ck-tip").text_content().startswith("Ouest")
        page.keyboard.press("Enter")
        expect(page, crm, period="2026-10", where={"team": "Ouest"})


def test_english_dark_and_a_phone(visit):
    with visit(f"{PAGE}?lang=en", theme="dark") as page:
        assert page.evaluate("document.documentElement.dataset.ckTheme") == "dark"
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.get_by_role("heading", name="Invoiced revenue and target by month").count() == 1
        ink = "getComputedStyle(document.querySelector('.ck-svg text')).fill"
        dark = page.evaluate(ink)
        page.get_by_role("button", name="Colours: auto").click()
        assert page.evaluate(ink) != dark
        page.get_by_role("button", name="FR").click()
        page.wait_for_selector('h3:has-text("Chiffre d\'affaires facturé et objectif par mois")')
    with visit(PAGE, width=390) as page:
        page.wait_for_selector('.ck-svg[viewBox^="0 0 340"]')
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_first_paint_has_real_numbers(server, crm):
    """Without any script: the numbers are in the page that the server sends."""
    with urllib.request.urlopen(f"{server}{PAGE}", timeout=60) as answer:
        page = answer.read().decode()
    shown = text(crm.kpi("invoiced_revenue", period="2026-10").value, "money", "fr")
    assert shown in page.partition('<div class="ck-first">')[2].partition('<div id="rendered_cells"')[0]


def test_the_home_page_says_how_it_stands_and_leads_on(visit):
    with visit() as page:
        assert page.locator(".ck-state").count() == 4
        assert "Octobre 2026" in page.locator(".ck-headline").first.text_content()
        page.get_by_role("link", name="Ouvrir\u00a0: Activité commerciale").click()
        page.wait_for_selector("#rendered_cells .ck-tile", state="visible")
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")


@pytest.mark.parametrize(
    "path",
    [
        "voila/tree",
        "voila/render/1_commercial.ipynb",
        "voila/files/1_commercial.ipynb",
        "voila/api/contents",
        "1_commercial.ipynb",
        "nothing",
    ],
)
def test_nothing_but_the_pages_is_served(server, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server + path, timeout=10)
    assert refused.value.code == 404
    assert "cdn" not in refused.value.read().decode()


def test_an_address_chooses_neither_theme_nor_template(server):
    with urllib.request.urlopen(f'{server}?theme="><script>x</script>&template=nothing', timeout=60) as answer:
        assert "<script>x" not in answer.read().decode()
