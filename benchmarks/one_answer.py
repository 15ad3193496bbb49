"""One answer in a process of its own: ``python -m benchmarks.one_answer WAY NAME DATA [FILE]``.

WAY is crmkpi, duckdb or pandas; NAME a figure of family 1, or ``all`` of them. Nothing that the way does not need is
imported. With FILE the answers are kept there, to be compared.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

QUESTION: dict[str, Any] = {"period": "2026-10", "by": "team", "compare": "previous,last_year,target"}


def by_crmkpi(names: list[str], data: Path) -> list[Any]:
    """The answers of the product."""
    import crmkpi

    crm = crmkpi.open(data)
    return [crm.kpi(name, **QUESTION).frame for name in names]


def by_duckdb(names: list[str], data: Path) -> list[Any]:
    """The answers of the queries written by hand."""
    import duckdb

    from benchmarks.by_hand_duckdb import text

    with duckdb.connect() as con:
        return [con.sql(text(name, data)).df() for name in names]


def by_pandas(names: list[str], data: Path) -> list[Any]:
    """The answers of pandas."""
    from benchmarks.by_hand_pandas import QUESTIONS, Files

    files = Files(data)
    return [QUESTIONS[name](files) for name in names]


WAYS = {"crmkpi": by_crmkpi, "duckdb": by_duckdb, "pandas": by_pandas}


def main() -> None:
    """Answer, and keep the answers where a file is named."""
    way, name, data, *file = sys.argv[1:]
    from benchmarks.by_hand_duckdb import QUESTIONS

    names = list(QUESTIONS) if name == "all" else [name]
    answers = WAYS[way](names, Path(data))
    if file:
        import pickle

        Path(file[0]).write_bytes(pickle.dumps(dict(zip(names, answers, strict=True))))


if __name__ == "__main__":
    main()
