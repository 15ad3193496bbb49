"""What to act on: alerts of rows (columns of the facts) and of groups (conditions in the header)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import DAY, Period
from crmkpi.facts import lists
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES
from crmkpi.facts.grid import Ask
from crmkpi.facts.labels import labelled, labels
from crmkpi.facts.measure import Filters, ids
from crmkpi.facts.scoped import placed
from crmkpi.facts.wide import frame, targets, wide
from crmkpi.indicators import Alert, Figure

COLUMNS = ("severity", "figure", "kind", "dimension", "who", "who_id", "customer", "rep", "team", "id", "label",
           "reason", "due", "amount", "action", "value", "attainment")  # fmt: skip
_RATES = ("rate",)
_NUMBERS = ("value", "num", "den", "amount", "n", "target", "target_to_date", "attainment", "previous",
            "previous_amount", "coverage")  # fmt: skip


def alerts(
    base: Base, figures: Sequence[Figure], ask: Ask, where: Mapping[str, Any], filters: Callable[[Figure, Any], Filters]
) -> pd.DataFrame:
    """Every alert of the figures, the most severe first, then the largest amount."""
    parts = [_rows(base, figure, ask, filters(figure, where)) for figure in figures if not figure.inputs]
    kept = {*where, *placed(base.engine)}
    watched = [
        _Watched(figure, alert, name, filters(figure, where))
        for figure in figures
        for alert in figure.alerts
        for name in alert.dimensions
        if not _coarser(name, kept)
    ]
    parts += _groups(base, watched, ask)
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    every = pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)
    every["amount"] = pd.to_numeric(every["amount"])
    every["size"] = every["amount"].abs().fillna(0)
    return every.sort_values(["severity", "size"], ascending=[True, False], kind="stable", ignore_index=True).drop(
        columns="size"
    )


def _coarser(name: str, kept: Iterable[str]) -> bool:
    """Whether a dimension is above one that is filtered: what is left of a team is no judge of the team."""
    order = (*PLACES, "customers_of")
    return name in PLACES and any(place in order[PLACES.index(name) + 1 :] for place in kept)


def _rows(base: Base, figure: Figure, ask: Ask, where: Filters) -> pd.DataFrame:
    """The facts that carry a severity; of a flow, those of the last days (setting ``alert_days``)."""
    if any(not base.engine.has(table) for table in figure.needs) or "severity" not in base.columns(figure):
        return pd.DataFrame()
    if figure.kind == "flow":
        stop = ask.as_of + DAY
        days = int(str(base.settings["alert_days"]))
        start = stop - days * DAY
        ask = Ask(Period(f"{start}/{stop}", start, stop, "range"), ask.as_of)
    rows = lists.facts(base, figure, ask, where, False, None, alerts=True)
    if "at_stake" in rows:  # money that the figure itself does not count
        rows = rows.assign(amount=rows["at_stake"])
    label = rows[next(column for column in ("name", "number", "subject", "id") if column in rows)]
    return rows.assign(
        figure=figure.name, kind="row", dimension="", who=rows["customer"], who_id=rows["account_id"],
        label=label.where(label.notna(), rows["id"]), reason=rows["alert_reason"], value=rows["num"],
    )  # fmt: skip


def _groups(base: Base, watched: Sequence[_Watched], ask: Ask) -> list[pd.DataFrame]:
    """The groups of breakdowns for which conditions hold: all conditions are one question."""
    tables = _Tables(base, ask)
    asked = [f"select {number} as number, {each.holding(tables)}" for number, each in enumerate(watched)]
    if not asked:
        return []
    texts = " ".join(each.alert.condition for each in watched)
    settings = {key: value for key, value in base.settings.items() if re.search(rf"\${key}\b", texts)}
    sql = f"{' union all '.join(asked)} order by 1, 2"
    found = base.engine.query(sql, settings, **tables.frames)
    places = found["place"].groupby(found["number"])
    return [_worded(base, watched[number], tables, at.to_numpy(), ask) for number, at in places]


@dataclass(frozen=True)
class _Watched:
    """A condition that is looked at for each value of a dimension."""

    figure: Figure
    alert: Alert
    dimension: str
    where: Filters

    def holding(self, tables: _Tables) -> str:
        """SQL: the places of the groups for which it holds."""
        name, condition = self.figure.name, self.alert.condition
        mine = tables.of(self, name)
        mentioned = [other for other in tables.base.library.figures if re.search(rf"\b{other}\.", condition)]
        joins = " ".join(
            f"left join {tables.of(self, other)} as {other} on {other}.who_id is not distinct from {name}.who_id"
            for other in mentioned
        )
        columns = [str(column) for column in tables.frames[mine]]
        return f"{name}.place as place from {mine} as {name} {joins} where {_qualified(condition, columns, name)}"


class _Tables:
    """The breakdowns that conditions look at, by the names that they have in SQL."""

    def __init__(self, base: Base, ask: Ask) -> None:
        self.base, self.ask = base, ask
        self.frames: dict[str, pd.DataFrame] = {}
        self._names: dict[tuple[str, str, str], str] = {}

    def of(self, watched: _Watched, figure: str) -> str:
        """The name of a figure's breakdown by the dimension that is watched."""
        key = (figure, watched.dimension, str(watched.where))
        if key not in self._names:
            self._names[key] = f"breakdown{len(self._names)}"
            rows = _breakdown(self.base, self.base.figure(figure), watched.dimension, self.ask, watched.where)
            self.frames[self._names[key]] = rows.assign(place=range(len(rows)))
        return self._names[key]


def _worded(base: Base, watched: _Watched, tables: _Tables, places: Any, ask: Ask) -> pd.DataFrame:
    """Some groups of a breakdown as alerts; none of too few rows to judge a rate."""
    figure, alert, name = watched.figure, watched.alert, watched.dimension
    found = tables.frames[tables.of(watched, figure.name)].iloc[places]
    if figure.unit in _RATES:
        found = found[~(found["n"] < base.settings["small_n"])]
    if name == "customer":  # documents without a customer are not those of one
        found = found[found["who_id"].notna()]
    if not len(found):
        return pd.DataFrame()
    words = base.say(alert.fr, alert.en), base.say(alert.action_fr, alert.action_en)
    money = figure.unit.startswith("money")
    at_stake = (found["target_to_date"] - found["value"]).clip(lower=0) if money else found["amount"]
    return found.assign(
        severity=alert.severity, figure=figure.name, kind="group", dimension=name,
        reason=_filled(base, words[0]), action=_filled(base, words[1]), due=ask.span(0).end - DAY,
        amount=at_stake.where(at_stake.notna(), found["amount"]), label=found["who"],
        rep=found["who"] if name == "rep" else _only_rep(base, watched.where),
        team=found["who"] if name == "team" else None, customer=found["who"] if name == "customer" else None,
    )  # fmt: skip


def _only_rep(base: Base, where: Filters) -> str | None:
    """The rep whose rows alone are looked at: what is found there is theirs."""
    wanted = ids(base, "rep", where.get("rep", []))
    return labels(base, "rep").get(wanted[0] or "") if len(wanted) == 1 else None


def _breakdown(base: Base, figure: Figure, name: str, ask: Ask, where: Filters) -> pd.DataFrame:
    """A figure by a dimension, with its comparisons, shares and peers (reps: of the same team)."""
    key = ("breakdown", figure.name, name, ask, str(where), base.lang)
    if key in base.cache:
        return base.cache[key]
    compare = ["target", "previous"] if name != "customer" else ["target"]
    grid = wide(base, figure, [ask], [name], where, compare)
    rows = labelled(base, figure, frame(grid, [name], keep_whole=True), [name])
    whole = float(rows["value"].iloc[0])
    rows = rows.iloc[1:]
    kept = pd.DataFrame({column: rows.get(column, np.nan) for column in _NUMBERS}, index=rows.index)
    kept = kept.astype(float).assign(who=rows[name], who_id=rows[f"{name}_id"], status=rows["status"])
    kept["share"] = kept["value"] / whole if whole > 0 else np.nan
    team = {user["rep"]: user["team"] for user in targets(base).users} if name == "rep" else {}
    kept["peer"] = [team.get(who) or "" for who in kept["who_id"]]
    enough = kept["value"].where(kept["n"] >= base.settings["small_n"])
    grouped = enough.groupby(kept["peer"])
    kept["peers"] = grouped.transform("count").astype(float)
    kept["peer_median"] = grouped.transform("median")
    kept["peer_mad"] = (enough - kept["peer_median"]).abs().groupby(kept["peer"]).transform("median")
    base.cache[key] = kept.reset_index(drop=True)
    return base.cache[key]


def _qualified(condition: str, columns: list[str], name: str) -> str:
    """The condition with each bare column said to be the figure's own."""
    pattern = rf"(?<![\w.$])({'|'.join(sorted(map(re.escape, columns), key=len, reverse=True))})\b(?!\.)"
    return re.sub(pattern, rf"{name}.\1", condition)


def _filled(base: Base, text: str) -> str:
    """Words with the settings they name: rates as percentages."""

    def value(found: re.Match[str]) -> str:
        setting: Any = base.settings[found[1]]
        is_share = isinstance(setting, float) and 0 < setting <= 1
        return f"{100 * setting:g} %" if is_share else f"{setting:g}"

    return re.sub(r"\{(\w+)\}", value, text)
