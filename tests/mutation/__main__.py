"""``make mutate``: every mutant, the report in docs/mutation.md; with names, those files' only, and their lines of the report.

It takes most of an hour, so what was found is kept in .cache/mutation.json: a run that was stopped goes on, and a file
that has not changed is not asked again. Delete it when tests were taken away.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from mutation.judge import LIBRARY, killed_by  # noqa: E402 - tests/ is the top of these imports
from mutation.mutants import Mutant, mutants  # noqa: E402

REPORT = HERE.parents[1] / "docs" / "mutation.md"
KEPT = HERE.parents[1] / ".cache" / "mutation.json"
KINDS = ("examples", "oracles", "argued", "alive")


def argued() -> dict[str, str]:
    """The mutants that change nothing that can be seen, and why."""
    with (HERE / "argued.toml").open("rb") as file:
        return dict(tomllib.load(file)["argued"])


def every(names: list[str]) -> list[Mutant]:
    """The mutants of the files named, or of all."""
    items = {**LIBRARY.views, **LIBRARY.figures}
    return [each for name in (names or items) for each in mutants(items[name])]


def main(names: list[str]) -> int:
    """Run, report; 1 when a mutant is neither killed nor argued, or the report has old lines of files that were not named."""
    found, reasons = every(names), argued()
    asked = [each for each in found if each.key not in reasons]  # what is argued is what this judge does not notice
    by = judged(asked)
    alive = [each for each in asked if not by[each.key]]
    for each in alive:
        print(each.key)
    print(f"{len(found)} mutants, {len(alive)} alive and not argued")
    counts = counted(found, by, reasons)
    if names:
        counts = known(REPORT.read_text(encoding="utf-8")) | counts
    everything = every([]) if names else found
    if old := stale(counts, everything):
        print(f"docs/mutation.md is left as it is: it knows other mutants of {', '.join(old)}")
        return 1
    REPORT.write_text(report(counts, [each for each in everything if each.key in reasons], reasons), encoding="utf-8")
    return bool(alive)


def counted(found: list[Mutant], by: dict[str, str], reasons: dict[str, str]) -> dict[str, Counter[str]]:
    """How many mutants of each file are noticed by what, argued or alive."""
    counts: dict[str, Counter[str]] = {}
    for each in found:
        counts.setdefault(each.name, Counter())["argued" if each.key in reasons else by[each.key] or "alive"] += 1
    return counts


def known(page: str) -> dict[str, Counter[str]]:
    """The same, as a report says it."""
    rows = re.findall(r"^\| (\w+) \| \d+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    return {name: Counter(dict(zip(KINDS, map(int, numbers), strict=True))) for name, *numbers in rows}


def stale(counts: dict[str, Counter[str]], everything: list[Mutant]) -> list[str]:
    """The files of which a report has another number of mutants than there are."""
    now = Counter(each.name for each in everything)
    return sorted(name for name in now.keys() | counts.keys() if now[name] != sum(counts.get(name, {}).values()))


def judged(asked: list[Mutant]) -> dict[str, str]:
    """What notices each mutant, by its key: read where it is known, else found out, and kept as it comes."""
    KEPT.parent.mkdir(exist_ok=True)
    kept = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    names = {
        each.key: hashlib.sha256(repr(each.item).replace(str(HERE.parents[1]), "").encode()).hexdigest()[:16]
        for each in asked
    }
    waiting = [each for each in asked if not kept.get(names[each.key])]  # who lives is asked again
    with get_context("spawn").Pool(2) as pool:
        found = pool.imap(killed_by, [each.item for each in waiting], chunksize=4)
        for number, (each, by) in enumerate(zip(waiting, found, strict=True), 1):
            kept[names[each.key]] = by
            if number % 50 == 0 or number == len(waiting):
                KEPT.write_text(json.dumps(kept))
                print(f"{number} of {len(waiting)}", flush=True)
    return {each.key: kept[names[each.key]] for each in asked}


def report(counts: dict[str, Counter[str]], quiet: list[Mutant], reasons: dict[str, str]) -> str:
    """The page: how many of each file, killed by what; those that nothing kills, with the reason."""
    total = sum(counts.values(), Counter())
    lines = [
        "<!-- Made by `make mutate`. -->\n", "# Mutants of the SQL files\n",
        f"{sum(total.values())} changes of one operator, boundary, constant, condition, branch, join, setting or alert: "
        f"{total['examples']} are noticed by a golden example, {total['oracles']} more by the oracles on random companies, "
        f"{total['argued']} change nothing that can be seen (below), {total['alive']} are alive.\n",
        f"| file | mutants | {' | '.join(KINDS)} |", "|---|---|---|---|---|---|",
        *(f"| {name} | {sum(row.values())} | {' | '.join(str(row[kind]) for kind in KINDS)} |" for name, row in sorted(counts.items())),
        "\n## Argued\n", "| mutant | why it changes nothing |", "|---|---|",
        *(f"| `{_cell(each.key)}` | {_cell(reasons[each.key])} |" for each in quiet),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
