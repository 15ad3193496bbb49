"""Every figure as a good engineer writes it in DuckDB's SQL for one question: October 2026, the whole company, seen on the 15th.

One query per figure gives the month, the same eleven working days of the month before and of last year, and the 24 months up
to it: a row per span, ``k`` 0, 1, 2, then 3 (November 2024) to 25 (September 2026). Days are literals, nothing is checked,
what is missing has no reason: only the numbers. Each text reads the canonical tables only.
"""

from __future__ import annotations

import math
from typing import Any

import duckdb

from benchmarks.all_by_hand.commercial import QUESTIONS as COMMERCIAL
from benchmarks.all_by_hand.data_health import QUESTIONS as DATA_HEALTH
from benchmarks.all_by_hand.field import QUESTIONS as FIELD
from benchmarks.all_by_hand.organisation import QUESTIONS as ORGANISATION
from benchmarks.all_by_hand.texts import LAST

KEYS = ("value", "num", "den", "amount", "n", "previous", "last_year")
QUESTIONS: dict[str, str] = COMMERCIAL | ORGANISATION | DATA_HEALTH | FIELD
"""The text of each figure: rows k, value, num, den, amount, n."""


def ask(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """The answer of a figure."""
    rows = {
        row[0]: [math.nan if each is None else float(each) for each in row[1:]]
        for row in con.execute(QUESTIONS[name]).fetchall()
    }
    nothing = [math.nan] * 5
    now = rows.get(0, nothing)
    values = [rows.get(k, nothing)[0] for k in range(LAST + 1)]
    answer: dict[str, Any] = dict(zip(KEYS, [*now, values[1], values[2]], strict=True))
    return answer | {"trend": [*values[3:], values[0]]}
