"""Reports as files, each with its executed notebook, page and PDF: ours beside the two plain ways, one after the other.

    python -m benchmarks.reports          (4 notebooks for 50 teams; --teams 2 --plain 8 for a quick look; --ways ours,pool,loop)

``loop`` runs the commands papermill, jupyter nbconvert and chromium for each report; ``pool`` calls papermill and nbconvert in
two processes that stay, and chromium for each PDF; ``ours`` is one call of ``crmkpi run``, for all 200. The plain ways make the
first ``--plain`` of them: they do the same for each. All start from nothing, and all must say the same figures. Seconds are for
each report, the start of everything included, the best of two rounds; memory is that of the whole tree of processes, Chromium
with it (PSS: what they share counts once).
"""

from __future__ import annotations

import argparse
import html
import itertools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import crmkpi
from benchmarks.company import company
from crmkpi.report.browser import needed_browser

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "bench"
NOTEBOOKS = ("1_commercial", "2_organisation", "3_data_health", "4_field")
PERIOD, AS_OF = "2026-09", "2026-10-15"
GOALS = {"loop": 12.0, "pool": 4.0}
MEMORY = 2_000  # MB
BIN = Path(sys.executable).parent


def asked(data: Path, whom: dict[str, str]) -> dict[str, str]:
    return {"data": str(data), "period": PERIOD, "as_of": AS_OF, "lang": "fr"} | whom


def chromium(page: Path) -> None:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [needed_browser(), "--headless=new", "--disable-gpu", *sandbox, "--no-pdf-header-footer",
               f"--user-data-dir={page.parent / '.profile'}", f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def loop(data: Path, wanted: list[tuple[str, dict[str, str]]], to: Path) -> None:
    for number, (name, whom) in enumerate(wanted):
        executed = to / f"{number}" / f"{name}.ipynb"
        executed.parent.mkdir(parents=True)
        given = itertools.chain.from_iterable(("-p", key, value) for key, value in asked(data, whom).items())
        source = str(ROOT / "notebooks" / f"{name}.ipynb")
        subprocess.run(
            [BIN / "papermill", "--no-progress-bar", source, executed, *given], check=True, capture_output=True
        )
        subprocess.run(
            [BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", executed], check=True, capture_output=True
        )
        chromium(executed.with_suffix(".html"))


def pool(data: Path, wanted: list[tuple[str, dict[str, str]]], to: Path) -> None:
    with ProcessPoolExecutor(2) as workers:
        list(workers.map(one, [(data, to / f"{number}", *each) for number, each in enumerate(wanted)]))


def one(given: tuple[Path, Path, str, dict[str, str]]) -> None:
    import papermill
    from nbconvert import HTMLExporter

    data, folder, name, whom = given
    folder.mkdir(parents=True)
    executed = folder / f"{name}.ipynb"
    source = str(ROOT / "notebooks" / f"{name}.ipynb")
    papermill.execute_notebook(source, str(executed), parameters=asked(data, whom), progress_bar=False)
    page, _ = HTMLExporter(exclude_input=True).from_filename(str(executed))
    executed.with_suffix(".html").write_text(page, encoding="utf-8")
    chromium(executed.with_suffix(".html"))


def ours(data: Path, wanted: list[tuple[str, dict[str, str]]], to: Path) -> None:
    whom = dict.fromkeys(f"team={each['team']}" for _, each in wanted)
    command = [sys.executable, "-m", "crmkpi", "run", "--data", data, "--to", to, "--period", PERIOD, "--as-of", AS_OF,
               "--no-company", "--format", "html,pdf,ipynb", *itertools.chain.from_iterable(("--for", each) for each in whom)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


WAYS: dict[str, Callable[..., None]] = {"ours": ours, "pool": pool, "loop": loop}


class Watch(threading.Thread):
    """The peak memory of this process's descendants, in MB, looked at every two seconds (each look takes some 50 ms)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended = 0.0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(2):
            self.peak = max(self.peak, sum(map(pss, descendants(os.getpid()))))


def descendants(top: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [top]
    while waiting:
        mine = children.get(waiting.pop(), [])
        found += mine
        waiting += mine
    return found


def pss(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    said = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(said[1]) / 1000 if said else 0.0


def measured(way: str, data: Path, wanted: list[tuple[str, dict[str, str]]], to: Path) -> dict[str, Any]:
    shutil.rmtree(to, ignore_errors=True)
    watch, before = Watch(), os.times()
    watch.start()
    began = time.monotonic()
    WAYS[way](data, wanted, to)
    seconds, after = time.monotonic() - began, os.times()
    watch.ended.set()
    watch.join()
    busy = sum(after[2:4]) - sum(before[2:4])
    return {
        "seconds": seconds / len(wanted),
        "processor": busy / len(wanted),
        "memory": watch.peak,
        "figures": figures(to),
    }


def figures(to: Path) -> list[tuple[str, ...]]:
    """What the tiles of each page say; and that every page has its notebook and its PDF."""
    pages = [path for path in to.rglob("[1-4]_*.html") if path.parent.name != "nbconvert"]
    for page in pages:
        assert page.with_suffix(".ipynb").is_file(), page
        assert page.with_suffix(".pdf").read_bytes().startswith(b"%PDF-"), page
    shown = [re.findall(r'class="ck-number"[^>]*>([^<]*)<', page.read_text(encoding="utf-8")) for page in pages]
    return sorted(tuple(map(html.unescape, each)) for each in shown)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--teams", type=int, default=50)
    options.add_argument("--orders", type=int, default=20_000)
    options.add_argument("--plain", type=int, default=16, help="how many reports the plain ways make")
    options.add_argument("--ways", default="ours,pool,loop")
    options.add_argument("--rounds", type=int, default=2, help="how often each way is tried, in turn; the best counts")
    given = options.parse_args()
    os.environ["CRMKPI_REPORT"] = "1"
    data = company(CACHE, given.orders, teams=50).resolve()
    teams = crmkpi.open(data).values("team")["label"].tolist()[: given.teams]
    wanted = [(name, {"team": team}) for team in teams for name in NOTEBOOKS]
    found: dict[str, dict[str, Any]] = {}
    for way in given.ways.split(",") * given.rounds:
        some = wanted if way == "ours" else wanted[: given.plain]
        now = measured(way, data, some, CACHE / "reports" / way)
        print(f"{way:6} {len(some):4} reports, each {now['seconds']:6.2f} s, processor {now['processor']:6.2f} s, "
              f"memory {now['memory']:6.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        found[way] = min(now, found.get(way, now), key=lambda each: float(each["seconds"]))
        said = found.get("ours", now)["figures"]
        assert not Counter(now["figures"]) - Counter(said), f"{way} says other figures"
    for way, goal in GOALS.items():
        if way in found and "ours" in found:
            ratio = found[way]["seconds"] / found["ours"]["seconds"]
            print(f"{ratio:.1f} times faster than the {way}{'' if ratio >= goal else f'  UNDER {goal:g}'}")
    if found.get("ours", {}).get("memory", 0) > MEMORY:
        print(f"memory over {MEMORY} MB")


if __name__ == "__main__":
    main()
