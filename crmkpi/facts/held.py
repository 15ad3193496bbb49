"""One team's or rep's sums, read off those of all: a page goes from one to the next, and the data are asked once.

Only for a base that says so (``by_place``): a single question is asked as it is. Below it: :mod:`crmkpi.facts.measure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES
from crmkpi.facts.grid import WHOLE, Ask, Group, Numbers, Sums
from crmkpi.facts.measure import Filters, ids, is_known, measure, question, text
from crmkpi.indicators import Figure

_MANY = ("customer", "product")
"""Dimensions of so many groups that those of one rep are better asked for alone, unless they are known of all."""
MANY = "sums wanted"
"""What is remembered to have been asked alone."""
_MOST = 50_000
"""How many groups are held at most."""


def sums(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> Sums:
    """The sums of a figure by dimensions, under filters; those of one place come from the groups of all places."""
    places = (
        [name for name in PLACES if name in where and len(ids(base, name, where[name])) == 1]
        if base.by_place and where
        else []
    )
    if not places:
        return measure(base, figure, asks, by, where)
    wanted: Group = tuple(ids(base, name, where[name])[0] for name in places)
    others = {name: values for name, values in where.items() if name not in places}
    every = [*places, *(name for name in by if name not in places)]
    if set(by) & set(_MANY):
        if not others:
            base.cache[MANY, figure.name, figure.beside, tuple(asks), tuple(places), tuple(every)] = None
        if not is_known(base, figure, asks, every, others):
            return measure(base, figure, asks, by, where)
    found = _taken(measure(base, figure, asks, places, others), {wanted: WHOLE})
    if by:
        parts = measure(base, figure, asks, every, others)
        inside = [group for group in parts.groups if group != WHOLE and group[: len(wanted)] == wanted]
        place = [every.index(name) for name in by]
        names: dict[Group | str, Group | str] = {group: tuple(group[each] for each in place) for group in inside}
        found = _beside(found, _taken(parts, names)) if names else found
    found.sql, found.params = text(base, figure, asks, by, where)
    return found


def hold(base: Base, name: str, beside: Any, asks: Sequence[Ask], places: Sequence[str], every: Sequence[str]) -> None:
    """Remember the sums of many groups of every place at once, unless they are very many."""
    figure = replace(base.figure(name), beside=beside)
    measure(base, figure, asks, places, {})
    if len(measure(base, figure, asks, every, {}).groups) > _MOST:
        base.cache.pop(question(figure, asks, every, {}))


def _taken(sums: Sums, names: dict[Group | str, Group | str]) -> Sums:
    """Some groups under other names; zero for those without facts."""
    lacks = [(key, names[group], code, n) for key, group, code, n in sums.lacks if group in names]
    return Sums(list(names.values()), sums.on(list(names)), lacks)


def _beside(first: Sums, second: Sums) -> Sums:
    at: dict[str, Numbers] = {name: np.hstack([first.at[name], second.at[name]]) for name in first.at}
    return Sums([*first.groups, *second.groups], at, [*first.lacks, *second.lacks])
