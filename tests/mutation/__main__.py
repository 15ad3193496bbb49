"""``make mutate``: every mutant, the report in docs/mutation.md; with names, only those files' and their survivors.

It takes most of an hour, so what was found is kept in .cache/mutation.json: a run that was stopped goes on, and a file
that has not changed is not asked again. Delete it when tests were taken away.
"""

from __future__ import annotations

import hashlib
import json
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


def argued() -> dict[str, str]:
    """The mutants that change nothing that can be seen, and why."""
    with (HERE / "argued.toml").open("rb") as file:
        return dict(tomllib.load(file)["argued"])


def every(names: list[str]) -> list[Mutant]:
    """The mutants of the files named, or of all."""
    items = {**LIBRARY.views, **LIBRARY.figures}
    return [each for name in (names or items) for each in mutants(items[name])]


def main(names: list[str]) -> int:
    """Run, report; 1 when a mutant is neither killed nor argued."""
    found, reasons = every(names), argued()
    asked = [each for each in found if each.key not in reasons]  # what is argued is what this judge does not notice
    by = judged(asked)
    results = [by.get(each.key, "") for each in found]
    alive = [each for each, by in zip(found, results, strict=True) if not by and each.key not in reasons]
    for each in alive:
        print(each.key)
    print(f"{len(found)} mutants, {len(alive)} alive and not argued")
    if not names:
        REPORT.write_text(report(found, results, reasons), encoding="utf-8")
    return bool(alive)


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


def report(found: list[Mutant], results: list[str], reasons: dict[str, str]) -> str:
    """The page: how many of each file, killed by what; those that nothing kills, with the reason."""
    counts: dict[str, Counter[str]] = {}
    for each, by in zip(found, results, strict=True):
        counts.setdefault(each.name, Counter())[by or ("argued" if each.key in reasons else "alive")] += 1
    kinds = ("examples", "oracles", "argued", "alive")
    quiet = [each for each, by in zip(found, results, strict=True) if not by]
    total = sum(counts.values(), Counter())
    lines = [
        "<!-- Made by `make mutate`. -->\n", "# Mutants of the SQL files\n",
        f"{len(found)} changes of one operator, boundary, constant, condition, branch, join, setting or alert: "
        f"{total['examples']} are noticed by a golden example, {total['oracles']} more by the oracles on random companies, "
        f"{total['argued']} change nothing that can be seen (below), {total['alive']} are alive.\n",
        f"| file | mutants | {' | '.join(kinds)} |", "|---|---|---|---|---|---|",
        *(f"| {name} | {sum(row.values())} | {' | '.join(str(row[kind]) for kind in kinds)} |" for name, row in sorted(counts.items())),
        "\n## Argued\n", "| mutant | why it changes nothing |", "|---|---|",
        *(f"| `{_cell(each.key)}` | {_cell(reasons[each.key])} |" for each in quiet if each.key in reasons),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
