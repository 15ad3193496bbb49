"""Several figures side by side, one line per customer (or rep, team...): a portfolio at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crmkpi.facts.result import Result


def sheet(results: Mapping[str, Result], by: Sequence[str]) -> pd.DataFrame:
    """One row per group of any of the answers: the value of each figure in a column of its name.

    A count that has money beside it adds ``<figure>_amount``. Groups with nothing but zeros are no rows; a figure
    without the group has no value there. The groups with the most money come first.
    """
    keys = [f"{name}_id" for name in by]
    labels: dict[tuple[object, ...], dict[str, object]] = {}
    columns: dict[str, dict[tuple[object, ...], object]] = {}
    money: list[str] = []
    for name, result in results.items():
        rows = result.frame
        groups = list(zip(*(_ids(rows[key]) for key in keys), strict=True))
        for group, row in zip(groups, rows[[*by, *keys]].to_dict("records"), strict=True):
            labels.setdefault(group, {str(column): value for column, value in row.items()})
        columns[name] = dict(zip(groups, rows["value"], strict=True))
        if result.figure.unit == "count" and rows["amount"].notna().any():
            columns[f"{name}_amount"] = dict(zip(groups, rows["amount"], strict=True))
            money.append(f"{name}_amount")
        elif result.figure.unit == "money":
            money.append(name)
    frame = pd.DataFrame(list(labels.values()), columns=[*by, *keys])
    for name, values in columns.items():
        frame[name] = pd.Series([values.get(group) for group in labels], index=frame.index, dtype=float)
    seen = frame[list(columns)].fillna(0).ne(0).any(axis=1)
    order = frame[money].abs().max(axis=1).fillna(0) if money else frame[list(columns)].abs().max(axis=1)
    frame = frame[seen].assign(size=order[seen])
    return frame.sort_values("size", ascending=False, kind="stable").drop(columns="size").reset_index(drop=True)


def _ids(column: pd.Series) -> list[object]:
    """Ids as keys: None for the group without one, whatever pandas calls it."""
    return [None if value is None or value != value else value for value in column]
