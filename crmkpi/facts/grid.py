"""Numbers by ask and group, as arrays: rows are asks, columns are groups, the first group is the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkpi.calendar import Period
from crmkpi.facts.spans import Span, span

Group = tuple[str | None, ...]
Numbers = npt.NDArray[np.float64]
WHOLE = "whole"
OK, PARTIAL, UNAVAILABLE = 0, 1, 2
STATUS = np.array(["ok", "partial", "unavailable"], dtype=object)


@dataclass(frozen=True)
class Ask:
    """A period as seen at the close of a day."""

    period: Period
    as_of: date

    def span(self, key: int) -> Span:
        """The days that count."""
        return span(key, self.period, self.as_of)


@dataclass
class Sums:
    """The additive columns of a figure: ``at[name][ask, group]``; ``sql`` and ``params`` are what ran.

    ``lacks`` says how many facts lack what: ask, group, code, count.
    """

    groups: list[Group | str]
    at: dict[str, Numbers]
    lacks: list[tuple[int, Group | str, str, int]]
    sql: str = ""
    params: dict[str, object] = field(default_factory=dict)

    def on(self, groups: Sequence[Group | str]) -> dict[str, Numbers]:
        """The columns over other groups; zero for those without facts."""
        if list(groups) == self.groups:
            return self.at
        place = {group: number for number, group in enumerate(self.groups)}
        index = np.array([place.get(group, -1) for group in groups])
        return {name: np.where(index >= 0, values[:, index], 0.0) for name, values in self.at.items()}


@dataclass
class Grid:
    """Values by ask and group, with status, coverage and reasons.

    ``empty`` says that there was no fact at all (which is not a lack of data), ``dead`` that nothing can be
    known of an ask (before the data begin, no such table).
    """

    groups: list[Group | str]
    at: dict[str, Numbers]
    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.object_]
    empty: npt.NDArray[np.bool_]
    dead: npt.NDArray[np.bool_]
    sql: list[str] = field(default_factory=list)
    params: list[dict[str, object]] = field(default_factory=list)
    target_reason: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty((0, 0), dtype=object))

    def __getitem__(self, name: str) -> Numbers:
        """One column; no value anywhere where the figure has none such."""
        return self.at[name] if name in self.at else np.full(self.status.shape, np.nan)


def merged(*lists: Iterable[Group | str]) -> list[Group | str]:
    """Groups of several lists, each once, the whole first."""
    return list(dict.fromkeys([WHOLE, *(group for groups in lists for group in groups)]))


def add_reason(reason: npt.NDArray[np.object_], where: Any, text: str) -> None:
    """Add a sentence to the reasons of some cells."""
    if text:
        reason[where] = [f"{old}; {text}" if old else text for old in np.atleast_1d(reason[where])]
