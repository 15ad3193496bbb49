"""The keyboard alone: on every page Tab reaches all there is to press, in sight; Enter, Space and Escape do what they should."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.page

PAGES = ("1_commercial", "2_organisation", "3_data_health", "4_field")
# Where the focus is: a name that is the same after the part was made again, and whether one sees that it is there.
HERE = """() => {
  const at = document.activeElement, drawn = at.matches(".ck-open") ? getComputedStyle(at, "::after") : getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    number: [...document.querySelectorAll("*")].indexOf(at),
    name: `${at.tagName} ${at.getAttribute("aria-label") || at.textContent.trim().slice(0, 60)}`,
    seen: (drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2) || drawn.boxShadow !== "none",
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""
# What a person can press with a mouse, in the page and in its filters, but what is in a closed definition.
PRESSABLE = """() => {
  const all = [...document.querySelectorAll("*")];
  const wanted = ".ck-filters select, .ck-page :is(button, input, a, summary, .ck-mark[data-key], .ck-scroll)";
  return [...document.querySelectorAll(wanted)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
    .map((each) => [all.indexOf(each), each.outerHTML.slice(0, 120)]);
}"""


def settled(page):
    page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")


def tab_to(page, wanted):
    """Press Tab until the focus is on an element, from wherever it is."""
    for _ in range(600):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def focused(page, selector):
    """Wait until the focus is on what a selector finds."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def to_the_last_page(page, panel):
    """Turn the pages of a list, if it has some: where the way on ends, the focus is still in the pager."""
    on, said = panel.get_by_role("button", name="Page suivante"), panel.locator(".ck-pager span")
    if not on.count():
        return
    tab_to(page, on)
    while on.is_enabled():
        before = said.text_content()
        page.keyboard.press("Enter")
        expect(said).not_to_have_text(before)
        settled(page)
    focused(page, ".ck-pager button")


def tab_back(page, wanted):
    """Press Shift and Tab until the focus is on an element."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"Shift+Tab does not reach {wanted}")


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_all_there_is_to_press_and_one_sees_where_one_is(visit, path):
    with visit(path) as page:
        wanted, reached = dict(page.evaluate(PRESSABLE)), {}
        for _ in range(len(wanted) + 40):
            page.keyboard.press("Tab")
            here = page.evaluate(HERE)
            if here["number"] in reached:
                break
            reached[here["number"]] = here
        assert [words for number, words in wanted.items() if number not in reached] == []
        assert [here["name"] for number, here in reached.items() if number in wanted and not here["seen"]] == []
        assert [here["name"] for number, here in reached.items() if number in wanted and not here["inside"]] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_definition_opens_is_read_and_closed_and_the_focus_is_where_it_was(visit, path):
    with visit(path) as page:
        tile = page.locator(".ck-tile").nth(1)
        summary = tile.locator("summary").first
        tab_to(page, summary)
        page.keyboard.press("Enter")
        tab_to(page, tile.get_by_text("La requête SQL").first)
        page.keyboard.press("Space")
        assert tile.locator("pre").first.is_visible()
        page.keyboard.press("Tab")
        focused(page, "pre")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert not tile.locator("details p").first.is_visible()
        assert summary.evaluate("each => each === document.activeElement")


@pytest.mark.parametrize("path", PAGES)
def test_a_list_is_opened_searched_sorted_paged_downloaded_and_left(visit, path):
    with visit(path) as page:
        tile = page.locator(".ck-tile").first
        name = tile.get_attribute("data-figure")
        tab_to(page, tile.locator(".ck-open"))
        page.keyboard.press("Enter")
        focused(page, ".ck-list-title")
        settled(page)
        panel = page.locator(".ck-card.ck-list:has(.ck-list-title)")
        tab_to(page, panel.locator("thead button").first)
        page.keyboard.press("Space")
        page.wait_for_selector("th[aria-sort=ascending]")
        focused(page, "th[aria-sort=ascending] button")
        to_the_last_page(page, panel)
        tab_back(page, panel.get_by_role("button", name="Télécharger CSV"))
        with page.expect_download():
            page.keyboard.press("Enter")
        tab_back(page, panel.get_by_role("searchbox"))
        page.keyboard.type("ma")
        page.wait_for_selector("tfoot:has-text('Total des')")
        focused(page, "[type=search]")
        page.keyboard.press("Escape")  # what was typed goes first
        page.wait_for_selector("tfoot:not(:has-text('Total des'))")
        page.keyboard.press("Escape")
        focused(page, f"[data-figure={name}] .ck-open")


@pytest.mark.parametrize("path", PAGES)
def test_a_filter_and_a_bar_are_chosen_and_the_focus_stays(visit, path):
    with visit(path) as page:
        team = page.locator(".ck-filters .widget-dropdown", has=page.get_by_text("Équipe", exact=True)).locator(
            "select"
        )
        tab_to(page, team)
        page.keyboard.press("ArrowDown")
        page.wait_for_function("location.search.includes('team=')")
        settled(page)
        assert team.evaluate("each => each === document.activeElement")
        page.keyboard.press("Home")
        page.wait_for_function("!location.search.includes('team=')")
        settled(page)
        mark = page.locator(".ck-picture:not([data-dim='']) .ck-mark[data-key]").first
        key = mark.get_attribute("data-key")
        tab_to(page, mark)
        assert page.locator(".ck-tip").is_visible()
        before = page.url, page.locator(".ck-list-title").text_content()
        page.keyboard.press("Space")
        page.wait_for_function(
            "([url, title]) => location.href !== url || document.activeElement.matches('.ck-list-title')",
            arg=list(before),
        )
        settled(page)
        assert page.evaluate("document.activeElement !== document.body"), key
