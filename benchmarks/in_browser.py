"""From a filter's click to the new figures painted, in Chromium, ours beside the plain way, served side by side.

    python -m benchmarks.in_browser --data DIR        (or --orders 1000000; without either, the sample company)

Both pages are open; each click chooses another rep or team, once here and once there, in turn. ``figures`` is the time
until the last figure of the page and the line beside it are painted, ``window`` until all that is in the window is, ``page``
until the last picture is, out of sight. The processor's load is printed, since
milliseconds depend on it; the ratios do less. Then what the page weighs with an empty cache, compressed as it is served.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from benchmarks.all_figures import made
from benchmarks.wire import metered

ROOT = Path(__file__).parents[1]
ALLOWED = {"figures": 3.0, "spread": 2.0, "first": 200_000, "all": 1_500_000, "requests": 100}

CLICK = """([select, value, figures, ends, busy]) => new Promise((answer) => {
  const node = document.querySelector(select), start = performance.now(), found = {}, sure = new Set();
  const text = () => [...document.querySelectorAll(figures)].filter((each) => each.textContent).map((each) => each.innerHTML);
  const times = (end) => document.querySelector(end)?.dataset.times ?? "none";
  const before = text(), count = before.length, old = Object.fromEntries(Object.values(ends).map((end) => [end, times(end)]));
  let begun = !busy;
  const paint = (name) => requestAnimationFrame(() => requestAnimationFrame(() => {
    found[name] ??= performance.now() - start;
    if (name === "window") found.figures ??= found.window;  // who sold nothing has the figures of the one before
    if (found.figures && found.window && found.page) { watch.disconnect(); clearTimeout(late); answer(found); }
  }));
  const finish = () => Promise.all([...document.images].map((each) => each.decode().catch(() => 0)));
  const look = () => {
    const now = text();
    if (!found.figures && now.length && now.length >= count && now.at(-1) !== before.at(-1)) finish().then(() => paint("figures"));
    if (busy && document.querySelector(busy)) begun = true;
    for (const [name, end] of Object.entries(ends)) {
      if (sure.has(name) || !begun || !document.querySelector(end) || (!busy && times(end) === old[end])) continue;
      sure.add(name);
      finish().then(() => paint(name));
    }
  };
  const late = setTimeout(() => { watch.disconnect(); answer(found); }, 120000);
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  node.value = value;
  node.dispatchEvent(new Event("change", { bubbles: true }));
})"""
PAINTED = """new MutationObserver((_all, watch) => {
  if (!document.querySelector(".ck-tile .ck-number")) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => window.painted()));
}).observe(document, { childList: true, subtree: true })"""


def main() -> None:
    """Measure, print, and stop with an error where a limit is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--orders", type=int, help="make a company of that many orders")
    options.add_argument("--clicks", type=int, default=30)
    options.add_argument("--cache", type=Path, default=ROOT / ".cache" / "bench")
    given = options.parse_args()
    data = given.data or (made(given.cache, given.orders, "day") if given.orders else ROOT / "data" / "sample")
    missed = measure(data.resolve(), given.clicks)
    if missed:
        raise SystemExit(f"OVER: {', '.join(missed)}")


def measure(data: Path, clicks: int) -> list[str]:
    """Both pages clicked in turn, then the weight; what is over its limit."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CRMKPI_CHROMIUM") or shutil.which("chromium")
    with ours(data) as here, plain(data) as there, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with_us, with_them = opened(browser, here), opened(browser, there)
        runs = alternate(with_us, with_them, clicks)
        missed = report(data, runs)
        with_us.context.close()
        return missed + weigh(browser, here)


def alternate(with_us: Any, with_them: Any, clicks: int) -> dict[str, list[dict[str, float]]]:
    """The same choices on both pages, in turn: one rep after the other; the first on each is not counted.

    When all have been seen the period changes, uncounted: what is asked again costs us nothing, and is no measure.
    """
    mine, theirs = choices(with_us, "Commercial"), choices(with_them, "rep")
    periods = choices(with_us, "P\u00e9riode")
    runs: dict[str, list[dict[str, float]]] = {"crmkpi": [], "plain": []}
    for number in range(clicks + 1):
        if number and number % len(mine) == 0:
            with_us.bring_to_front()
            with_us.evaluate(CLICK, [*periods[number // len(mine)], *OURS])
        for name, page, ends, values in (("crmkpi", with_us, OURS, mine), ("plain", with_them, PLAIN, theirs)):
            page.bring_to_front()
            found = page.evaluate(CLICK, [*values[number % len(values)], *ends])
            if number:
                runs[name].append(found)
    return runs


QUIET = ".ck-page:not(.ck-busy)"
OURS = (".ck-tileset", {"window": QUIET, "page": f"{QUIET}:not(.ck-filling)"}, ".ck-busy")
PLAIN = (".plain-figures", {"window": ".plain-figures", "page": ".plain-done"}, "")
"""What marks the figures, what in the window and what of the page is done, and what says that it has begun.

The plain page's figures and their lines are more than a window holds.
"""
PARTS = ("figures", "window", "page")


def choices(page: Any, label: str) -> list[tuple[str, str]]:
    """The select with a label, and each of its options but the first."""
    options = page.evaluate(
        """(label) => [...document.querySelectorAll(".widget-dropdown")].flatMap((each) => {
             if (each.querySelector("label").textContent.trim() !== label) return [];
             const select = each.querySelector("select");
             select.dataset.bench = label;
             return [...select.options].map((option) => option.value);
           })""",
        label,
    )
    return [(f'select[data-bench="{label}"]', value) for value in options[1:]]


def report(data: Path, runs: dict[str, list[dict[str, float]]]) -> list[str]:
    """Medians, spread and ratios; what is over its limit."""
    print(f"\n{data.name}: {len(runs['crmkpi'])} clicks each, in turn; load {os.getloadavg()[0]:.1f}")
    print(f"{'milliseconds':<14}" + "".join(f"{part + ': median':>18}{'p95':>7}" for part in PARTS))
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for name, times in runs.items():
        for part in PARTS:
            each = sorted(run[part] for run in times if part in run)
            found[name, part] = (statistics.median(each), each[int(0.95 * (len(each) - 1))])
        print(f"{name:<14}" + "".join(f"{found[name, part][0]:>18.0f}{found[name, part][1]:>7.0f}" for part in PARTS))
    missed = []
    for part in PARTS:
        ratio = found["plain", part][0] / found["crmkpi", part][0]
        spread = found["crmkpi", part][1] / found["crmkpi", part][0]
        print(f"{part}: {ratio:.1f} times as fast as the plain way; p95 is {spread:.1f} of the median")
        missed += [f"{part} {ratio:.1f} times"] * (ratio < ALLOWED["figures"] and part != "page")
        missed += [f"{part}' p95 {spread:.1f} of the median"] * (spread > ALLOWED["spread"])
    return missed


def weigh(browser: Any, address: str) -> list[str]:
    """What a page costs on the wire with an empty cache: until its figures are painted, and in all."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found = urllib.parse.urlsplit(address)
    with metered(found.port or 80) as meter:
        first: list[int] = []
        page.expose_function("painted", lambda: first.append(meter.bytes))
        page.add_init_script(PAINTED)
        started = time.perf_counter()
        page.goto(f"http://127.0.0.1:{meter.port}{found.path}", wait_until="commit")
        page.wait_for_selector("#rendered_cells .ck-page .ck-part", state="visible", timeout=120_000)
        page.wait_for_timeout(3000)
        over = {"first": first[0], "all": meter.bytes, "requests": len(asked)}
        hosts = {urllib.parse.urlsplit(each).netloc for each in asked} - {f"127.0.0.1:{meter.port}", ""}
        page.context.close()
    print(f"weight: {over['first'] / 1000:.0f} kB until the figures are painted, {over['all'] / 1000:.0f} kB and "
          f"{len(asked)} requests in all, {len(hosts)} other hosts ({time.perf_counter() - started:.1f} s)")  # fmt: skip
    return [f"{name} {value}" for name, value in over.items() if value > ALLOWED[name]] + sorted(hosts)


def opened(browser: Any, address: str) -> Any:
    """The page, alive."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(240_000)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#rendered_cells .ck-page .ck-part, .plain-page select", state="attached")
    page.wait_for_timeout(1500)
    return page


def port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: list[str], address: str) -> Iterator[str]:
    """A server while it is needed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=120).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@contextmanager
def ours(data: Path) -> Iterator[str]:
    """The commercial page by ``crmkpi serve``."""
    at = port()
    command = [sys.executable, "-m", "crmkpi", "serve", "--data", str(data), "--port", str(at)]
    with served(command, f"http://127.0.0.1:{at}/1_commercial") as address:
        yield address


@contextmanager
def plain(data: Path) -> Iterator[str]:
    """The plain page by Voilà as it comes."""
    folder = ROOT / ".cache" / "bench" / "plain"
    folder.mkdir(parents=True, exist_ok=True)
    code = f"from pathlib import Path\nfrom benchmarks.plain_page import Plain\nPlain(Path({json.dumps(str(data))})).show()"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, folder / "plain.ipynb")
    at = port()
    command = [sys.executable, "-m", "voila", str(folder / "plain.ipynb"), f"--port={at}", "--no-browser"]
    with served(command, f"http://127.0.0.1:{at}/") as address:
        yield address


if __name__ == "__main__":
    main()
