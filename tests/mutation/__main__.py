"""``make mutate``: every mutant, the report in docs/mutation.md; with names, only those files' and their survivors."""

from __future__ import annotations

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
    with get_context("spawn").Pool(2) as pool:
        by = dict(
            zip(
                [each.key for each in asked],
                pool.map(killed_by, [each.item for each in asked], chunksize=8),
                strict=True,
            )
        )
    results = [by.get(each.key, "") for each in found]
    alive = [each for each, by in zip(found, results, strict=True) if not by and each.key not in reasons]
    for each in alive:
        print(each.key)
    print(f"{len(found)} mutants, {len(alive)} alive and not argued")
    if not names:
        REPORT.write_text(report(found, results, reasons), encoding="utf-8")
    return bool(alive)


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
