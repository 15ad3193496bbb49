"""A page has a kernel as long as somebody looks at it, and no longer; what is lost is said, and comes back by itself."""

import contextlib
import re
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from playwright.sync_api import Error

pytestmark = pytest.mark.page
CULL_AND_SWEEP = 30


def alive(page):
    page.wait_for_selector("#rendered_cells .ck-page .ck-part .ck-number", state="visible")


def kernel_of(page):
    return page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")


def kernel_process(served):
    """The youngest process below the warm one: the kernel that was started last."""
    forked = [each for each in served.started() if each.ppid() != served.process.pid]
    return max(forked, key=psutil.Process.create_time)


def test_none_is_left_when_a_page_is_closed_reloaded_or_left(served, looked_at):
    served.until(lambda: served.kernels == 0)
    with looked_at() as page:
        page.reload(wait_until="commit")
        alive(page)
        served.until(lambda: served.kernels == 1, 10)
        page.goto("about:blank")
        served.until(lambda: served.kernels == 0, 10)
        page.goto(served.address + "1_commercial", wait_until="commit")
        alive(page)
        page.close()
        served.until(lambda: served.kernels == 0, 10)


def test_none_is_left_after_a_tab_was_killed_or_never_ran(served, looked_at):
    served.get("1_commercial")  # asked for, and never looked at
    with looked_at() as page:
        assert served.kernels >= 1
        with contextlib.suppress(Error):  # it can not say that it has been killed
            page.goto("chrome://crash", timeout=2000)
        served.until(lambda: served.kernels == 0, CULL_AND_SWEEP)


def test_a_page_whose_kernel_died_says_so_and_comes_back_as_it_was(served, looked_at):
    with looked_at("1_commercial?period=2026-09") as page:
        before = kernel_of(page)
        kernel_process(served).kill()
        page.wait_for_selector("#ck-lost.ck-again", state="visible", timeout=20_000)
        page.wait_for_function(
            "before => { const told = document.getElementById('jupyter-config-data');"
            "return told && JSON.parse(told.textContent).kernelId !== before; }",
            arg=before,
        )
        alive(page)
        assert parse_qs(urlsplit(page.url).query)["period"] == ["2026-09"]
        assert page.locator("#ck-lost").is_hidden()
        assert "Septembre 2026" in page.locator("#rendered_cells .ck-headline").first.text_content()


def test_a_page_that_keeps_dying_does_not_reload_for_ever(looked_at):
    gone = lambda page: page.route("**/life/*", lambda route: route.fulfill(status=404))  # noqa: E731
    with looked_at(before=gone) as page:
        loads = []
        page.on("load", lambda loaded: loads.append(loaded.url))  # not its address that is written anew
        page.wait_for_selector("#ck-lost:not(.ck-again)", state="visible", timeout=110_000)
        assert len(loads) <= 2
        assert page.locator("#ck-lost button").is_visible()


def test_a_network_that_drops_keeps_the_kernel(served, looked_at, cable):
    with looked_at(address=cable.address) as page:
        before = kernel_of(page)
        cable.cut()
        page.wait_for_selector("#ck-lost", state="visible", timeout=20_000)
        cable.open = True
        page.wait_for_selector("#ck-lost", state="hidden", timeout=20_000)
        page.locator(".ck-tile .ck-open").nth(2).click()
        page.wait_for_selector(".ck-page:not(.ck-busy)")
        assert kernel_of(page) == before
        page.wait_for_function("location.search.includes('list=')")


EARLY = """new MutationObserver((_all, watch) => {
  const selects = document.querySelectorAll("#loading .ck-filters select");
  if (!document.querySelector("#loading .ck-progress")) return;
  watch.disconnect();
  selects[1].selectedIndex = 1;
  selects[1].dispatchEvent(new Event("change", { bubbles: true }));
  window.waited = document.querySelector("#loading .ck-first").className;
}).observe(document, { childList: true, subtree: true });"""


def test_what_is_pressed_before_the_page_lives_is_seen_to_wait_and_then_done(looked_at):
    with looked_at(before=lambda page: page.add_init_script(EARLY)) as page:
        page.wait_for_function("location.search.includes('compare=last_year')")
        assert "ck-busy" in page.evaluate("window.waited")


def test_other_data_are_announced_and_shown_when_asked_for(served, company, looked_at):
    with looked_at() as page:
        (company / "settings.toml").write_text("small_n = 6\n")
        page.wait_for_selector("#ck-news", state="visible", timeout=20_000)
        page.locator("#ck-news button").click()
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        time.sleep(6)
        assert page.locator("#ck-news").is_hidden()
    (company / "settings.toml").unlink()


def test_hours_of_arrivals_and_departures_leave_nothing(served):
    """Forty viewers, one after the other: what the server holds afterwards is what it held after the first ones."""
    held = []
    for number in range(40):
        page = served.get("1_commercial")
        kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page).group(1)
        goodbye(served, kernel)
        if number >= 15:
            held.append(psutil.Process(served.process.pid).memory_info().rss)
    served.until(lambda: served.kernels == 0, CULL_AND_SWEEP)
    assert held[-1] - held[0] < 12 << 20
    assert len(served.started()) <= 2


def goodbye(served, kernel):
    said = urllib.request.Request(f"{served.address}voila/api/shutdown/{kernel}", method="POST")
    urllib.request.urlopen(said, timeout=10).close()
