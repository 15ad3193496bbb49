"""What people expect of a page, in a browser: lists of customers, links, words while it computes, errors in their place, print."""

import io
import re

import openpyxl
import pytest

import crmkpi

from .conftest import CUSTOMERS
from .test_commercial import choose, download

pytestmark = pytest.mark.page

BROKEN = """-- no: 4.9
-- fr: Cassé
-- en: Broken
-- unit: count
-- better: up
-- needs: orders
-- definition_fr: Un chiffre qui ne se calcule pas.
-- definition_en: A figure that cannot be computed.
select o.order_date as day, o.account_id, o.owner_id, o.order_id as id, cast(o.order_id as integer) as num
from orders o
"""
# The words in the status line, each time they change, and whether one could see them.
WATCH = """() => {
  window.told = [];
  const bar = document.querySelector(".ck-progress");
  new MutationObserver(() => bar.textContent && window.told.push(bar.textContent)).observe(bar, { childList: true });
}"""


@pytest.fixture(scope="module")
def crm(company):
    return crmkpi.open(company)


def settled(page):
    page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")


def amount(words):
    """A number as it is shown in French."""
    return float(re.sub(r"[^\d,\u2212-]", "", words).replace(",", ".").replace("\u2212", "-"))


def test_the_portfolio_is_searched_sorted_paged_kept_opened_and_linked(visit, crm, server):
    owed = crm.kpi("receivables", period="2026-10").value
    with visit("2_organisation") as page:
        sheet = page.locator(".ck-sheet")
        with page.expect_download() as waiting:
            sheet.get_by_role("button", name="Télécharger Excel").click()
        book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
        titles = [cell.value for cell in book[1]]
        rows = list(book.iter_rows(min_row=2, values_only=True))
        column = titles.index("Créances clients")
        assert sum(row[column] or 0 for row in rows) == pytest.approx(owed, abs=0.01)
        sheet.get_by_role("button", name="Page suivante").click()
        sheet.get_by_text("Page 2 sur").wait_for()
        for _ in range(2):
            sheet.get_by_role("button", name="Créances clients", exact=True).click()
            settled(page)
        page.wait_for_selector(".ck-sheet th[aria-sort=descending]")
        largest = max(rows, key=lambda row: row[column] or 0)
        name = largest[0].lstrip("'")
        assert sheet.locator("tbody th").first.text_content() == name
        cell = sheet.locator("tbody tr").first.locator("[data-name=receivables]")
        cell.click()
        page.wait_for_selector(".ck-only")
        assert name in page.locator(".ck-only").text_content()
        assert amount(page.locator("tfoot [data-value]").last.get_attribute("data-value")) == pytest.approx(
            largest[column]
        )
        sheet.get_by_label("Chercher dans la liste").fill(CUSTOMERS[0])
        page.wait_for_selector(".ck-sheet tfoot:has-text('Total des')")
        address = page.url
        assert all(
            part in address
            for part in ("sheet_sort=-receivables", "sheet_search=", "list=receivables", "only=customer")
        )
    with visit(address.removeprefix(server)) as page:  # the link shows the same
        assert page.locator(".ck-sheet").get_by_label("Chercher dans la liste").input_value() == CUSTOMERS[0]
        assert page.locator(".ck-sheet th[aria-sort=descending]").count() == 1
        assert name in page.locator(".ck-only").text_content()


def test_each_filter_the_words_meanwhile_and_the_table_beside_a_picture(visit, crm):
    with visit("1_commercial") as page:
        page.evaluate(WATCH)
        unit = crm.values("business_unit").iloc[0]
        choose(page, "Business unit", unit["label"])
        page.wait_for_function("location.search.includes('business_unit=')")
        settled(page)
        assert "Calcul en cours…" in page.evaluate("window.told")
        teams = page.locator(".ck-filters .widget-dropdown").nth(3).locator("option").count()
        assert teams == 1 + len(crm.values("team", where={"business_unit": unit["id"]}))
        page.get_by_role("button", name="Tout afficher").click()
        settled(page)
        choose(page, "Période", "Douze derniers mois entiers")
        page.wait_for_function("decodeURIComponent(location.search).includes('period=2025-10-01/2026-10-01')")
        settled(page)
        choose(page, "Période", "Autres dates")
        first, last = page.locator(".ck-filters input[type=date]").all()
        first.fill("2026-09-01")
        last.fill("2026-09-15")
        page.wait_for_function("decodeURIComponent(location.search).includes('period=2026-09-01/2026-09-16')")
        settled(page)
        figure = page.locator("figure", has=page.get_by_role("heading", name="Taux de remise par équipe"))
        figure.get_by_text("Voir les chiffres").click()
        assert figure.locator("tbody tr").count() == figure.locator(".ck-mark").count() > 1
        told = dict(zip(*(figure.locator(f"tbody {tag}").all_text_contents() for tag in ("th", "td")), strict=True))
        for row in crm.kpi("discount_rate", period="2026-09-01/2026-09-16", by=["team"]).frame.to_dict("records"):
            assert amount(told[row["team"]]) == pytest.approx(100 * row["value"], abs=0.006)


def test_a_figure_that_fails_says_so_in_its_tile_and_the_rest_goes_on(visit, company):
    own = company / "indicators" / "broken.sql"
    own.parent.mkdir(exist_ok=True)
    own.write_text(BROKEN, encoding="utf-8")
    try:
        with visit("4_field") as page:
            wrong = page.locator(".ck-page .ck-tiles > .ck-error")
            assert wrong.count() == 1
            assert "n'a pas pu être calculée" in wrong.text_content()
            assert page.locator("article.ck-tile").count() == 13
            assert page.locator(".ck-svg").count() == 8
    finally:
        own.unlink()


def test_a_tablet_and_paper(visit):
    with visit("2_organisation", width=820) as page:
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
        page.emulate_media(media="print")
        for hidden in (".ck-switches", ".ck-tools button", ".ck-files", ".ck-progress"):
            assert not page.locator(hidden).first.is_visible(), hidden
        for shown in ("h1", ".ck-filters select", ".ck-headline", ".ck-tile", ".ck-svg", ".ck-list table"):
            assert page.locator(shown).first.is_visible(), shown
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_csv_says_its_filters_and_its_day(visit):
    with visit("1_commercial?team=Sud&list=invoiced_revenue") as page:
        rows = download(page, "CSV").decode("utf-8-sig").splitlines()
        assert "Équipe\u00a0: Sud" in rows[1]
        assert "2026-10-15" in rows[1]
