"""Every page in a real browser: whole, accessible, on a phone, in the dark; Today leads to lists, bars open their rows."""

import struct
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe

import crmkpi

from .conftest import CUSTOMERS

pytestmark = pytest.mark.page

# The page, its tiles, its pictures.
PAGES = {"": (0, 0), "1_commercial": (10, 16), "2_organisation": (13, 8), "3_data_health": (12, 8), "4_field": (13, 8)}


@pytest.fixture(scope="module")
def crm(company):
    return crmkpi.open(company)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_accessible(visit, path):
    with visit(path) as page:
        assert page.locator(".ck-error").count() == 0
        assert len(page.asked) <= 40, (
            "of another Voilà? what is asked for alone goes into crmkpi/serve/share/scripts.txt"
        )
        tiles, pictures = PAGES[path]
        assert page.locator("article.ck-tile").count() == tiles
        assert page.locator(".ck-svg").count() == pictures
        assert page.evaluate("window.hacked") is None
        assert page.locator(".ck-page").locator("script, img, iframe, b:has(script)").count() == 0
        seen = page.locator(".ck-page").first.text_content()
        assert path in ("", "4_field") or any(name in seen for name in CUSTOMERS), "no such name: it proves nothing"
        assert serious(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_in_the_dark_and_in_english(visit, path):
    with visit(f"{path}?lang=en", width=390, theme="dark") as page:
        page.wait_for_function("document.documentElement.lang === 'en'")
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.locator(".ck-error").count() == 0
        assert serious(page) == []


def serious(page):
    """What axe finds that keeps people from using the page, with where."""
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], node["target"], node["failureSummary"][:300])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


def test_today_opens_the_list_a_line_comes_from(visit, crm):
    with visit("?team=Sud") as page:
        link = page.locator(".ck-todo a[href*='2_organisation']").first
        name = link.get_attribute("href").partition("list=")[2]
        link.click()
        page.wait_for_selector(f".ck-tabs button[data-name='{name}'][aria-pressed=true]")
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        assert "team=Sud" in page.url
        rows = crm.facts(name, period="2026-10", where={"team": ["Sud"]})
        assert page.locator(".ck-part:has(.ck-tabs) .ck-count").text_content().split()[0] == str(len(rows))


def test_a_bar_opens_its_rows_and_the_way_back(visit, crm):
    with visit("2_organisation") as page:
        mark = page.locator(".ck-picture[data-dim=late_reason] .ck-mark[data-key]").first
        reason, shown = (
            mark.get_attribute("data-key"),
            mark.get_attribute("data-tip").rpartition("\u00a0")[2].strip(" :"),
        )
        mark.click()
        page.wait_for_selector(".ck-only")
        facts = crm.facts("overdue_visits", period="2026-10")["late_reason"]
        kept = facts.isna().sum() if reason == "—" else (facts == reason).sum()
        assert page.locator(".ck-part:has(.ck-tabs) .ck-count").text_content().split()[0] == str(kept) == shown
        page.get_by_role("button", name="Toutes les lignes").click()
        page.wait_for_function(
            "n => document.querySelector('.ck-part:has(.ck-tabs) .ck-count').textContent.split(/\\s/)[0] === n",
            arg=str(len(facts)),
        )


def test_a_picture_is_kept_as_a_file_in_its_colours(visit):
    with visit("2_organisation", theme="dark") as page:
        figure = page.locator("figure.ck-chart").first
        dark = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ck-surface').trim()")
        kept = {}
        for kind in ("SVG", "PNG"):
            with page.expect_download() as waiting:
                figure.get_by_role("button", name=f"Télécharger {kind}").click()
            kept[kind] = (waiting.value.suggested_filename, waiting.value.path().read_bytes())
        name, drawn = kept["SVG"]
        assert name.startswith("Visites-en-retard")
        assert name.endswith(".svg")
        picture = ElementTree.fromstring(drawn)
        assert dark in drawn.decode()
        assert "var(" not in drawn.decode()
        assert "Visites en retard" in picture.findtext("{http://www.w3.org/2000/svg}text")
        name, painted = kept["PNG"]
        assert name.endswith(".png")
        width, height = struct.unpack(">II", painted[16:24])
        assert (width, height) == (2 * int(picture.get("width")), 2 * int(picture.get("height")))
        assert len(painted) > 5000, "an empty picture"
