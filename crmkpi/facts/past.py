"""The door of the history: ``crm.history.known(...)``, ``since``, ``course``, ``moves``, ``remember``.

Below it: :mod:`crmkpi.facts.known`, :mod:`crmkpi.facts.moves`, :mod:`crmkpi.facts.remember`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmkpi.calendar import Period, parse, unit
from crmkpi.facts import known
from crmkpi.facts.known import Known
from crmkpi.facts.moves import Moves, moves
from crmkpi.facts.question import Words, filters, words
from crmkpi.facts.remember import Remembered, monday_before, remember
from crmkpi.history import PLACES

if TYPE_CHECKING:
    from crmkpi.facts.crm import Crm

SINCE = ("figure", "title", "unit", "better", "period", "since", "before", "now", "change", "first_hand", "status", "reason",
         "note")  # fmt: skip
Where = Mapping[str, Words] | None


class Past:
    """What was known of the data of a :class:`Crm`, and what has changed since."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm

    def remember(self, *, back: int = 0, places: Sequence[str] = PLACES, vouched: bool = False) -> Remembered:
        """Keep the value of every figure at the data's own day, by company, business unit, team and rep.

        Once: the same data, day and definitions add nothing. ``back`` computes the ends of so many months before, and the
        last Monday, of the figures that the source dates (with ``vouched``, of all: the records never change once they are
        written); they are marked as computed later, and never stand for a day that was remembered on the day.
        """
        return remember(self.crm.base, back, places, vouched)

    def days(self) -> pd.DataFrame:
        """What there is: a row per file, the oldest day first, ``first_hand`` if it was remembered on the day."""
        past = known.history(self.crm.base)
        rows = [
            {"as_of": each.as_of, "taken_at": each.taken_at, "first_hand": each.first_hand, "kind": each.kind,
             "figures": len(each.told["definitions"]), "places": ", ".join(each.told["places"]),
             "data_version": each.told["version"], "source": each.told["source"], "file": each.path.name}
            for each in past.entries
        ]  # fmt: skip
        columns = ["as_of", "taken_at", "first_hand", "kind", "figures", "places", "data_version", "source", "file"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def broken(self) -> list[str]:
        """The names of the files of the history that can not be read."""
        return known.history(self.crm.base).broken

    def begins(
        self, name: str, *, as_of: date | str | None = None, where: Where = None, lang: str | None = None
    ) -> str:
        """Since when a figure is remembered, for a place, in words."""
        base = self.crm.base.with_(None, lang)
        figure = base.figure(name)
        scope, _, reason = known.place_of(base, [], filters(figure, where))
        return reason or known.not_before(base, figure, scope)

    def known(
        self, name: str, *, on: date | str, period: str | Period | None = None, by: Words = None, where: Where = None,
        lang: str | None = None,
    ) -> Known:  # fmt: skip
        """A figure as it was known on a day: from the last day remembered by then.

        ``period`` is one of those that were kept: the month of that day (the default), the month before, the year. ``by`` is
        one place, ``where`` one value of a place.
        """
        base = self.crm.base.with_(None, lang)
        figure = base.figure(name)
        asked = parse(period, base.fiscal) if isinstance(period, str) else period
        return known.known(base, figure, self.crm.day(on), asked, words(by), filters(figure, where))

    def course(
        self, name: str, *, grain: str = "month", periods: int = 13, as_of: date | str | None = None, where: Where = None,
        lang: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """A figure as it was known in each of the last calendar units, the oldest first; no value where nothing was.

        ``changed`` says, in words, where its definition is another one than that of the point before.
        """
        base, day = self.crm.base.with_(None, lang), self.crm.day(as_of)
        figure = base.figure(name)
        units = [unit(day, grain, base.fiscal)]
        while len(units) < periods:
            units.insert(0, units[0].previous())
        return known.course(base, figure, units, day, filters(figure, where))

    def since(
        self, day: date | str | None = None, names: Iterable[str] | None = None, *, as_of: date | str | None = None,
        where: Where = None, lang: str | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """What has changed since a day (the last Monday): each figure then and now.

        Both are of one period, the month or else the year that holds both days. Where that day was not remembered, the
        last one before it stands for it, else the first one after it: ``since`` says which.
        """
        base, now = self.crm.base.with_(None, lang), self.crm.day(as_of)
        first = self.crm.day(day) if day else monday_before(now)
        known.check_since(first, now)
        chosen = list(names or self.crm.figures)
        then = known.day_for(base, first, now, chosen, {k: words(v) for k, v in (where or {}).items()})
        rows = [self._changed(name, then, now, where, lang) for name in chosen]
        return pd.DataFrame(rows, columns=list(SINCE))

    def _changed(self, name: str, then: date | None, now: date, where: Where, lang: str | None) -> dict[str, Any]:
        base = self.crm.base.with_(None, lang)
        figure = base.figure(name)
        row: dict[str, Any] = dict.fromkeys(SINCE) | {
            "figure": name, "title": figure.title(base.lang), "unit": figure.unit, "better": figure.better, "since": then,
            "status": "unavailable", "note": "",
        }  # fmt: skip
        period = known.shared_period(figure, then, now, base.fiscal) if then else None
        if then is None or period is None:
            year = base.say("une autre année a commencé depuis", "another year has begun since")
            return row | {"reason": year if then else self.begins(name, where=where, lang=lang)}
        before = self.known(name, on=then, period=None if figure.kind == "stock" else period, where=where, lang=lang)
        after = self.crm.kpi(name, period=period, as_of=now, where=where, lang=lang)
        row |= {"period": period.label, "before": before.value, "now": after.value, "since": before.as_of or then}
        if before.value is None or after.value is None:
            return row | {"reason": before.reason or after.reason or base.say("pas de valeur", "no value")}
        states = ("ok", "partial")
        status = states[max(states.index(each) for each in (before.status, after.status))]
        change = round(after.value - before.value, 9)
        first_hand = bool(before.frame["first_hand"].iloc[0])
        told = {
            "change": change,
            "first_hand": first_hand,
            "status": status,
            "reason": after.reason,
            "note": before.note,
        }
        return row | told

    def moves(
        self, name: str, *, since: date | str, as_of: date | str | None = None, of: str = "amount",
        within: str | Period | None = None, where: Where = None, lang: str | None = None,
    ) -> Moves:  # fmt: skip
        """What became of the rows of a stock since a day: new, won, lost, up, down, pushed out, pulled in.

        ``of`` is ``amount``, or ``value`` (the weighted amount of a weighted pipeline); ``within`` keeps the rows that are
        due before the end of a period, so that those which leave it are pushed out of it. The moves add up to the change.
        """
        base = self.crm.base.with_(None, lang)
        figure = base.figure(name)
        period = parse(within, base.fiscal) if isinstance(within, str) else within
        return moves(base, figure, self.crm.day(since), self.crm.day(as_of), of, period, filters(figure, where))
