"""What a server is started with, answers to whoever runs it, and leaves when it stops."""

import asyncio
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.request_info_handler import RequestInfoSocketHandler

import crmkpi
from crmkpi.format import text
from crmkpi.serve.life import Kernels


def painted(page):
    return page.partition('<div class="ck-first">')[2].partition('<div id="rendered_cells"')[0]


@pytest.mark.page
def test_what_is_painted_is_what_kpi_says_for_each_address(served, company):
    crm = crmkpi.open(company)
    team = crm.values("team")["id"].iloc[0]
    said = {}
    for query, asked in (("?lang=fr", {}), (f"?lang=fr&team={team}", {"where": {"team": [team]}})):
        value = crm.kpi("ordered_amount", period="2026-10", **asked).value
        said[query] = text(value, "money", "fr")
        assert said[query] in painted(served.get(f"1_commercial{query}"))
    assert len(set(said.values())) == 2
    assert "ck-part" not in painted(served.get("1_commercial?team=nobody"))  # the kernel says that there is none


@pytest.mark.page
def test_health_names_nobody_and_logs_no_query(served, company):
    health = served.health()
    version = json.loads((company / "manifest.json").read_text())["version"]
    assert (health["status"], health["data_version"], health["warm"]) == ("ok", version, True)
    served.get("1_commercial?team=Sud")
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    assert {"method": "GET", "path": "/1_commercial", "status": 200}.items() <= [
        line for line in lines if line.get("path") == "/1_commercial"
    ][-1].items()
    assert "Sud" not in served.log.read_text()


@pytest.mark.page
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_server_stops_however_it_does(serving, company, tmp_path, monkeypatch, how):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = serving(company, tmp_path / "serve.txt")
    server.get("1_commercial")
    started = server.stop(how)
    assert len(started) >= 2
    _, alive = psutil.wait_procs(started, timeout=10)
    assert alive == []
    assert how == signal.SIGKILL or not list(tmp_path.glob("voila_*"))


def test_a_kernel_that_waits_is_not_told_of_the_viewer_before(monkeypatch):
    told = {}

    async def start(self, **given):
        told.update(given["env"])
        return "one"

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)

    async def run():
        kernels = Kernels(root_dir=os.getcwd())
        await kernels.start_kernel(
            env={"VOILA_PREHEAT": "True", "VOILA_REQUEST_URL": "http://x/?team=Sud", "HOME": "/"}
        )
        RequestInfoSocketHandler._cache["one"] = {"QUERY_STRING": "team=Sud"}
        kernels._alone["one"] = 0.0
        await kernels.sweep()
        kernels._sweeper.stop()

    with ThreadPoolExecutor() as apart:  # a browser of another test has its loop in this thread
        apart.submit(asyncio.run, run()).result()
    assert told == {"VOILA_PREHEAT": "True", "HOME": "/"}
    assert "one" not in RequestInfoSocketHandler._cache
