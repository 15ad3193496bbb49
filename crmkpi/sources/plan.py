"""What casting one column means: layers of SQL, a value, and the cells that are not kept as they were.

A column is cast in layers, each a set of expressions over the ones before, so that nothing is parsed
twice: ``select value from (select *, layer2 from (select *, layer1 from raw))``. Below it: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Layers = list[dict[str, str]]


@dataclass
class Plan:
    """How one column is cast. Every SQL text here is over the raw columns and the layers.

    ``value`` is NULL where a cell does not fit; ``faults`` are (code, condition, detail) for cells that are
    reported, in order of precedence; ``notes`` are (code, rows, detail, examples) found on the way.
    ``key`` is the column's name, ``raw`` the SQL of the cell as it was read.
    """

    value: str
    blank: str
    layers: Layers = field(default_factory=list)
    faults: list[tuple[str, str, str | tuple[str, str]]] = field(default_factory=list)
    notes: list[tuple[str, int, str | tuple[str, str], list[str]]] = field(default_factory=list)
    difference: str = ""


def stack(source: str, layers: Iterable[Layers]) -> str:
    """The FROM text that computes the layers of several columns over ``source``, level by level.

    >>> stack("raw", [[{"a": "x + 1"}], [{"b": "y"}, {"c": "b"}]])
    '(select *, b as c from (select *, x + 1 as a, y as b from raw))'
    """
    levels = list(layers)
    text = source
    for depth in range(max((len(each) for each in levels), default=0)):
        pairs = [pair for each in levels if depth < len(each) for pair in each[depth].items()]
        text = f"(select *, {', '.join(f'{sql} as {name}' for name, sql in pairs)} from {text})"
    return text


def counts(con: Any, source: str, wanted: dict[str, str]) -> dict[str, int]:
    """Count rows of ``source`` by several conditions at once."""
    columns = ", ".join(f"count(*) filter (where {sql})" for sql in wanted.values())
    row = con.execute(f"select {columns} from {source}").fetchone()
    return dict(zip(wanted, row, strict=True))


def examples(con: Any, source: str, shown: str, condition: str) -> list[str]:
    """At most three different cells of ``source`` that meet a condition, as text."""
    some = f"select ({shown})::varchar as e from {source} where {condition} limit 1000"
    return [row[0] for row in con.execute(f"select distinct e from ({some}) order by e limit 3").fetchall()]
