"""Every figure as it is written in pandas for one question: October 2026 for the whole company, seen on the 15th.

With the month before and the year before to the same working day, and a trend of 24 months.
"""

from __future__ import annotations

from typing import Any

from benchmarks.all_pandas import commercial, customers, organisation, portfolio
from benchmarks.all_pandas.base import Files

QUESTIONS = {**commercial.QUESTIONS, **organisation.QUESTIONS, **portfolio.QUESTIONS, **customers.QUESTIONS}


def answer(name: str, files: Files) -> dict[str, Any]:
    """The answer of a figure: value, num, den, amount, n, previous, last_year, trend."""
    return QUESTIONS[name](files)
