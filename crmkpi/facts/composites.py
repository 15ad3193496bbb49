"""Composites: formulas over the values of other figures and their targets, at the same ask and group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import ALL, Period, unit
from crmkpi.errors import DataError
from crmkpi.facts.base import Base
from crmkpi.facts.grid import OK, PARTIAL, UNAVAILABLE, Ask, Grid, Group, merged
from crmkpi.facts.measure import Filters
from crmkpi.facts.spans import trailing
from crmkpi.facts.values import not_begun
from crmkpi.indicators import Figure
from crmkpi.indicators.header import input_name

_GIVEN = ("num", "den", "value", "amount", "n", "target", "target_to_date", "previous", "previous_num", "previous_den",
          "previous_amount")  # fmt: skip


def composite(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, groups: Sequence[Group | str]
) -> Grid:
    """A formula over other figures: its SELECT runs over their values, for the same groups."""
    inputs = [_input(base, text) for text in figure.inputs]
    asked = [(each.source, each.asks(base, asks)) for each in inputs]
    compare = [name for name in ("target", "previous") if re.search(rf"\b{name}", figure.sql)]
    from crmkpi.facts.wide import beside, targeted  # wide asks for values, a composite for wide ones

    plain = [name for name in compare if name != "target"]
    first = [beside(base, source, seen, by, where, plain, ()).groups for source, seen in asked]
    if "target" in compare:  # who has a target and nothing else is there too
        first += [targeted(base, source, seen, by, where) for source, seen in asked]
    every = merged(groups, *first)
    grids = [beside(base, source, seen, by, where, compare, every) for source, seen in asked]
    shape = (len(asks), len(every))
    settings = {name: value for name, value in base.settings.items() if f"${name}" in figure.sql}
    read = set(re.findall(r"[a-z_]\w*", figure.sql))  # a frame of all columns costs more than the formula
    frames = {each.source.name: _frame(base, asks, each, grid, read) for each, grid in zip(inputs, grids, strict=True)}
    found = base.engine.query(figure.sql, settings, **frames)
    if not {"period", "grp", "value"} <= set(found):
        raise DataError(f"{figure.name}.sql: a composite gives the columns period, grp and value")
    cell = found["period"].to_numpy(int), found["grp"].to_numpy(int)
    at = {name: np.full(shape, np.nan) for name in ("num", "den", "value", "amount")}
    for name in at.keys() & set(found):
        at[name][cell] = pd.to_numeric(found[name], errors="coerce").to_numpy(float)
    at["value"][~np.isfinite(at["value"])] = np.nan
    code = np.full(shape, None, dtype=object)
    if "missing" in found:
        code[cell] = found["missing"].to_numpy(object)
    grids = [_folded(grid, each.each) if each.each else grid for each, grid in zip(inputs, grids, strict=True)]
    grid = _weakest(base, figure, every, at, code, grids)
    _blank_unknown(base, grid, asks, grids)
    grid.sql = [text for each in grids for text in each.sql] + [figure.sql]
    grid.params = [params for each in grids for params in each.params]
    return grid


def _blank_unknown(base: Base, grid: Grid, asks: Sequence[Ask], inputs: list[Grid]) -> None:
    """No number where the period has not begun, nor beside a value that a dead input takes away."""
    lost = np.isnan(grid["value"]) & np.any([each.dead for each in inputs], axis=0)[:, None]
    for key, ask in enumerate(asks):
        if not ask.span(0).begun:
            lost[key] = True
            grid.status[key], grid.reason[key], grid.dead[key] = UNAVAILABLE, not_begun(base, ask), True
            grid.at["value"][key], grid.at["coverage"][key], grid.at["n"][key] = np.nan, 0.0, 0.0
    for name in ("num", "den", "amount"):
        grid.at[name][lost] = np.nan


@dataclass(frozen=True)
class Input:
    """What a composite reads: a figure over the period asked, ``months`` up to its day, or each of ``each`` months back."""

    source: Figure
    months: int = 0
    each: int = 0

    def asks(self, base: Base, asks: Sequence[Ask]) -> Sequence[Ask]:
        """The questions to ask of the figure."""
        if self.each:
            return [back for ask in asks for back in _months_back(base, ask, self.each)]
        if not self.months:
            return asks
        stretches = [trailing(ask.span(0), self.months) for ask in asks]
        ranges = [Period(f"{each.start}/{each.stop}", each.start, each.stop, "range") for each in stretches]
        return [Ask(period, ask.as_of) for period, ask in zip(ranges, asks, strict=True)]


def _input(base: Base, text: str) -> Input:
    """An input as the header writes it; no median is read."""
    source = replace(base.figure(input_name(text)), beside=())
    return Input(source, int(text.partition(":")[2] or 0), int(text.partition("/")[2] or 0))


def _months_back(base: Base, ask: Ask, months: int) -> list[Ask]:
    """The calendar months up to the day of an ask, the one that holds it first."""
    day = ask.span(0).state
    found = [unit(day, "month", base.fiscal)]
    while len(found) < months:
        found.append(found[-1].previous())
    return [Ask(month, day) for month in found]


def _folded(grid: Grid, months: int) -> Grid:
    """The grid of the months back as one of the asks: what any month lacks, the whole lacks."""
    asks, groups = grid.status.shape[0] // months, grid.status.shape[1]
    by_month = (asks, months, groups)
    dead = grid.dead.reshape(asks, months)
    lacks = ((grid.status != OK) & ~grid.empty).reshape(by_month) & ~dead[:, :, None]
    reasons = np.where(lacks, grid.reason.reshape(by_month), "")
    reason = np.full((asks, groups), "", dtype=object)
    for key, number in np.argwhere(lacks.any(axis=1)):
        reason[key, number] = "; ".join(
            {re.sub(r"\d+", "", text): text for text in reasons[key, :, number] if text}.values()
        )
    at = {
        "n": grid["n"].reshape(by_month).sum(axis=1),
        "coverage": np.where(lacks, grid["coverage"].reshape(by_month), 1.0).min(axis=1),
    }
    status = np.where(lacks.any(axis=1), PARTIAL, OK).astype(np.int8)
    empty, dead = np.all(grid.empty.reshape(by_month), axis=1), np.all(dead, axis=1)
    return Grid(grid.groups, at, status, reason, np.asarray(empty), np.asarray(dead), grid.sql, grid.params)


def _frame(base: Base, asks: Sequence[Ask], given: Input, grid: Grid, read: set[str]) -> pd.DataFrame:
    """An input as a relation: ``period, grp``, its values, and the working days of the period or the month back.

    Of them those that are ``read``.
    """
    rows, groups = grid.status.shape
    columns = {name: grid[name].ravel() for name in _GIVEN if name in read}
    if "target" in grid.at:  # a target that only some members have is no yardstick for the value of all
        for name in {"target", "target_to_date"} & read:
            columns[name] = np.where(grid["target_complete"], grid[name], np.nan).ravel()
    row, timed = np.arange(rows), dict[str, list[Any]]()
    if given.each:
        spans = [ask.span(0) for ask in given.asks(base, asks)]
        timed = {"back": list(row % given.each), "days": [(span.stop - span.start).days for span in spans]}
    else:
        days = [working_days(base, ask) for ask in asks]
        timed = {name: [day[name] for day in days] for name in days[0]}
    columns |= {name: np.repeat(values, groups) for name, values in timed.items() if name in read}
    period = row // given.each if given.each else row
    return pd.DataFrame({"period": np.repeat(period, groups), "grp": np.tile(np.arange(groups), rows), **columns})


def working_days(base: Base, ask: Ask) -> dict[str, float]:
    """The working days of an ask's period: elapsed, left, in all (NaN for ``all``)."""
    if ask.period.grain == ALL.grain:
        return dict.fromkeys(("days_elapsed", "days_total", "days_left"), np.nan)
    total = base.working.count(ask.period.start, ask.period.end)
    elapsed = base.working.count(ask.period.start, ask.span(0).stop) if ask.span(0).begun else 0
    return {"days_elapsed": elapsed, "days_total": total, "days_left": total - elapsed}


def _weakest(
    base: Base, figure: Figure, groups: list[Group | str], at: dict[str, Any], code: Any, inputs: list[Grid]
) -> Grid:
    """A composite's status: without a value unavailable; partial when an input lacks something."""
    none = np.isnan(at["value"])
    reason = np.full(none.shape, "", dtype=object)
    for cell in zip(*np.nonzero(none), strict=True):
        reason[cell] = base.words(figure, code[cell]) if isinstance(code[cell], str) else ""
    weak = np.zeros(none.shape, dtype=bool)
    for grid in inputs:
        lacks = (grid.status != OK) & ~grid.empty
        weak |= lacks
        for cell in zip(*np.nonzero(lacks), strict=True):
            if grid.reason[cell] not in reason[cell]:
                reason[cell] = "; ".join(part for part in (reason[cell], grid.reason[cell]) if part)
    nothing = base.say("rien à mesurer", "nothing to measure")
    reason[none & (reason == "")] = nothing
    at["n"] = inputs[0]["n"]
    at["coverage"] = np.min([grid["coverage"] for grid in inputs], axis=0)
    status = np.where(none, UNAVAILABLE, np.where(weak, PARTIAL, OK)).astype(np.int8)
    dead = np.all([grid.dead for grid in inputs], axis=0)
    return Grid(groups, at, status, reason, none & ~weak, dead)
