"""Every figure of the product at once, beside the same answers written by hand in DuckDB's SQL and in pandas.

    python -m benchmarks.all_figures --orders 1000000

The question is October 2026 of the whole company, seen on the 15th, with the month before, last year and the values of 24
months. Each side answers in a fresh process, from the canonical Parquet files to a pickle of numbers; sides take turns.
Answers must agree to the cent and to the ninth digit. Printed: seconds by the clock and of the processor (best of the
rounds), their ratios, the peak memory of the process, the families, the costliest figures, and what ``--import`` costs with
and without the views that crmkpi computes once.
"""

from __future__ import annotations

import argparse
import math
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.all_by_hand import KEYS
from benchmarks.company import AS_OF, LAYOUTS, generate
from benchmarks.family1 import Runs

Answers = dict[str, dict[str, Any]]
SPILL = "30GB"
"""What the queries by hand may write beside them: at 10 million orders one of them wants more than a disk has."""
Seconds = dict[str, dict[str, float]]
WAYS = ("crmkpi", "duckdb", "pandas")
LIMIT, MEMORY = 1.5, 2048
"""Times the queries by hand, and MB at 10 million orders."""


# one side, in its own process -----------------------------------------------------------------------
def by_crmkpi(data: Path) -> Callable[[str], dict[str, Any]]:
    """The answers of the product."""
    import crmkpi

    crm = crmkpi.open(data)

    def answer(name: str) -> dict[str, Any]:
        row = crm.kpi(name, period="2026-10", as_of=AS_OF, compare="previous,last_year").row
        trend = crm.trend(name, period="2026-10", as_of=AS_OF, periods=24)
        return {key: row.get(key) for key in KEYS} | {"trend": list(trend["value"])}

    return answer


def by_duckdb(data: Path) -> Callable[[str], dict[str, Any]]:
    """The answers of the queries written by hand."""
    import duckdb

    from benchmarks.all_by_hand import ask

    con = duckdb.connect(
        config={"temp_directory": f"{tempfile.gettempdir()}/crmkpi-by-hand", "max_temp_directory_size": SPILL}
    )
    for name, file in files(data).items():
        con.execute(f"create view {name} as select * from '{file}'")

    def answer(name: str) -> dict[str, Any]:
        try:
            return ask(con, name)
        except duckdb.Error as error:
            print(f"by hand, {name} has no answer: {str(error).splitlines()[0]}", flush=True)
            return {}

    return answer


def by_pandas(data: Path) -> Callable[[str], dict[str, Any]]:
    """The answers of pandas."""
    from benchmarks.all_by_pandas import answer

    found = files(data)
    return lambda name: answer(name, found)


def files(data: Path) -> dict[str, Path]:
    """The canonical Parquet files of a data folder, without what crmkpi made of them."""
    import json

    version = data / str(json.loads((data / "manifest.json").read_text())["version"])
    return {file.stem: file for file in sorted(version.glob("*.parquet")) if not file.stem.startswith("view_")}


def one_side(way: str, names: list[str], data: Path, to: Path) -> None:
    """Answer, and keep the answers with the seconds of each figure."""
    answer = {"crmkpi": by_crmkpi, "duckdb": by_duckdb, "pandas": by_pandas}[way](data)
    answers, seconds = {}, {}
    for name in names:
        started = time.process_time()
        answers[name] = answer(name)
        seconds[name] = time.process_time() - started
    to.write_bytes(pickle.dumps((answers, seconds)))


# both sides ----------------------------------------------------------------------------------------
def run(way: str, names: list[str], data: Path, runs: Runs) -> tuple[Answers, dict[str, float]]:
    """The answers of a side in a new process; what it took is noted in ``runs``."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "answers"
        command = [sys.executable, "-m", "benchmarks.all_figures", "--side", way, "--only", ",".join(names)]
        started = time.perf_counter()
        process = subprocess.Popen([*command, "--data", str(data), "--keep", str(kept)])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and way == "crmkpi":
            raise SystemExit(f"{way} failed on {', '.join(names)}")
        runs.wall.append(time.perf_counter() - started)
        runs.cpu.append(usage.ru_utime + usage.ru_stime)
        runs.memory = max(runs.memory, usage.ru_maxrss / 1024)
        if process.returncode:  # by hand, what does not fit has no answer
            print(f"{way} has no answer: its process ended with {process.returncode}", flush=True)
            return {}, {}
        found: tuple[Answers, dict[str, float]] = pickle.loads(kept.read_bytes())
        return found


def known(way: str, figures: dict[str, str]) -> list[str]:
    """The figures that a side can answer."""
    if way == "duckdb":
        from benchmarks.all_by_hand import QUESTIONS

        return [name for name in figures if name in QUESTIONS]
    if way == "pandas":
        from benchmarks import all_by_pandas

        return [name for name in figures if name in all_by_pandas.QUESTIONS]
    return list(figures)


def same(left: Any, right: Any) -> bool:
    """Two numbers agree to the cent and to the ninth digit; absent is like absent."""
    one, two = (math.nan if each is None else float(each) for each in (left, right))
    return (math.isnan(one) and math.isnan(two)) or math.isclose(
        one, two, rel_tol=1e-9, abs_tol=0.005 if abs(one) > 100 else 1e-9
    )


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs between two answers."""
    wrong = [f"{key} {wanted[key]} / {found.get(key)}" for key in KEYS if not same(wanted[key], found.get(key))]
    pairs = zip(wanted["trend"], found["trend"], strict=True)
    return wrong + [f"month {number}: {a} / {b}" for number, (a, b) in enumerate(pairs) if not same(a, b)]


def check(found: dict[str, Answers]) -> list[str]:
    """The figures on which the sides do not agree; one without an answer by hand is not compared."""
    wrong = []
    for way, answers in found.items():
        for name, answer in answers.items():
            if answer and name in found["crmkpi"] and (differ := differences(found["crmkpi"][name], answer)):
                wrong.append(name)
                print(f"DIFFERS {name}: {way} from crmkpi: {'; '.join(differ[:6])}", flush=True)
    return wrong


def turns(names: list[str], ways: list[str], data: Path, rounds: int) -> tuple[dict[str, Runs], Seconds]:
    """The sides in turn over the same figures, and the line of the table."""
    runs = {way: Runs() for way in ways}
    seconds: Seconds = {way: {} for way in ways}
    for turn in range(rounds):
        found = {}
        for way in ways:
            found[way], taken = run(way, names, data, runs[way])
            answered = [name for name in names if found[way].get(name)]
            seconds[way] = {name: min(taken[name], seconds[way].get(name, math.inf)) for name in answered}
        if not turn:
            wrong = check(found)
            print(f"the sides agree on {len(names) - len(set(wrong))} of {len(names)} figures", flush=True)
    print(line(len(names), runs), flush=True)
    return runs, seconds


def line(number: int, runs: dict[str, Runs]) -> str:
    """One row of the table."""
    own = runs["crmkpi"]
    parts = [f"all together, {number} figures"]
    for way, each in runs.items():
        part = f"{way} {each.best:7.2f} s {min(each.cpu):7.2f} processor {each.memory:6.0f} MB"
        if way != "crmkpi":
            part += f", crmkpi is {own.best / each.best:5.2f} ({min(own.cpu) / min(each.cpu):5.2f}) of it"
        parts.append(part)
    return " | ".join(parts)


def measure(data: Path, figures: dict[str, str], ways: list[str], rounds: int, every: int) -> None:
    """All together; of it the families, and the costliest figures."""
    for way in ways[1:]:
        missing = [name for name in figures if name not in known(way, figures)]
        print(f"not written by hand in {way}: {', '.join(missing) or 'none'}", flush=True)
    shared = [name for name in figures if all(name in known(way, figures) for way in ways)]
    _, seconds = turns(shared, ways, data, rounds)
    seconds = {way: each for way, each in seconds.items() if each}
    shared = [name for name in shared if all(name in each for each in seconds.values())]
    print(
        "processor seconds of the figures (without the start of the process) " + " ".join(f"{way:>8}" for way in ways)
    )
    print(figure_line(f"the {len(shared)} that all sides answer", shared, seconds))
    for family in sorted({figures[name] for name in shared}):
        print(figure_line(f"family {family}", [name for name in shared if figures[name] == family], seconds))
    for name in sorted(shared, key=lambda each: -seconds["crmkpi"][each])[:every]:
        print(figure_line(name, [name], seconds))


def figure_line(label: str, names: list[str], seconds: Seconds) -> str:
    """What some figures took on each side."""
    taken = [sum(each[name] for name in names) for each in seconds.values()]
    shares = " ".join(f"{taken[0] / other:6.2f}" for other in taken[1:])
    return f"  {label:28} " + " ".join(f"{each:8.2f}" for each in taken) + f"   ratio {shares}"


# data ----------------------------------------------------------------------------------------------
def made(folder: Path, orders: int, layout: str) -> Path:
    """The data folder with its materialised views, made the first time it is asked for."""
    data = folder / f"all-{layout}-{orders}"
    if not (data / "manifest.json").is_file():
        imported(source(folder, orders, layout), data, True)
    return data


def source(folder: Path, orders: int, layout: str) -> Path:
    """The files of the company, made the first time."""
    found = folder / f"source-{layout}-{orders}"
    if not found.is_dir():
        generate(found, orders, layout)
    return found


def imported(found: Path, data: Path, views: bool) -> None:
    """Import the files, with or without the views that are computed once."""
    from crmkpi.facts import materialise
    from crmkpi.sources import import_data

    options: dict[str, Any] = {"finish": materialise} if views else {}
    import_data(found, data, as_of=AS_OF, currency="EUR", **options)


def import_cost(folder: Path, orders: int, layout: str) -> None:
    """What an import costs with and without the views, each in a fresh process."""
    found, taken = source(folder, orders, layout), {}
    for views in (False, True):
        data = folder / f"import-{layout}-{orders}"
        shutil.rmtree(data, ignore_errors=True)
        started = os.times()
        pid = os.fork()
        if not pid:
            imported(found, data, views)
            os._exit(0)
        _, status, usage = os.wait4(pid, 0)
        if status:
            raise SystemExit("the import failed")
        taken[views] = os.times().elapsed - started.elapsed, usage.ru_utime + usage.ru_stime
        size = sum(file.stat().st_size for file in data.rglob("*.parquet")) / 1e6
        label = "with its views" if views else "tables only"
        print(f"import {label:15} {taken[views][0]:7.1f} s {taken[views][1]:7.1f} processor "
              f"{usage.ru_maxrss / 1024:6.0f} MB at most, {size:7.0f} MB of files", flush=True)  # fmt: skip
        shutil.rmtree(data)
    print(f"the views make an import {taken[True][1] / taken[False][1]:.2f} times as long (processor)")


def main() -> None:
    """Read the options, and be one side or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--layout", choices=LAYOUTS, default="day", help="rows by day, or in any order")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="some figures, between commas")
    parser.add_argument("--ways", default="crmkpi,duckdb", help="sides between commas: crmkpi, duckdb, pandas")
    parser.add_argument("--every", type=int, default=20, help="how many of the costliest figures to print")
    parser.add_argument("--import", dest="imports", action="store_true", help="measure the import too")
    parser.add_argument("--folder", type=Path, default=Path(".cache/bench"), help="where companies are made and kept")
    parser.add_argument("--data", type=Path, help="a data folder that is there already")
    parser.add_argument("--side", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        one_side(options.side, options.only.split(","), options.data, options.keep)
        return
    data = options.data or made(options.folder, options.orders, options.layout)
    print(f"{data.name}, load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    from crmkpi.indicators import Library

    figures = {name: figure.no.split(".")[0] for name, figure in Library().figures.items()}
    if options.only:
        figures = {name: figures[name] for name in options.only.split(",")}
    measure(data, figures, options.ways.split(","), options.rounds, options.every)
    if options.imports:
        import_cost(options.folder, options.orders, options.layout)


if __name__ == "__main__":
    main()
