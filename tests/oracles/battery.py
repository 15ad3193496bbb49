"""What every family is asked against its oracles: any question, every row of the lists, groups that add up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import crmkpi

from .answers import Data, Spec
from .company import frames
from .comparing import Asked, adds_up, differences, listed, question
from .maker import AS_OF
from .stored import data_of


def opened(tables: dict[str, list[dict]]) -> tuple[Any, Data]:
    """The tables as the engine sees them and as the oracles do."""
    return crmkpi.open(frames(tables), as_of=AS_OF, currency="EUR"), Data(tables)


def imported(folder: Path) -> tuple[Any, Data]:
    """A data folder as the engine sees it and as the oracles do."""
    crm = crmkpi.open(folder)
    return crm, data_of(folder, crm.manifest)


def own(crm: Any, name: str) -> tuple[str, ...]:
    """The dimensions that only this figure has."""
    return tuple(crm.figures[name].dimensions)


def any_question(crm: Any, data: Data, spec: Spec, name: str, questions: int) -> list[Any]:
    """The random questions whose answers are not the oracle's in every number, with what differs."""
    found = []
    for seed in range(questions):
        asked = question(seed, data, spec, AS_OF, own(crm, name))
        if wrong := differences(crm, data, spec, asked):
            found.append((asked, wrong))
    return found


def every_row(crm: Any, data: Data, spec: Spec, name: str) -> list[Any]:
    """The lists that are not the oracle's row by row, and the breakdowns that do not add up."""
    month = Asked(name, "2026-11", AS_OF)
    found: list[Any] = []
    for asked in (month, question(99, data, spec, AS_OF, own(crm, name))):
        found += [(asked, wrong) for wrong in listed(crm, data, spec, asked)]
    for by in ("team",), ("segment", "rep"), own(crm, name)[:1]:
        found += [(by, wrong) for wrong in adds_up(crm, month, by)]
    return found


def alone(tables: dict[str, list[dict]], specs: dict[str, Spec], seed: int) -> list[Any]:
    """One company in a data set of its own, every other figure by turns: a question and a list."""
    crm, data = opened(tables)
    found: list[Any] = []
    for n, name in enumerate(specs):
        if (n + seed) % 2:
            asked = question(seed, data, specs[name], AS_OF, own(crm, name))
            found += [(asked, wrong) for wrong in differences(crm, data, specs[name], asked)]
            found += [(name, wrong) for wrong in listed(crm, data, specs[name], Asked(name, "2026-11", AS_OF))]
    return found


def every_figure(
    crm: Any, data: Data, specs: dict[str, Spec], periods: Sequence[str], by: tuple[str, ...]
) -> list[Any]:
    """What differs on the data's own day: each figure whole and by groups in each period, its list in the first."""
    found: list[Any] = []
    for name, spec in specs.items():
        for text, groups in product(periods, ((), by)):
            asked = Asked(name, text, crm.as_of, groups)
            found += [(asked, wrong) for wrong in differences(crm, data, spec, asked)]
        found += [(name, wrong) for wrong in listed(crm, data, spec, Asked(name, periods[0], crm.as_of))]
    return found
