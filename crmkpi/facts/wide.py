"""One row per ask and group, with what it compares with: target, previous period, last year."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkpi.calendar import Period
from crmkpi.errors import DataError, unknown
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES
from crmkpi.facts.measure import Filters, ids
from crmkpi.facts.spans import COMPARISONS, against, trailing
from crmkpi.facts.targets import Target, Targets
from crmkpi.facts.values import Ask, Values, calendar_columns, values
from crmkpi.indicators import Figure

COMPARED = ("value", "num", "den", "amount", "n")
TARGETED = ("target", "target_to_date", "attainment", "target_status", "target_reason")


def wide(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, compare: Sequence[str]
) -> Values:
    """The values of a figure or composite with its comparisons, one row per ask (``key``) and group."""
    for name in compare:
        if name not in COMPARISONS:
            raise unknown("comparison", name, COMPARISONS)
    groups = [f"d{number}" for number in range(len(by))]
    every, roles = _asks(base, asks, compare)
    if figure.inputs:
        found = _composite(base, figure, every, by, where, "target" in compare)
    else:
        found = values(base, figure, every, by, where)
    frame = found.frame.assign(
        role=[roles[key][1] for key in found.frame["key"]], key=[roles[key][0] for key in found.frame["key"]]
    )
    at = ["key", *groups, "total"]
    result = frame[frame["role"] == "current"].drop(columns="role")
    for role in ("previous", "last_year"):
        result = _beside(base, figure, result, frame[frame["role"] == role], role, at)
    if "target" in compare:
        result = _with_groups_of_targets(base, figure, asks, by, where, result)
    result = _filled(base, figure, result, groups)
    result = (
        _with_targets(base, figure, asks, by, where, result)
        if "target" in compare
        else result.assign(**dict.fromkeys(TARGETED))
    )
    return Values(result.reset_index(drop=True), found.sql, found.params)


def _asks(base: Base, asks: Sequence[Ask], compare: Sequence[str]) -> tuple[list[Ask], list[tuple[int, str]]]:
    """Every ask needed, those compared with included, and which row and role each serves."""
    every, roles = list(asks), [(key, "current") for key in range(len(asks))]
    for role in ("previous", "last_year"):
        if role in compare:
            for key, ask in enumerate(asks):
                other = against(ask.period, ask.as_of, role, 0, base.working)
                if other:
                    every.append(Ask(other.period, other.state))
                    roles.append((key, role))
    return every, roles


def _beside(
    base: Base, figure: Figure, result: pd.DataFrame, other: pd.DataFrame, role: str, at: list[str]
) -> pd.DataFrame:
    """``result`` with the columns of another span: 0 for a group without facts in a span that has some."""
    named = {name: role if name == "value" else f"{role}_{name}" for name in COMPARED}
    if not len(other):
        return result.assign(**dict.fromkeys(named.values(), np.nan))
    merged = result.merge(other[[*at, *COMPARED]].rename(columns=named), on=at, how="outer")
    alive = set(
        other.loc[
            other["total"].astype(bool) & ((other["status"] != "unavailable") | other["empty"].astype(bool)), "key"
        ]
    )
    absent = merged["key"].isin(alive) & merged[f"{role}_n"].isna()
    merged.loc[absent, [f"{role}_num", f"{role}_n"]] = 0
    if is_sum(base, figure):
        merged.loc[absent, role] = 0.0
    elif not figure.inputs:
        merged.loc[absent, f"{role}_den"] = 0
    return merged


def is_sum(base: Base, figure: Figure) -> bool:
    """Whether the value is a plain sum, 0 where there is no fact."""
    return not figure.inputs and "den" not in base.columns(figure)


def _filled(base: Base, figure: Figure, frame: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """The frame where a group known only from a comparison or a target has no fact: 0, or no value for a ratio."""
    new = frame["status"].isna()
    if not new.any():
        return frame
    wholes = frame[frame["total"] & frame["status"].notna()].set_index("key")
    dead = frame["key"].map(~wholes["empty"].astype(bool) & (wholes["status"] == "unavailable")) == True  # noqa: E712
    zero = new & ~dead & is_sum(base, figure)
    frame.loc[new, ["n", "coverage", "empty"]] = [0, 1.0, True]
    frame.loc[zero, ["num", "value"]] = 0.0
    if "amount" in frame and not figure.inputs and "amount" in base.columns(figure):
        frame.loc[zero, "amount"] = 0.0
    nothing = base.say("rien à mesurer", "nothing to measure")
    frame.loc[new, "status"] = np.where(zero[new], "ok", "unavailable")
    frame.loc[new, "reason"] = np.where(zero[new], "", nothing)
    dead_reason = frame["key"].map(wholes["reason"])
    frame.loc[new & dead, "reason"] = dead_reason[new & dead]
    frame["n"] = frame["n"].astype(int)
    return frame


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
    if finest not in by and by:
        return None, False
    return finest, finest in by


def _with_groups_of_targets(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, frame: pd.DataFrame
) -> pd.DataFrame:
    """The frame with a row for whoever has a target and no fact."""
    scope, asked = _scope(by, where)
    if not asked or len(by) != 1 or not figure.target or scope is None:
        return frame
    allowed = _allowed(base, scope, where)
    parts = [frame]
    for key, ask in enumerate(asks):
        known = set(frame.loc[frame["key"] == key, "d0"].dropna())
        more = sorted(targets(base).groups(figure, scope, ask.period) - known)
        more = [who for who in more if allowed is None or who in allowed]
        if more:
            parts.append(pd.DataFrame({"key": key, "d0": more, "total": False}))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else frame


def _allowed(base: Base, scope: str, where: Filters) -> set[object] | None:
    """The members of a scope that the filters leave, by the users of today; None: all."""
    if not where:
        return None
    kept = targets(base).users
    for name, wanted in where.items():
        kept = [user for user in kept if user[name] in ids(base, name, wanted)]
    named = set(ids(base, scope, where[scope])) if scope in where else set()
    return {user[scope] for user in kept} | named


def _with_targets(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, frame: pd.DataFrame
) -> pd.DataFrame:
    scope, asked = _scope(by, where)
    place = f"d{list(by).index(scope)}" if asked and scope else ""
    whole_scope, whole_ids = _scope([], where)[0], None
    rows: list[Target] = []
    for key, total, who in zip(
        frame["key"], frame["total"], frame[place] if place else [None] * len(frame), strict=True
    ):
        ask = asks[key]
        if total:
            whole_ids = ids(base, whole_scope, where[whole_scope]) if whole_scope in where else [None]
            rows.append(targets(base).of(figure, whole_scope, whole_ids, ask.period, ask.as_of))
        else:
            group = [None if who is None or who != who else str(who)]
            rows.append(targets(base).of(figure, scope if place else None, group, ask.period, ask.as_of))
    frame = frame.assign(
        target=pd.array([row.whole for row in rows], dtype="Float64").to_numpy(float, na_value=np.nan),
        target_to_date=pd.array([row.to_date for row in rows], dtype="Float64").to_numpy(float, na_value=np.nan),
        target_status=[row.status for row in rows],
        target_reason=[row.reason for row in rows],
    )
    complete = np.array([row.complete for row in rows], dtype=bool)
    due = frame["target_to_date"].where(complete).replace(0, np.nan)
    frame["attainment"] = pd.to_numeric(frame["value"], errors="coerce") / due
    derived = (frame["target_status"] == "partial") & (frame["status"] == "ok")
    frame["status"] = frame["status"].where(~derived, "partial")
    if not figure.target:
        return frame
    pairs = zip(frame["reason"], frame["target_reason"], strict=True)
    return frame.assign(reason=["; ".join(dict.fromkeys(part for part in pair if part)) for pair in pairs])


# composites ---------------------------------------------------------------------------------------
def _composite(
    base: Base, figure: Figure, asks: Sequence[Ask], by: Sequence[str], where: Filters, targeted: bool
) -> Values:
    """A formula over other figures: its SELECT runs over their values, completed to the same groups."""
    groups = [f"d{number}" for number in range(len(by))]
    at = ["key", *groups, "total"]
    compare = [name for name in ("target", "previous") if re.search(rf"\b{name}", figure.sql)]
    inputs: dict[str, pd.DataFrame] = {}
    seen: dict[str, Sequence[Ask]] = {}
    sql: list[str] = []
    params: list[dict[str, object]] = []
    for text in figure.inputs:
        name, _, months = text.partition(":")
        source = base.figure(name)
        if source.inputs and figure.name in source.inputs:
            raise DataError(f"{figure.name}.sql and {name}.sql need each other")
        seen[name] = [_back(ask, int(months)) for ask in asks] if months else asks
        found = wide(base, source, seen[name], by, where, [other for other in compare if other != "target"])
        inputs[name] = found.frame
        sql += found.sql
        params += found.params
    every = pd.concat([frame[at] for frame in inputs.values()], ignore_index=True)
    if targeted:
        every = _with_groups_of_targets(base, figure, asks, by, where, every)
    every = pd.DataFrame({"key": range(len(asks))}).merge(every[[*groups, "total"]].drop_duplicates(), how="cross")
    every["grp"] = range(len(every))
    days = pd.DataFrame([{"key": key, **calendar_columns(base, ask)} for key, ask in enumerate(asks)])
    tables = {}
    for name, frame in inputs.items():
        full = _filled(
            base, base.figure(name), every.merge(frame.drop(columns=list(TARGETED)), on=at, how="left"), groups
        )
        if "target" in compare:
            full = _with_targets(base, base.figure(name), seen[name], by, where, full)
        inputs[name] = full
        tables[name] = _numeric(full.merge(days, on="key").rename(columns={"key": "period"}))
    settings = {name: value for name, value in base.settings.items() if f"${name}" in figure.sql}
    result = base.engine.query(figure.sql, settings, **tables)
    if "grp" not in result or "value" not in result:
        raise DataError(f"{figure.name}.sql: a composite gives the columns period, grp and value")
    frame = every.merge(result.drop(columns="period", errors="ignore"), on="grp", how="left")
    return Values(_status(base, figure, frame, inputs), [*sql, figure.sql], params)


def _back(ask: Ask, months: int) -> Ask:
    stretch = trailing(ask.span(0), months)
    return Ask(Period(f"{stretch.start}/{stretch.stop}", stretch.start, stretch.stop, "range"), ask.as_of)


_NUMBERS = ("num", "den", "value", "amount", "n", "target", "target_to_date", "previous", "last_year",
            "previous_num", "previous_den", "previous_amount", "days_elapsed", "days_total", "days_left")  # fmt: skip


def _numeric(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame[["period", "grp", *(name for name in _NUMBERS if name in frame)]].copy()
    for name in _NUMBERS:
        if name in kept:
            kept[name] = pd.to_numeric(kept[name], errors="coerce").astype(float)
    return kept


def _status(base: Base, figure: Figure, frame: pd.DataFrame, inputs: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The status of a composite: no value is unavailable; a value from inputs that lack something is partial."""
    for name in ("num", "den", "amount", "missing"):
        if name not in frame:
            frame[name] = None
    value = pd.to_numeric(frame["value"], errors="coerce").replace([np.inf, -np.inf], np.nan)
    frame["value"] = value
    aligned = {name: part.set_index("grp").reindex(frame["grp"]) for name, part in inputs.items()}
    first = next(iter(aligned.values()))
    frame["n"] = first["n"].fillna(0).astype(int).to_numpy()
    frame["coverage"] = np.min([part["coverage"].fillna(0).to_numpy(float) for part in aligned.values()], axis=0)
    lacking = np.zeros(len(frame), dtype=bool)
    said: list[list[str]] = [[] for _ in range(len(frame))]
    for part in aligned.values():
        weak = ((part["status"] != "ok") & ~part["empty"].astype(bool)).to_numpy()
        lacking |= weak
        for number in np.flatnonzero(weak):
            said[number].append(str(part["reason"].iloc[number]))
    own = [base.words(figure, code) if isinstance(code, str) else "" for code in frame["missing"]]
    absent = value.isna().to_numpy()
    frame["status"] = np.select([absent, lacking], ["unavailable", "partial"], "ok")
    frame["reason"] = [
        "; ".join(dict.fromkeys(part for part in [mine if gone else "", *theirs] if part))
        for mine, theirs, gone in zip(own, said, absent, strict=True)
    ]
    frame["empty"] = absent
    return frame
