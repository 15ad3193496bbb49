"""Family 1 against the same answers written by hand in DuckDB's SQL and in pandas.

    python -m benchmarks.family1 --orders 10000000

Each answer is asked in a process of its own, so Python, imports, opening and reading are part of its time; the three
ways take turns, and their answers must agree to the cent. Printed are seconds by the clock (best and median of the
rounds), the processor's, and the peak memory of the process; then what a change of filter costs in a warm process.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import by_hand_duckdb as by_hand
from benchmarks.company import LAYOUTS, company
from benchmarks.one_answer import QUESTION, WAYS

LIMIT, ALLOWED = 1.3, 0.05
"""An answer may take 1.3 times the query written by hand, and 50 ms."""


@dataclass
class Runs:
    """What the runs of one way took: seconds by the clock and of the processor, and the highest memory in MB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def best(self) -> float:
        """The fastest run."""
        return min(self.wall)


def run(way: str, name: str, data: Path, runs: Runs | None = None, keep: Path | None = None) -> None:
    """Ask one answer in a new process, and note what it took."""
    command = [sys.executable, "-m", "benchmarks.one_answer", way, name, str(data), *([str(keep)] if keep else [])]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    if runs is not None:
        runs.wall.append(time.perf_counter() - started)
        runs.cpu.append(usage.ru_utime + usage.ru_stime)
        runs.memory = max(runs.memory, usage.ru_maxrss / 1024)


def check(name: str, data: Path, ways: Iterable[str]) -> None:
    """The answers of every way agree, to the cent and to the ninth digit."""
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for way in ways:
            file = Path(scratch) / way
            run(way, name, data, keep=file)
            found[way] = pickle.loads(file.read_bytes())
    for figure, wanted in found["crmkpi"].items():
        for way, answers in found.items():
            differ = differences(wanted, answers[figure], figure)
            assert not differ, f"{figure}: {way} differs from crmkpi in {', '.join(differ)}"


def differences(left: pd.DataFrame, right: pd.DataFrame, figure: str) -> list[str]:
    """The columns in which two answers differ."""
    columns = [*by_hand.NUMBERS, *by_hand.BESIDE.get(figure, ())]
    one, two = (
        frame.assign(team=frame["team"].astype(str)).set_index("team")[columns].sort_index().astype(float)
        for frame in (left, right)
    )
    if list(one.index) != list(two.index):
        return ["team"]
    return [c for c in columns if not np.allclose(one[c], two[c], rtol=1e-9, atol=0.005, equal_nan=True)]


def fresh(data: Path, names: list[str], rounds: int, ways: list[str]) -> dict[str, dict[str, Runs]]:
    """Each figure in processes of its own, every way in turn."""
    results: dict[str, dict[str, Runs]] = {}
    print(
        f"{'seconds (best)':20} "
        + " ".join(f"{way:>8}" for way in ways)
        + "   of DuckDB (processor)   of pandas   memory MB"
    )
    for name in names:
        check(name, data, ways)
        results[name] = {way: Runs() for way in ways}
        for _ in range(rounds):
            for way in ways:
                run(way, name, data, results[name][way])
        print(line(name, results[name]), flush=True)
    return results


def line(name: str, runs: dict[str, Runs]) -> str:
    """One row of the table."""
    own, hand = runs["crmkpi"], runs["duckdb"]
    kept = own.best <= LIMIT * hand.best + ALLOWED
    shares = f"{own.best / hand.best:5.2f} ({min(own.cpu) / min(hand.cpu):4.2f}) {'' if kept else 'OVER':4} "
    shares += f"{own.best / runs['pandas'].best:9.2f}" if "pandas" in runs else " " * 9
    times = " ".join(f"{each.best:8.2f}" for each in runs.values())
    return f"{name:20} {times}  {shares}   " + " ".join(f"{each.memory:6.0f}" for each in runs.values())


def summary(results: dict[str, dict[str, Runs]]) -> str:
    """The family together."""
    ways = list(next(iter(results.values())))
    total = {way: sum(each[way].best for each in results.values()) for way in ways}
    middle = {way: sum(statistics.median(each[way].wall) for each in results.values()) for way in ways}
    cpu = {way: sum(min(each[way].cpu) for each in results.values()) for way in ways}
    memory = {way: max(each[way].memory for each in results.values()) for way in ways}
    rows = []
    for what, found in (("seconds, best", total), ("median", middle), ("processor", cpu), ("peak memory, MB", memory)):
        ratios = ", ".join(f"{found['crmkpi'] / found[way]:.2f} of {way}" for way in ways if way != "crmkpi")
        rows.append(f"{what:16} " + " ".join(f"{way} {found[way]:.1f}" for way in ways) + f"   crmkpi is {ratios}")
    return "\n".join(rows)


def filter_change(data: Path, rounds: int) -> str:
    """Another team in a warm process, over all of family 1: crmkpi beside the queries on one connection."""
    import duckdb

    import crmkpi

    crm, con = crmkpi.open(data), duckdb.connect()
    names = list(by_hand.QUESTIONS)

    def own(team: str) -> None:
        for name in names:
            crm.kpi(name, where={"team": [team]}, **QUESTION)

    def hand(team: str) -> None:
        for name in names:
            con.sql(by_hand.text(name, data, f"team = '{team}'")).df()

    times: dict[str, list[float]] = {"own": [], "hand": []}
    for turn in range(rounds + 1):  # the first one warms up
        for way, ask in (("own", own), ("hand", hand)):
            started = time.perf_counter()
            ask(f"Team {turn}")
            times[way].append(time.perf_counter() - started)
    own_best, hand_best = min(times["own"][1:]), min(times["hand"][1:])
    return (
        f"a change of filter, {len(names)} figures: crmkpi {own_best:.2f} s, by hand {hand_best:.2f} s, ratio "
        f"{own_best / hand_best:.2f} (of medians {statistics.median(times['own'][1:]) / statistics.median(times['hand'][1:]):.2f})"
    )


def main() -> None:
    """Read the options, make the data where they are absent, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, default=10_000_000, help="orders of the company (10 million)")
    parser.add_argument(
        "--filter-orders", type=int, default=1_000_000, help="orders for the change of filter (1 million)"
    )
    parser.add_argument("--layout", choices=LAYOUTS, default="day", help="rows by day, or in any order")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="some figures, between commas")
    parser.add_argument("--no-pandas", action="store_true", help="only beside DuckDB")
    parser.add_argument("--data", type=Path, default=Path(".cache/bench"), help="where the companies are made and kept")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(by_hand.QUESTIONS)
    ways = [way for way in WAYS if not (options.no_pandas and way == "pandas")]
    data = company(options.data, options.orders, options.layout)
    print(
        f"{options.orders:,} orders, rows by {options.layout}; load of the machine {os.getloadavg()[0]:.1f}", flush=True
    )
    results = fresh(data, names, options.rounds, ways)
    print(summary(results), flush=True)
    if not options.only:
        print(filter_change(company(options.data, options.filter_orders, options.layout), options.rounds))
    print(f"load of the machine at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
