"""What should have been reached: the target of a period, to date, for a group.

Scopes (rep, team, business unit, company) are never added to each other: a group takes the target given at
its own scope, else the sum of its members' in the next finer scope that has any.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crmkpi.calendar import ALL, DAY, Period, unit
from crmkpi.errors import UsageError
from crmkpi.facts.base import Base
from crmkpi.indicators import Figure

SCOPES = ("company", "business_unit", "team", "rep")
Rows = dict[tuple[date, date], float]
GIVEN = "targets given"
"""What is remembered of the data whoever asks."""


@dataclass(frozen=True)
class Target:
    """A target for a whole period and to date; ``reason`` says why it is partial or absent.

    ``complete`` is False when some members have none: then there is no attainment.
    """

    whole: float | None = None
    to_date: float | None = None
    status: str = "unavailable"
    reason: str = ""
    complete: bool = True


def given(base: Base, metric: str) -> dict[str, dict[str, Rows]]:
    """The targets of a metric, by scope and holder (remembered)."""
    key = (GIVEN, metric)
    if key not in base.cache:
        sql = """select scope, scope_id, period_start, period_end, value::double from targets
                 where metric = $metric and value is not null and period_start is not null and period_end is not null"""
        found: dict[str, dict[str, Rows]] = {}
        for scope, who, start, end, value in base.engine.tuples(sql, {"metric": metric}):
            found.setdefault(scope, {}).setdefault(who, {})[start, end + DAY] = value
        base.cache[key] = found
    return base.cache[key]


class Targets:
    """The target rows of a data set, and the members of each place."""

    def __init__(self, base: Base) -> None:
        self.base = base

    @functools.cached_property
    def users(self) -> list[dict[str, Any]]:
        """Each user's ``rep`` (id), ``team``, ``business_unit`` and ``is_sales``."""
        names = ("rep", "team", "business_unit", "is_sales")
        rows = self.base.engine.tuples("select user_id, team, business_unit, is_sales from users", {})
        return [dict(zip(names, row, strict=True)) for row in rows]

    def rows(self, scope: str, metric: str) -> dict[str, Rows]:
        """The targets of a metric at a scope, by holder; a metric is read when it is first asked for."""
        return given(self.base, metric).get(scope, {})

    def of(self, figure: Figure, scope: str | None, ids: Iterable[str | None], period: Period, as_of: date) -> Target:
        """The target of a figure for the group made of ``ids`` at ``scope``, seen at ``as_of``."""
        metric = figure.target.removesuffix(" whole").split(" = ")[0]
        where = scope or ""
        if not metric:
            return Target(reason=self.base.say("cet indicateur n'a pas d'objectif", "this figure has no target"))
        if scope is None:
            words = ("pas d'objectif pour cette répartition ou ce filtre", "no target under this breakdown or filter")
            return Target(reason=self.base.say(*words))
        if period.grain == ALL.grain:
            return Target(reason=self._none(metric, where, self.base.say("toute la durée", "all time")))
        wanted = list(ids)
        found = self._ratio(figure, metric, scope, wanted, period, as_of) if " = " in figure.target else None
        found = found or self._sum(metric, scope, wanted, period, as_of)
        if found and figure.target.endswith(" whole"):
            found = Target(found.whole, found.whole, found.status, found.reason, found.complete)
        return found or Target(reason=self._none(metric, scope, period.label))

    def _none(self, metric: str, scope: str, period: str) -> str:
        what = ", ".join(part for part in (metric, scope, period) if part)
        return self.base.say(f"pas d'objectif fourni pour {what}", f"no target supplied for {what}")

    def groups(self, figure: Figure, scope: str, period: Period) -> set[str | None]:
        """Who has a target in a period at a scope, or has members who have: shown even with nothing sold."""
        metric = figure.target.removesuffix(" whole").split(" = ")[0]
        found: set[str | None] = self._given(scope, metric, period)
        for finer in SCOPES[SCOPES.index(scope) + 1 :]:
            members = self._given(finer, metric, period)
            found |= {user[scope] for user in self.users if user[finer] in members}
        return found

    def _given(self, scope: str, metric: str, period: Period) -> set[str | None]:
        rows = self.rows(scope, metric).items()
        return {who for who, spans in rows if any(start < period.end and end > period.start for start, end in spans)}

    # sums -----------------------------------------------------------------------------------------
    def _sum(self, metric: str, scope: str, ids: list[str | None], period: Period, as_of: date) -> Target | None:
        given = self.rows(scope, metric)
        whos = list(given) if scope == "company" else ids
        spread = [self._spread(given[who], period, as_of) for who in whos if who is not None and who in given]
        own = [each for each in spread if each]
        if own:
            return self._added(own, len(own), len(own) if scope == "company" else len(ids), scope)
        for finer in SCOPES[SCOPES.index(scope) + 1 :]:
            rows = self.rows(finer, metric)
            members = self._members(scope, ids, finer, rows)
            spread = [self._spread(rows[who], period, as_of) for who in members if who is not None and who in rows]
            parts = [each for each in spread if each]
            if parts:
                return self._added(parts, len(parts), len(members), finer, rolled_up=True)
        return None

    def _added(
        self, parts: list[tuple[float, float, str]], has: int, of: int, scope: str, rolled_up: bool = False
    ) -> Target:
        whole, to_date = math.fsum(part[0] for part in parts), math.fsum(part[1] for part in parts)
        said = [part[2] for part in parts if part[2]][:1]
        if has < of or rolled_up:
            names = {"business_unit": ("business units", "business units"), "team": ("équipes", "teams")}
            fr, en = names.get(scope, ("commerciaux", "reps"))
            said.insert(0, self.base.say(f"{has} {fr} sur {of} ont un objectif", f"{has} of {of} {en} have a target"))
        complete = has == of and not any(part[2] for part in parts)
        return Target(whole, to_date, "partial" if said else "ok", "; ".join(said), complete)

    def _members(self, scope: str, ids: list[str | None], finer: str, rows: dict[str, Rows]) -> set[str | None]:
        """The groups of a finer scope inside ``ids``: of those who sell, and of whoever has a target."""
        inside = [user for user in self.users if scope == "company" or user[scope] in ids]
        members = {user[finer] for user in inside if user["is_sales"] is not False or user[finer] in rows}
        return members | set(rows) if scope == "company" else members

    def _spread(self, rows: Rows, period: Period, as_of: date) -> tuple[float, float, str] | None:
        """One holder's target for a period and to date: its own row, else the sum of its months."""
        stop = min(period.end, as_of + DAY)
        if (period.start, period.end) in rows:
            own = rows[period.start, period.end]
            return own, self._elapsed(own, period, stop), ""
        parts = list(period.split("month"))
        working = [part for part in parts if self.base.working.count(part.start, part.end)] or parts
        known = [(unit(part.start, "month"), part, self._month(rows, unit(part.start, "month"))) for part in working]
        whole = to_date = 0.0
        for month, part, value in known:
            if value is not None:
                whole += value * self._share(month, part.start, part.end)
                to_date += value * self._share(month, part.start, min(part.end, stop))
        has = sum(value is not None for *_, value in known)
        if not has:
            return None
        words = (f"{has} mois sur {len(known)} ont un objectif", f"{has} of {len(known)} months have a target")
        return whole, to_date, "" if has == len(known) else self.base.say(*words)

    def _elapsed(self, value: float, period: Period, stop: date) -> float:
        """The part of a period's own target that is due by ``stop``: by monthly weights, else by working days."""
        weights = monthly_weights(self.base)
        if not weights or period != unit(period.start, "year", self.base.fiscal):
            return value * self._share(period, period.start, stop)
        months = [unit(part.start, "month") for part in period.split("month")]
        shares = [self._share(month, month.start, min(month.end, stop)) for month in months]
        return value * sum(weight * share for weight, share in zip(weights, shares, strict=True)) / sum(weights)

    def _share(self, period: Period, start: date, stop: date) -> float:
        """The share of a period's working days in ``[start, stop)``."""
        if (start, stop) == (period.start, period.end):
            return 1.0
        total = self.base.working.count(period.start, period.end)
        return self.base.working.count(start, stop) / total if total and stop > start else 0.0

    def _month(self, rows: Rows, month: Period) -> float | None:
        """A month's own target; else its share of the year's, where monthly weights are set."""
        if (month.start, month.end) in rows:
            return rows[month.start, month.end]
        weights = monthly_weights(self.base)
        year = unit(month.start, "year", self.base.fiscal)
        if weights and (year.start, year.end) in rows:
            place = (month.start.month - self.base.fiscal) % 12
            return rows[year.start, year.end] * weights[place] / sum(weights)
        return None

    # ratios ---------------------------------------------------------------------------------------
    def _ratio(
        self, figure: Figure, metric: str, scope: str, ids: list[str | None], period: Period, as_of: date
    ) -> Target | None:
        """The target of a ratio: its own row; else one target over another; else the mean of its months."""
        given = self.rows(scope, metric)
        whos = list(given) if scope == "company" else ids
        rows = given.get(whos[0] or "", {}) if len(whos) == 1 else {}
        if (period.start, period.end) in rows:
            own = rows[period.start, period.end]
            return Target(own, own, status="ok")
        above, below = (name.strip() for name in figure.target.split(" = ")[1].split("/"))
        num, den = (self._sum(name, scope, ids, period, as_of) for name in (above, below))
        if num and den and num.whole is not None and den.whole:
            value = num.whole / den.whole
            said = "; ".join(dict.fromkeys(part.reason for part in (num, den) if part.reason))
            return Target(value, value, "partial" if said else "ok", said, num.complete and den.complete)
        months = [self._month(rows, unit(part.start, "month")) for part in period.split("month")] if rows else []
        known = [value for value in months if value is not None]
        if not known:
            return Target(reason=self._none(metric, scope, period.label))
        words = (
            f"{len(known)} mois sur {len(months)} ont un objectif",
            f"{len(known)} of {len(months)} months have a target",
        )
        mean = sum(known) / len(known)
        complete = len(known) == len(months)
        return Target(mean, mean, "ok" if complete else "partial", "" if complete else self.base.say(*words))


def monthly_weights(base: Base) -> list[float]:
    """The 12 weights of the setting ``monthly_weights`` (``"8 8 9 ..."``), or none."""
    text = str(base.settings["monthly_weights"]).replace(",", " ").split()
    try:
        weights = [float(each) for each in text]
    except ValueError:
        weights = [0.0]
    if weights and (len(weights) != 12 or sum(weights) <= 0):
        raise UsageError(f"setting monthly_weights: expected 12 numbers, found {base.settings['monthly_weights']!r}")
    return weights
