"""A question as it is asked: names in a list, filters that exist; and the fixed columns of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import GRAINS
from crmkpi.errors import unknown
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import names
from crmkpi.facts.measure import Filters
from crmkpi.facts.result import row_columns
from crmkpi.facts.spans import OTHERS
from crmkpi.indicators import Figure

Words = str | Iterable[str] | None
OVERLAP = (
    "l'argent d'un client compte une fois par groupe : les groupes se recoupent",
    "a customer's money counts once in each group: the groups overlap",
)


def words(given: Words) -> list[str]:
    """One name, several, or names between commas, as a list."""
    if given is None:
        return []
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return [str(each) for each in given]


def filters(figure: Figure, where: Mapping[str, Words] | None) -> Filters:
    """The filters as lists; UsageError for a dimension that the figure has not."""
    found: Filters = {}
    for name, given in (where or {}).items():
        if name not in names(figure) or name in GRAINS:
            raise unknown(f"filter of {figure.name}", name, [each for each in names(figure) if each not in GRAINS])
        found[name] = [given] if isinstance(given, str) else [str(each) for each in given or []]
    return {name: wanted for name, wanted in found.items() if wanted}


def overlaps(base: Base, figure: Figure) -> bool:
    """Whether amounts count once per customer, so that those of groups do not add up to the whole's."""
    return not figure.inputs and "once" in base.columns(figure)


def extra_columns(figure: Figure) -> list[str]:
    """The columns of an answer beyond the fixed ones: medians and the like, what the comparisons are made of."""
    parts = [f"{role}_{part}" for role in OTHERS for part in ("num", "den", "amount", "n")]
    return [*(each.name for each in figure.beside), *parts]


def shaped(rows: pd.DataFrame, shown: list[str], extra: list[str]) -> pd.DataFrame:
    """The columns of an answer, always the same ones, in their order."""
    texts = {"status", "reason", "target_status", "target_reason", *shown}
    wanted = [*shown, *row_columns(extra)]
    none: dict[str, Any] = {name: "" if name in texts else np.nan for name in wanted if name not in rows}
    there = set(rows.columns)
    columns = {name: rows[name] if name in there else none[name] for name in wanted}
    return pd.DataFrame(columns, index=rows.index).reset_index(drop=True)
