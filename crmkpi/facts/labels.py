"""Names for groups: each id beside its label, and words for the group without one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import NONE_WORDS, values_sql
from crmkpi.indicators import Figure


def labelled(base: Base, figure: Figure, rows: pd.DataFrame, dimensions: Sequence[str]) -> pd.DataFrame:
    """The rows with each dimension's id and label; a group without one is named so."""
    rows = rows.copy()
    for number, name in enumerate(dimensions):
        ids = [None if each is None or each != each else each for each in rows[f"d{number}"]]
        shown, own = labels(base, name), name in figure.dimensions
        none = base.say(*NONE_WORDS.get(name, ("non renseigné", "not filled")))
        rows[f"{name}_id"] = pd.Series(ids, index=rows.index, dtype=object)
        words = [
            none if each is None else shown.get(each) or (base.words(figure, str(each)) if own else each)
            for each in ids
        ]
        rows[name] = pd.Series(words, index=rows.index, dtype=object)
    return rows


def labels(base: Base, name: str) -> dict[str, str]:
    """What the reps, or the customers, are called, by id; nothing for other dimensions, whose ids are their names."""
    if name not in ("rep", "customer"):
        return {}
    key = ("labels", name)
    if key not in base.cache:
        frame = base.engine.query(values_sql(name, base.engine), {})
        base.cache[key] = dict(zip(frame["id"], frame["label"].fillna(frame["id"]), strict=True))
    return base.cache[key]


def values(base: Base, name: str) -> pd.DataFrame:
    """The values of a dimension, ``id`` and ``label``, in the order of their labels."""
    key = ("values", name)
    if key not in base.cache:
        found = base.engine.query(values_sql(name, base.engine), {})
        base.cache[key] = found.dropna().sort_values(["label", "id"], ignore_index=True)
    return base.cache[key]
