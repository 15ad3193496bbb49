"""The pictures of README, taken of the real pages: `make pictures`. Looked at before they are committed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "",
    "commercial": "1_commercial",
    "organisation": "2_organisation",
    "data-health": "3_data_health",
    "field": "4_field",
}
HEIGHT = 1000


def main() -> None:
    """Serve the sample company, and keep what a browser shows of each page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "crmkpi", "serve", "--data", "data/sample", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - its own words
    address = f"http://127.0.0.1:{port}/"
    try:
        wait(address)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox", "--disable-gpu"])
            for name, path in PAGES.items():
                shoot(browser, address + path + "?lang=en", name, 1400)
            shoot(browser, address + PAGES["commercial"], "commercial-phone", 390, theme="dark")
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def wait(address: str) -> None:
    """Until the server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}voila/templates/crmkpi/static/icon.svg", timeout=1)  # noqa: S310 - its own address
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def shoot(browser: Browser, url: str, name: str, width: int, theme: str = "light") -> None:
    """The top of a page, once its widgets are there."""
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT}, color_scheme="dark" if theme == "dark" else "light"
    )
    page.goto(url, wait_until="commit", timeout=120_000)
    page.wait_for_selector("#rendered_cells .ck-page .ck-part", state="visible", timeout=120_000)
    page.wait_for_selector(".ck-page:not(.ck-busy)")
    page.wait_for_timeout(1500)
    page.screenshot(path=ROOT / "docs" / "img" / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
