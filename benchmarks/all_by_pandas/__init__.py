"""Every figure as it is written in pandas for one question: October 2026 for the whole company, seen on the 15th.

With the month before and the year before to the same working day, and a trend of 24 months.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.all_by_pandas import commercial, customers, field, organisation, portfolio, prospects, records
from benchmarks.all_by_pandas.base import Files

FAMILIES = [commercial.QUESTIONS, organisation.QUESTIONS | portfolio.QUESTIONS, records.QUESTIONS, prospects.QUESTIONS,
            customers.QUESTIONS, field.QUESTIONS]  # fmt: skip
QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    name: asked for family in FAMILIES for name, asked in family.items()
}
_opened: list[tuple[Path, int, Files]] = []


def answer(name: str, files: dict[str, Path]) -> dict[str, Any]:
    """The answer of a figure: value, num, den, amount, n, previous, last_year, trend.

    What the figures of a family share is made once, and forgotten when a figure of another family is asked.
    """
    family = next(number for number, each in enumerate(FAMILIES) if name in each)
    folder = next(iter(files.values())).parent
    if not _opened or _opened[0][:2] != (folder, family):
        _opened[:] = [(folder, family, Files(folder))]
    return QUESTIONS[name](_opened[0][2])
