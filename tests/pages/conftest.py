"""A server over a company with hostile names, and pages that note what they ask for and complain about."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest

HACK = "window.hacked=1"
CUSTOMERS = [
    f"<script>{HACK}</script>",
    f'"><img src=x onerror={HACK}>',
    '=HYPERLINK("http://x","y")',
    "x" * 300,
    "شركة العربية",
    "🚀 & Cie {n}",
]
REP, TEAM = f'Ada "><svg onload={HACK}>', f"<b>Équipe & Co</b><script>{HACK}</script>"


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """A data folder: the sample, small, with names that would run if they were not escaped."""
    from crmkpi import sample
    from crmkpi.sources import import_data

    tables = sample.tables(customers=60)
    largest = (
        tables["invoices"].query("invoice_date >= '2026-10-01'").nlargest(200, "amount")["account_id"].drop_duplicates()
    )
    hostile = dict(zip(largest, CUSTOMERS, strict=False))
    tables["accounts"]["name"] = tables["accounts"]["account_id"].map(hostile).fillna(tables["accounts"]["name"])
    tables["users"].loc[tables["users"]["team"] == "Nord", "name"] = [
        name if place else REP for place, name in enumerate(tables["users"].query("team == 'Nord'")["name"])
    ]
    for frame in tables.values():
        if "team" in frame:
            frame["team"] = frame["team"].replace({"Nord": TEAM})
    tables["targets"]["scope_id"] = tables["targets"]["scope_id"].replace({"Nord": TEAM})
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("company") / "data"
    sample.write(tables, source)
    import_data(source, folder, currency="EUR", as_of="2026-10-15")
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(company, root, tmp_path_factory):
    """The address of `crmkpi serve` over the company."""
    port = free_port()
    log = tmp_path_factory.mktemp("log") / "serve.txt"
    command = [sys.executable, "-m", "crmkpi", "serve", "--data", str(company), "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=root, stdout=out, stderr=out, env=os.environ, start_new_session=True)
        address = f"http://127.0.0.1:{port}/"
        try:
            wait_for(address, process, log)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def wait_for(address, process, log):
    """Until the first page is there (its kernel is being made ready), or the server has stopped."""
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the server stopped: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}voila/templates/crmkpi/static/icon.svg", timeout=1):
                return
        except OSError:
            process_wait(process)


def process_wait(process):
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


@pytest.fixture
def visit(browser, server):
    """``with visit("1_commercial?team=Sud") as page``: the page, alive; at its end nothing may have gone wrong."""

    @contextmanager
    def visit(path="", width=1440, theme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, accept_downloads=True
        )
        page = context.new_page()
        asked, wrong = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.set_default_timeout(60_000)
        page.asked = asked
        page.goto(server + path, wait_until="commit")
        page.wait_for_selector("#rendered_cells .ck-page .ck-part", state="visible")
        page.wait_for_selector(".ck-page:not(.ck-busy):not(.ck-filling)")
        yield page
        context.close()
        assert wrong == []
        outside = [url for url in asked if not url.startswith((server, "data:", f"blob:{server}"))]
        assert outside == []

    return visit
