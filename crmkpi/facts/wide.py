"""What a value compares with: its target, the previous period, last year; and the frame of it all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkpi.errors import unknown
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES
from crmkpi.facts.grid import OK, PARTIAL, STATUS, UNAVAILABLE, WHOLE, Ask, Grid, Group
from crmkpi.facts.measure import Filters, ids
from crmkpi.facts.scoped import target_scope
from crmkpi.facts.spans import COMPARISONS, OTHERS, against
from crmkpi.facts.targets import Target, Targets
from crmkpi.facts.values import is_sum, values
from crmkpi.indicators import Figure

_BESIDE = ("num", "den", "amount", "n")


def wide(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, compare: Sequence[str]
) -> Grid:
    """The values of a figure with its comparisons, for every group that has facts or a target."""
    for name in compare:
        if name not in COMPARISONS:
            raise unknown("comparison", name, COMPARISONS)
    return beside(
        base, figure, asks, by, where, compare, targeted(base, figure, asks, by, where) if "target" in compare else ()
    )


def beside(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, compare: Sequence[str],
    groups: Sequence[Group | str],
) -> Grid:  # fmt: skip
    """The values with the columns of each comparison beside them."""
    every = list(asks)
    found: dict[str, list[int]] = {}
    for role in OTHERS:
        if role in compare:
            others = [against(ask.period, ask.as_of, role, 0, base.working) for ask in asks]
            found[role] = [
                -1 if other is None else len(every) + sum(o is not None for o in others[:key])
                for key, other in enumerate(others)
            ]
            every += [Ask(other.period, other.seen) for other in others if other]
    grid = values(base, figure, every, by, where, groups)
    columns = {name: array[: len(asks)].copy() for name, array in grid.at.items()}
    for role, places in found.items():
        columns[role] = _taken(grid["value"], places)
        columns |= {f"{role}_{name}": _taken(grid[name], places) for name in _BESIDE}
        if not figure.inputs and not is_sum(base, figure):  # a ratio without facts adds up to 0 / 0
            blank = _taken(grid.empty.astype(float), places) == 1
            for name in ("num", "den"):
                columns[f"{role}_{name}"] = np.where(blank, 0.0, columns[f"{role}_{name}"])
    now = slice(0, len(asks))
    result = Grid(
        grid.groups,
        columns,
        grid.status[now].copy(),
        grid.reason[now].copy(),
        grid.empty[now],
        grid.dead[now],
        grid.sql,
        grid.params,
    )
    if "target" in compare:
        _add_targets(base, figure, result, asks, by, where)
    return result


def _taken(array: np.ndarray, places: Sequence[int]) -> np.ndarray:
    """The rows at ``places``; no value where there is nothing to compare with."""
    rows = np.array([array[place] if place >= 0 else np.full(array.shape[1], np.nan) for place in places])
    return rows.reshape(len(places), array.shape[1])


# targets ------------------------------------------------------------------------------------------
def targets(base: Base) -> Targets:
    """The targets of the data, read once."""
    if "targets" not in base.cache:
        base.cache["targets"] = Targets(base)
    held: Targets = base.cache["targets"]
    held.base = base
    return held


def _scope(by: Sequence[str], where: Filters) -> tuple[str | None, bool]:
    """At which scope the groups take their target (None: at none), and whether it is a dimension asked for."""
    if any(name not in PLACES for name in [*by, *where]):
        return None, False
    placed = [name for name in PLACES if name in by or name in where]
    if not placed:
        return "company", False
    finest = placed[-1]
    return (finest, finest in by) if finest in by or not by else (None, False)


def _whole(base: Base, where: Filters) -> tuple[str | None, list[str | None]]:
    """At which scope, and of whom, the whole takes its target: of what the filters leave, else of what the data are of."""
    scope = _scope((), where)[0]
    if scope == "company":
        return target_scope(base.engine)
    return scope, ids(base, scope, where[scope]) if scope in where else [None]


def targeted(base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters) -> list[Group | str]:
    """The groups that have a target: they are shown even with nothing sold."""
    scope, asked = _scope(by, where)
    if not asked or len(by) != 1 or not figure.target or scope is None:
        return []
    held = targets(base)
    allowed = _allowed(base, scope, where)
    found = sorted({who for ask in asks for who in held.groups(figure, scope, ask.period)}, key=lambda who: who or "")
    return [(who,) for who in found if allowed is None or who in allowed]


def _allowed(base: Base, scope: str, where: Filters) -> set[object] | None:
    """The members of a scope that the filters leave, by the users of today; None: all."""
    if not where:
        return None
    kept = targets(base).users
    for name, wanted in where.items():
        kept = [user for user in kept if user[name] in ids(base, name, wanted)]
    named = set(ids(base, scope, where[scope])) if scope in where else set()
    return {user[scope] for user in kept} | named


def _add_targets(
    base: Base, figure: Figure, grid: Grid, asks: Sequence[Ask], by: Sequence[str], where: Filters
) -> None:
    """Put the targets beside the values: whole, to date, attainment, and what they lack."""
    held = targets(base)
    shape = grid.status.shape
    scope, asked = _scope(by, where)
    whole_scope, total = _whole(base, where)
    place = list(by).index(scope) if asked and scope else -1
    whole, to_date = np.full(shape, np.nan), np.full(shape, np.nan)
    status, reason = np.full(shape, UNAVAILABLE, dtype=np.int8), np.full(shape, "", dtype=object)
    complete = np.zeros(shape, dtype=bool)
    for key, ask in enumerate(asks):
        none = held.of(figure, None, [], ask.period, ask.as_of)
        for number, group in enumerate(grid.groups):
            if group == WHOLE:
                found = held.of(figure, whole_scope, total, ask.period, ask.as_of)
            elif place < 0:
                found = none
            else:
                found = held.of(figure, scope, [group[place]], ask.period, ask.as_of)
            cell = key, number
            whole[cell], to_date[cell] = _number(found.whole), _number(found.to_date)
            status[cell], reason[cell], complete[cell] = _code(found), found.reason, found.complete
    with np.errstate(all="ignore"):
        due = np.where(complete & (to_date != 0), to_date, np.nan)
        attainment = grid["value"] / due
    grid.at |= {"target": np.round(whole, 6), "target_to_date": np.round(to_date, 6), "attainment": attainment}
    grid.at["target_status"], grid.at["target_complete"] = status.astype(float), complete.astype(float)
    grid.status[(status == PARTIAL) & (grid.status == OK)] = PARTIAL
    grid.target_reason = reason
    if figure.target:
        pairs = zip(grid.reason.ravel(), reason.ravel(), strict=True)
        joined = ["; ".join(dict.fromkeys(part for part in pair if part)) for pair in pairs]
        grid.reason = np.array(joined, dtype=object).reshape(shape)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _code(target: Target) -> int:
    return {"ok": OK, "partial": PARTIAL}.get(target.status, UNAVAILABLE)


def frame(grid: Grid, by: Sequence[str], keep_whole: bool) -> pd.DataFrame:
    """The grid as rows: ``key`` of the ask, ``d0``..., and the columns of an answer.

    Groups without facts, comparison nor target are not rows; the whole is a row only if ``keep_whole``.
    """
    asks, groups = grid.status.shape
    key, number = np.repeat(np.arange(asks), groups), np.tile(np.arange(groups), asks)
    present = ~grid.empty.ravel() | (number == 0)
    for name in ("previous_n", "last_year_n", "target"):
        if name in grid.at:
            present |= np.nan_to_num(grid.at[name].ravel()) != 0
    present &= (number != 0) | keep_whole
    columns: dict[str, object] = {"key": key[present]}
    for place in range(len(by)):
        ids_ = np.array([None if group == WHOLE else group[place] for group in grid.groups], dtype=object)
        columns[f"d{place}"] = ids_[number[present]]
    columns |= {name: array.ravel()[present] for name, array in grid.at.items()}
    columns |= {"status": STATUS[grid.status.ravel()[present]], "reason": grid.reason.ravel()[present]}
    if "target_status" in grid.at:
        columns["target_status"] = STATUS[grid.at["target_status"].ravel()[present].astype(int)]
        columns["target_reason"] = grid.target_reason.ravel()[present]
    columns["n"] = grid["n"].ravel()[present].astype(int)
    return pd.DataFrame(columns)
