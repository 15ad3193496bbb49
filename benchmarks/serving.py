"""Opening the dashboards, ours beside plain Voilà over the same notebooks: one viewer, 20 at once, memory, kernels left.

    python -m benchmarks.serving                (the sample company; --data DIR for another; a few minutes)

``figures`` is the time until the first figure is there (painted, in Chromium; received, by protocol), ``widgets`` until the page
can be used: all widgets there (painted; or, by protocol, the state of every widget received over the page's socket). Viewers by
protocol do what a browser does but run no script. Plain is ``voila notebooks/`` as it comes. Both are warmed by one page
that is then closed. Memory is the proportional set size of the server and everything it started, by viewer: with all pages open, and
when each viewer has changed a filter. The processor's load is printed; ratios depend on it less than seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.in_browser import ROOT, port, served

ALLOWED = {"first": 0.5, "all": 2.0, "ratio": 4.0, "memory": 55.0, "left": 0}
PAGE = {"crmkpi": "1_commercial", "plain": "voila/render/1_commercial.ipynb"}
LIVE = {
    "crmkpi": "#rendered_cells .ck-page .ck-part .ck-number",
    "plain": "#rendered_cells .ck-page .ck-part .ck-number",
}
PAINTED = """([select, name]) => { const seen = () => { const node = document.querySelector(select);
  return node && node.getClientRects().length && getComputedStyle(node).visibility === "visible"; };
  const tell = () => requestAnimationFrame(() => requestAnimationFrame(() => { window.bench[name] ??= performance.now(); }));
  const watch = new MutationObserver(() => { if (seen()) { watch.disconnect(); tell(); } });
  watch.observe(document, { childList: true, subtree: true, attributes: true }); }"""
NUMBER = b"ck-number"


@dataclass
class Viewer:
    """What one viewer saw, in seconds after the start; their socket stays open."""

    figures: float = 0.0
    widgets: float = 0.0
    kernel: str = ""
    socket: WebSocketClientConnection | None = None
    states: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    """Measure, print, and stop with an error where a limit is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=ROOT / "data" / "sample")
    options.add_argument("--viewers", type=int, default=20)
    given = options.parse_args()
    found = {name: measure(name, given.data.resolve(), given.viewers) for name in ("crmkpi", "plain")}
    missed = report(found, given.viewers)
    if missed:
        raise SystemExit(f"OVER: {', '.join(missed)}")


def measure(name: str, data: Path, viewers: int) -> dict[str, Any]:
    """One way of serving, from its start to its end."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CRMKPI_CHROMIUM") or shutil.which("chromium")
    found: dict[str, Any] = {"load": os.getloadavg()[0]}
    with serving(name, data) as (address, pid):
        page = address + PAGE[name]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            look(browser, page, name)
            found["one"] = [look(browser, page, name) for _ in range(3)]
            settle(pid, 1 if name == "crmkpi" else None)
            found["left"] = leaving(browser, page, name, pid)
            browser.close()
        found["many"], found["memory"] = asyncio.run(arrive(page, viewers, pid))
    print(f"{name}, load {os.getloadavg()[0]:.1f}: {found}", file=sys.stderr, flush=True)
    return found


# --- Chromium --------------------------------------------------------------------------------------------------------


def look(browser: Any, address: str, name: str) -> dict[str, float]:
    """Open a page with an empty cache: seconds until figures are painted, and until it can be used; then close it."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    first = ".ck-number"
    page.add_init_script(f"window.bench = {{}}; ({PAINTED})([{json.dumps(first)}, 'figures']);"
                         f"({PAINTED})([{json.dumps(LIVE[name])}, 'widgets']);")  # fmt: skip
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.bench.widgets", timeout=240_000)
    found = page.evaluate("window.bench")
    page.close(run_before_unload=False)
    context.close()
    return {key: value / 1000 for key, value in found.items()}


def leaving(browser: Any, address: str, name: str, pid: int) -> dict[str, int]:
    """Kernels more than before, 10 seconds after a page was closed, reloaded, left; 65 after a tab was killed."""
    before, found = kernels(pid), {}
    for way in ("close", "reload", "leave", "kill"):
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(LIVE[name], state="visible", timeout=240_000)
        stays = 0
        if way == "close":
            page.close()
        elif way == "reload":
            page.reload(wait_until="commit")
            page.wait_for_selector(LIVE[name], state="visible", timeout=240_000)
            stays = 1
        elif way == "leave":
            page.goto("about:blank")
        else:
            _kill(page)
        time.sleep(65 if way == "kill" else 10)
        found[way] = kernels(pid) - before - stays
        context.close()
        time.sleep(10 if name == "crmkpi" else 1)
        before = kernels(pid)
    return found


def _kill(page: Any) -> None:
    from playwright.sync_api import Error

    try:
        page.goto("chrome://crash", timeout=2000)
    except Error:
        return


# --- by protocol -----------------------------------------------------------------------------------------------------


async def arrive(address: str, count: int, pid: int) -> tuple[dict[str, list[float]], list[float]]:
    """That many viewers at once: when each has figures, and all widgets; memory by viewer then, and after a change each."""
    AsyncHTTPClient.configure(None, max_clients=count + 5, max_body_size=1 << 30)
    start = time.perf_counter()
    viewers = await asyncio.gather(*(view(address, start) for _ in range(count)))
    found = {"figures": [each.figures for each in viewers], "widgets": [each.widgets for each in viewers]}
    await asyncio.sleep(5)
    memory = [sum(map(pss, [pid, *below(pid)])) / count]
    for each in viewers:
        await choose(each)
    await asyncio.sleep(60)
    memory.append(sum(map(pss, [pid, *below(pid)])) / count)
    for each in viewers:
        if each.socket is not None:
            each.socket.close()
    return found, memory


async def view(address: str, start: float) -> Viewer:
    """One viewer: the page as it comes, then the state of its widgets."""
    found, text = Viewer(), bytearray()

    def more(chunk: bytes) -> None:
        text.extend(chunk)
        if not found.figures and NUMBER in text and b"ck-first" in text:
            found.figures = time.perf_counter() - start

    client = AsyncHTTPClient()
    await client.fetch(address, streaming_callback=more, request_timeout=300, decompress_response=True)
    told = re.search(rb'"kernelId": "([0-9a-f-]{36})"', bytes(text))
    found.kernel = told.group(1).decode() if told else ""
    await widgets(address, found)
    found.widgets = time.perf_counter() - start
    found.figures = found.figures or found.widgets
    return found


async def widgets(address: str, viewer: Viewer) -> None:
    """What the page asks its kernel first: the states of all widgets."""
    base = re.match(r"http(://[^/]+/)", address)
    socket = await websocket_connect(f"ws{base.group(1)}api/kernels/{viewer.kernel}/channels?session_id={uuid.uuid4().hex}",
                                     max_message_size=1 << 30)  # fmt: skip
    viewer.socket = socket
    comm = uuid.uuid4().hex
    await say(socket, "comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}})
    await say(socket, "comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
    while True:
        message = await socket.read_message()
        if message is None:
            raise RuntimeError("the socket was closed")
        told = json.loads(message) if isinstance(message, str) else unpacked(message)
        if told.get("msg_type") == "comm_msg" and told["content"]["comm_id"] == comm:
            viewer.states = told["content"]["data"]["states"]
            return


def unpacked(message: bytes) -> dict[str, Any]:
    """A message with buffers."""
    count = int.from_bytes(message[:4], "big")
    ends = [int.from_bytes(message[4 * (each + 1) : 4 * (each + 2)], "big") for each in range(count)] + [len(message)]
    return dict(json.loads(message[ends[0] : ends[1]]))


async def say(socket: WebSocketClientConnection, kind: str, content: dict[str, Any]) -> None:
    """A message to the kernel."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "bench", "version": "5.3",
              "date": "2026-11-28T00:00:00Z"}  # fmt: skip
    metadata = {"version": "1.0.0"} if kind == "comm_open" else {}  # ipywidgets closes what speaks another protocol
    text = {
        "header": header,
        "parent_header": {},
        "metadata": metadata,
        "content": content,
        "channel": "shell",
        "buffers": [],
    }
    await socket.write_message(json.dumps(text))


async def choose(viewer: Viewer, index: int = 1) -> None:
    """Change a filter: the comparison, whose options are two."""
    for key, told in viewer.states.items():
        state = told["state"]
        if (
            state.get("_model_name") == "DropdownModel"
            and len(state.get("_options_labels", ())) == 2
            and state.get("index") == 0
        ):
            change = {"method": "update", "state": {"index": index}, "buffer_paths": []}
            await say(viewer.socket, "comm_msg", {"comm_id": key, "data": change})
            return


# --- servers and their processes ---------------------------------------------------------------------------------------


@contextmanager
def serving(name: str, data: Path) -> Iterator[tuple[str, int]]:
    """A server while it is measured: its address, its process."""
    at = port()
    command = {
        "crmkpi": [sys.executable, "-m", "crmkpi", "serve", "--data", str(data), "--port", str(at)],
        "plain": [sys.executable, "-m", "voila", str(ROOT / "notebooks"), f"--port={at}", "--no-browser"],
    }[name]
    os.environ["CRMKPI_DATA"] = str(data)
    with served(command, f"http://127.0.0.1:{at}/") as address:
        pid = int(subprocess.run(["pgrep", "-f", f"port[= ]{at}"], capture_output=True, text=True).stdout.split()[0])
        yield address, pid


def below(pid: int) -> list[int]:
    """The processes that one started, and those did."""
    children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [each for child in children for each in (child, *below(child))]


def kernels(pid: int) -> int:
    """The kernels below a server: processes that hold a kernel's sockets."""
    return sum(is_kernel(each) for each in below(pid))


def is_kernel(pid: int) -> bool:
    """Whether a process is a kernel: started as one, or forked from the warm process to be one."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text()
        parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        above = Path(f"/proc/{parent}/cmdline").read_text()
    except OSError:
        return False
    return "ipykernel_launcher" in words or ("crmkpi.warm.process" in words and "crmkpi.warm.process" in above)


def pss(pid: int) -> float:
    """The proportional set size of a process, in MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"Pss:\s+(\d+)", text).group(1)) / 1024


def settle(pid: int, most: int | None) -> None:
    """Wait until what is made ahead is made, and closed pages are gone."""
    for _ in range(120):
        if most is None or kernels(pid) == 0:
            return
        time.sleep(1)


def report(found: dict[str, dict[str, Any]], viewers: int) -> list[str]:
    """Print, side by side; what is over its limit."""
    ours, plain = found["crmkpi"], found["plain"]
    print(f"\nload {ours['load']:.1f} (crmkpi), {plain['load']:.1f} (plain); {os.cpu_count()} cores")
    both = (ours, plain)
    rows = [
        (
            f"one viewer, Chromium: {what} painted, s",
            *(statistics.median(run[what] for run in each["one"]) for each in both),
        )
        for what in ("figures", "widgets")
    ] + [
        (f"{viewers} at once: {said} {what}, s", *(of(each["many"][what]) for each in both))
        for what in ("figures", "widgets")
        for said, of in (("median", statistics.median), ("last", max))
    ]
    rows.append((f"memory by viewer of {viewers}: pages open, MB", *(each["memory"][0] for each in both)))
    rows.append((f"memory by viewer of {viewers}: one change each, MB", *(each["memory"][1] for each in both)))
    print(f"{'':<44}{'crmkpi':>9}{'plain':>9}{'ratio':>8}")
    for words, mine, theirs in rows:
        print(f"{words:<44}{mine:>9.2f}{theirs:>9.2f}{theirs / mine:>8.1f}")
    print(
        "kernels left: " + "; ".join(f"{way} {ours['left'][way]} (plain {plain['left'][way]})" for way in ours["left"])
    )
    return over(ours, plain)


def over(ours: dict[str, Any], plain: dict[str, Any]) -> list[str]:
    """What is over its limit."""
    first, last = statistics.median(each["figures"] for each in ours["one"]), max(ours["many"]["figures"])
    ratio = max(plain["many"]["widgets"]) / max(ours["many"]["widgets"])
    missed = [f"first figures {first:.2f} s"] * (first > ALLOWED["first"])
    missed += [f"figures for all {last:.2f} s"] * (last > ALLOWED["all"])
    missed += [f"widgets {ratio:.1f} times as soon"] * (ratio < ALLOWED["ratio"])
    missed += [f"{ours['memory'][0]:.0f} MB by viewer"] * (ours["memory"][0] > ALLOWED["memory"])
    return missed + [f"{count} kernels after {way}" for way, count in ours["left"].items() if count > ALLOWED["left"]]


if __name__ == "__main__":
    main()
