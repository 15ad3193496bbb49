"""From a tile to the reference of its figure, in the language of the page; nothing of the page runs or looks outside."""

import pytest

from crmkpi.indicators import Library

pytestmark = pytest.mark.page


def test_a_tile_leads_to_the_reference_of_its_figure(visit):
    with visit("1_commercial?lang=fr") as page:
        tile = page.locator('article[data-figure="ordered_amount"]')
        tile.locator("summary").first.click()
        with page.context.expect_page() as opened:
            tile.get_by_role("link", name="Fiche complète").click()
        reference = opened.value
        reference.wait_for_load_state()
        assert reference.url.endswith("/reference/fr#ordered_amount")
        assert reference.locator("html").get_attribute("lang") == "fr"
        heading = reference.locator("h3#ordered_amount")
        assert heading.is_visible()
        assert heading.bounding_box()["y"] < 900


@pytest.mark.parametrize(("lang", "words"), [("fr", "Valeur ="), ("en", "Value =")])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_figure_has_its_section_and_nothing_is_wider_than_the_screen(browser, server, lang, words, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{server}reference/{lang}")
    assert answer.status == 200
    headings = page.locator("h3").evaluate_all("all => all.map(each => each.id)")
    assert [name for name in Library().figures if name not in headings] == []
    assert words in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(server)] == []
    context.close()


def test_no_other_language_and_no_other_file(browser, server):
    context = browser.new_context()
    for path in ("reference/de", "reference/", "reference/../../etc/passwd"):
        assert context.request.get(server + path).status == 404
    context.close()
