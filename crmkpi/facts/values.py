"""From sums to values: what a figure is worth for each ask and group, with status, coverage and reason.

A value is ``num``, or ``num / den``; a composite is a formula over other figures (:mod:`crmkpi.facts.composites`).
Undefined is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crmkpi.facts.base import Base, counted
from crmkpi.facts.grid import OK, PARTIAL, UNAVAILABLE, Ask, Grid, Group, Sums, add_reason, merged
from crmkpi.facts.held import sums as sums_of
from crmkpi.facts.measure import Filters, first_day, undated
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
        from crmkpi.facts.composites import composite  # it asks for the values of its inputs, here

        return composite(base, figure, asks, by, where, groups)
    absent = [table for table in figure.needs if not base.engine.has(table)]
    if absent:
        return _nothing(len(asks), merged(groups), base.lacks(absent))
    sums = sums_of(base, figure, asks, by, where)
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
    """The words for a code, with the count and, as ``{coverage}``, a percentage."""
    share = f"{100 * coverage:.1f}".removesuffix(".0") + " %"
    text = counted(base.words(figure, code), n, base.lang)
    return text.replace("{coverage}", share.replace(".", ",") if base.lang == "fr" else share)


def _unknown(base: Base, figure: Figure, grid: Grid, asks: Sequence[Ask], at: dict[str, Any]) -> None:
    """Make unavailable the asks of which nothing can be known."""
    for key, ask in enumerate(asks):
        seen = bool(at["used"][key, 0] + at["left_out"][key, 0] > at["adrift"][key, 0])
        coded = bool(at["adrift"][key, 0] > at["undated"][key, 0])  # a code says why rows have no day
        why = _why_unknown(base, figure, ask, seen, coded)
        if why:
            for name in ("num", "den", "value", "amount"):
                grid.at[name][key] = np.nan
            grid.at["coverage"][key], grid.status[key], grid.reason[key] = 0.0, UNAVAILABLE, why
            grid.empty[key], grid.dead[key] = False, True


def _why_unknown(base: Base, figure: Figure, ask: Ask, seen: bool, coded: bool) -> str:
    span = ask.span(0)
    if not span.begun:
        return not_begun(base, ask)
    if seen:
        return ""
    first = first_day(base, figure)
    if first is None and figure.kind == "flow" and undated(base, figure):
        return "" if coded else base.say("aucune ligne n'a de date", "no row has a date")
    if first is None:
        return base.say("aucune ligne à mesurer dans la source", "the source has no row to measure")
    late = first >= span.stop if figure.kind == "flow" else first > span.state
    return base.say(f"les données commencent le {first:%d/%m/%Y}", f"the data begin on {first}") if late else ""


def _source_reasons(base: Base, figure: Figure, grid: Grid, asks: Sequence[Ask]) -> None:
    """Make partial what the source as a whole lacks."""
    always = [base.say(fr, en) for helper, fr, en in figure.helps if not base.engine.has(*helper.split("."))]
    always += [note[base.lang] for note in base.engine.manifest.get("notes", []) if note["code"] in figure.heeds]
    for key, ask in enumerate(asks):
        past = undated_at(base, figure, ask)
        alive = grid.status[key] != UNAVAILABLE
        if past and figure.undated:
            _weaken(grid, key, alive & ~grid.empty[key], base.say(*figure.undated[:2]))
        if always:
            _weaken(grid, key, alive, "; ".join(always))


def is_dated(base: Base, figure: Figure) -> bool:
    """Whether the source dates what a figure weighs, so that its past is known; of a composite, all that it reads."""
    own = figure.undated is None or any(base.engine.has(table) for table in figure.undated[2:])
    return own and all(is_dated(base, base.figure(name)) for name in figure.input_names)


def undated_at(base: Base, figure: Figure, ask: Ask) -> bool:
    """Whether an ask is of a past day of which the source does not date what the figure weighs."""
    return ask.span(0).state < base.as_of and not is_dated(base, figure)


def _weaken(grid: Grid, key: int, where: Any, text: str) -> None:
    grid.status[key, where] = PARTIAL
    add_reason(grid.reason[key], where, text)


def not_begun(base: Base, ask: Ask) -> str:
    """Why a period that begins after the as-of day has no value."""
    day = ask.as_of
    return base.say(f"la période commence après le {day:%d/%m/%Y}", f"the period begins after the as-of day, {day}")
