"""From sums to values: what a figure is worth for each ask and group, with status, coverage and reason.

A value is ``num``, or ``num / den``; a composite is a formula over the values of other figures at the same
ask and group. Undefined is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import ALL, Period
from crmkpi.errors import DataError
from crmkpi.facts.base import Base
from crmkpi.facts.grid import OK, PARTIAL, UNAVAILABLE, Ask, Grid, Group, Sums, add_reason, merged
from crmkpi.facts.measure import Filters, first_day, measure, undated
from crmkpi.facts.spans import trailing
from crmkpi.indicators import Figure


def values(
    base: Base,
    figure: Figure,
    asks: Sequence[Ask],
    by: Sequence[str],
    where: Filters,
    groups: Sequence[Group | str] = (),
) -> Grid:
    """The values of a figure for each ask, by dimensions, under filters; ``groups`` are there even without facts."""
    if figure.inputs:
        return _composite(base, figure, asks, by, where, groups)
    absent = [table for table in figure.needs if not base.engine.has(table)]
    if absent:
        words = base.say(f"la source n'a pas de table {', '.join(absent)}", f"the source has no {', '.join(absent)}")
        return _nothing(len(asks), merged(groups), words)
    sums = measure(base, figure, asks, by, where)
    every = merged(groups, sums.groups)
    at = sums.on(every)
    grid = _judged(base, figure, every, at)
    grid.sql, grid.params = [sums.sql], [sums.params]
    _explain(base, figure, grid, sums)
    _unknown(base, figure, grid, asks, at)
    _source_reasons(base, figure, grid, asks)
    return grid


def _nothing(asks: int, groups: list[Group | str], why: str) -> Grid:
    shape = (asks, len(groups))
    none = {name: np.full(shape, np.nan) for name in ("num", "den", "value", "amount")}
    zero = {name: np.zeros(shape) for name in ("n", "coverage")}
    return Grid(
        groups, none | zero, np.full(shape, UNAVAILABLE, dtype=np.int8), np.full(shape, why, dtype=object),
        np.zeros(shape, dtype=bool), np.ones(asks, dtype=bool),
    )  # fmt: skip


def is_sum(base: Base, figure: Figure) -> bool:
    """Whether the value is a plain sum, 0 where there is no fact."""
    return not figure.inputs and "den" not in base.columns(figure)


def _judged(base: Base, figure: Figure, groups: list[Group | str], at: dict[str, Any]) -> Grid:
    """Value and status of each cell."""
    columns = base.columns(figure)
    used, lost = at["used"], at["left_out"]
    empty = (used == 0) & (lost == 0)
    ratio = "den" in columns
    unusable = (used == 0) & ((lost > 0) | ratio)
    num = np.where(unusable, np.nan, at["num"])
    with np.errstate(all="ignore"):
        den = np.where(unusable, np.nan, at["den"]) if ratio else np.full(num.shape, np.nan)
        value = np.where(den == 0, np.nan, num / den) if ratio else num
        rows = np.where(used + lost > 0, used / (used + lost), 1.0)
        mean = np.where(at["weighed"] > 0, at["weight"] / at["weighed"], 0.0)
        total = at["weight"] + at["unweighed"] * mean
        coverage = np.where(lost == 0, 1.0, np.where(total > 0, at["weight_used"] / total, rows))
    low, high = float(str(base.settings["min_coverage"])), float(str(base.settings["ok_coverage"]))
    missing = np.isnan(value)
    status = np.where(missing | (coverage < low), UNAVAILABLE, np.where(coverage < high, PARTIAL, OK)).astype(np.int8)
    nothing = base.say("rien à mesurer", "nothing to measure")
    reason = np.where(missing & (lost == 0), nothing, "").astype(object)
    amount = (
        np.where(unusable & (lost > 0), np.nan, at["amount"]) if "amount" in columns else np.full(num.shape, np.nan)
    )
    beside = {each.name: np.where(used > 0, at[each.name], np.nan) for each in figure.beside}
    cells = {
        "num": num, "den": den, "value": np.where(status == UNAVAILABLE, np.nan, value), "amount": amount,
        "n": at["n"], "coverage": coverage, **beside,
    }  # fmt: skip
    return Grid(groups, cells, status, reason, empty, np.zeros(len(num), dtype=bool))


def _explain(base: Base, figure: Figure, grid: Grid, sums: Sums) -> None:
    """Say, in words, what the facts lack."""
    at = sums.on(grid.groups)
    place = {group: number for number, group in enumerate(grid.groups)}
    said: dict[tuple[int, int], list[str]] = {}
    for key, group, code, n in sums.lacks:
        at_cell = key, place[group]
        said.setdefault(at_cell, []).append(_say(base, figure, code, n, grid["coverage"][at_cell]))
    for key, number in np.argwhere(at["undated"] > 0):
        said.setdefault((key, number), []).append(_say(base, figure, "no_date", int(at["undated"][key, number]), 0.0))
    for cell, texts in said.items():
        grid.reason[cell] = "; ".join(sorted(texts))


def _say(base: Base, figure: Figure, code: str, n: int, coverage: float) -> str:
    """The words for a code: ``{n}`` is the count, ``[s]`` an s where it is a plural, ``{coverage}`` a percentage."""
    share = f"{100 * coverage:.1f}".removesuffix(".0") + " %"
    plural = "s" if n > 1 or (n == 0 and base.lang != "fr") else ""
    text = base.words(figure, code).replace("[s]", plural).replace("{n}", str(n))
    return text.replace("{coverage}", share.replace(".", ",") if base.lang == "fr" else share)


def _unknown(base: Base, figure: Figure, grid: Grid, asks: Sequence[Ask], at: dict[str, Any]) -> None:
    """Make unavailable the asks of which nothing can be known."""
    for key, ask in enumerate(asks):
        why = _why_unknown(base, figure, ask, bool(at["used"][key, 0] + at["left_out"][key, 0] > at["undated"][key, 0]))
        if why:
            for name in ("num", "den", "value", "amount"):
                grid.at[name][key] = np.nan
            grid.at["coverage"][key], grid.status[key], grid.reason[key] = 0.0, UNAVAILABLE, why
            grid.empty[key], grid.dead[key] = False, True


def _why_unknown(base: Base, figure: Figure, ask: Ask, seen: bool) -> str:
    span = ask.span(0)
    if not span.begun:
        return _not_begun(base, ask)
    if seen:
        return ""
    first = first_day(base, figure)
    if first is None and figure.kind == "flow" and undated(base, figure):
        return base.say("aucune ligne n'a de date", "no row has a date")
    if first is None:
        return base.say("aucune ligne à mesurer dans la source", "the source has no row to measure")
    late = first >= span.stop if figure.kind == "flow" else first > span.state
    return base.say(f"les données commencent le {first:%d/%m/%Y}", f"the data begin on {first}") if late else ""


def _source_reasons(base: Base, figure: Figure, grid: Grid, asks: Sequence[Ask]) -> None:
    """Make partial what the source as a whole lacks."""
    always = [base.say(fr, en) for table, fr, en in figure.helps if not base.engine.has(table)]
    always += [note[base.lang] for note in base.engine.manifest.get("notes", []) if note["code"] in figure.heeds]
    for key, ask in enumerate(asks):
        past = figure.undated and ask.span(0).state < base.as_of
        alive = grid.status[key] != UNAVAILABLE
        if past and figure.undated:
            _weaken(grid, key, alive & ~grid.empty[key], base.say(*figure.undated))
        if always:
            _weaken(grid, key, alive, "; ".join(always))


def _weaken(grid: Grid, key: int, where: Any, text: str) -> None:
    grid.status[key, where] = PARTIAL
    add_reason(grid.reason[key], where, text)


# composites ---------------------------------------------------------------------------------------
_GIVEN = ("num", "den", "value", "amount", "n", "target", "target_to_date", "previous", "previous_num", "previous_den",
          "previous_amount")  # fmt: skip


def _composite(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, groups: Sequence[Group | str]
) -> Grid:
    """A formula over other figures: its SELECT runs over their values, for the same groups."""
    named = [(base.figure(name), months) for name, months in map(_input, figure.inputs)]
    inputs = [(replace(source, beside=()), _back(asks, months)) for source, months in named]  # no median is read
    if any(source.name == figure.name for source, _ in inputs):
        raise DataError(f"{figure.name}.sql is an input of itself")
    compare = [name for name in ("target", "previous") if re.search(rf"\b{name}", figure.sql)]
    from crmkpi.facts.wide import beside, targeted  # wide asks for values, a composite for wide ones

    plain = [name for name in compare if name != "target"]
    first = [beside(base, source, seen, by, where, plain, ()).groups for source, seen in inputs]
    if "target" in compare:  # who has a target and nothing else is there too
        first += [targeted(base, source, seen, by, where) for source, seen in inputs]
    every = merged(groups, *first)
    grids = {source.name: beside(base, source, seen, by, where, compare, every) for source, seen in inputs}
    shape = (len(asks), len(every))
    settings = {name: value for name, value in base.settings.items() if f"${name}" in figure.sql}
    frames = {name: _frame(base, asks, grid) for name, grid in grids.items()}
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
    grid = _weakest(base, figure, every, at, code, list(grids.values()))
    _blank_unknown(base, grid, asks, list(grids.values()))
    grid.sql = [text for each in grids.values() for text in each.sql] + [figure.sql]
    grid.params = [params for each in grids.values() for params in each.params]
    return grid


def _blank_unknown(base: Base, grid: Grid, asks: Sequence[Ask], inputs: list[Grid]) -> None:
    """No number where the period has not begun, nor beside a value that a dead input takes away."""
    lost = np.isnan(grid["value"]) & np.any([each.dead for each in inputs], axis=0)[:, None]
    for key, ask in enumerate(asks):
        if not ask.span(0).begun:
            lost[key] = True
            grid.status[key], grid.reason[key], grid.dead[key] = UNAVAILABLE, _not_begun(base, ask), True
            grid.at["value"][key], grid.at["coverage"][key], grid.at["n"][key] = np.nan, 0.0, 0.0
    for name in ("num", "den", "amount"):
        grid.at[name][lost] = np.nan


def _not_begun(base: Base, ask: Ask) -> str:
    day = ask.as_of
    return base.say(f"la période commence après le {day:%d/%m/%Y}", f"the period begins after the as-of day, {day}")


def _input(text: str) -> tuple[str, int]:
    name, _, months = text.partition(":")
    return name, int(months or 0)


def _back(asks: Sequence[Ask], months: int) -> Sequence[Ask]:
    """The asks, or the ``months`` months up to each."""
    if not months:
        return asks
    stretches = [trailing(ask.span(0), months) for ask in asks]
    ranges = [Period(f"{each.start}/{each.stop}", each.start, each.stop, "range") for each in stretches]
    return [Ask(period, ask.as_of) for period, ask in zip(ranges, asks, strict=True)]


def _frame(base: Base, asks: Sequence[Ask], grid: Grid) -> pd.DataFrame:
    """An input as a relation: ``period, grp``, its values, the working days of the period."""
    shape = grid.status.shape
    columns = {name: grid[name].ravel() for name in _GIVEN}
    if "target" in grid.at:  # a target that only some members have is no yardstick for the value of all
        for name in ("target", "target_to_date"):
            columns[name] = np.where(grid["target_complete"], grid[name], np.nan).ravel()
    days = [working_days(base, ask) for ask in asks]
    columns |= {name: np.repeat([day[name] for day in days], shape[1]) for name in days[0]}
    return pd.DataFrame(
        {"period": np.repeat(np.arange(shape[0]), shape[1]), "grp": np.tile(np.arange(shape[1]), shape[0]), **columns}
    )


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
