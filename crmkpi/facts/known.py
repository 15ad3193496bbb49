"""What was known: a figure as it was remembered at a day, its course as it was known, what has changed since a day.

A value is one of a place (company, business unit, team, rep) and of a period that was kept; groups are never added up.
Below it: :mod:`crmkpi.history`, :mod:`crmkpi.facts.measure`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from crmkpi.calendar import Period, unit
from crmkpi.errors import UsageError
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import NONE_WORDS
from crmkpi.facts.measure import Filters, ids
from crmkpi.facts.result import plain, records
from crmkpi.facts.scoped import placed, target_scope
from crmkpi.history import COMPANY, PLACES, Entry, History, definitions, difference
from crmkpi.indicators import Figure

COLUMNS = ("value", "num", "den", "amount", "n", "target_to_date", "status", "coverage", "period", "as_of", "taken_at",
           "first_hand", "definition", "data_version")  # fmt: skip


def history(base: Base) -> History:
    """The history of the opened data, read when it is asked for and once; of a scope, its own places and no others."""
    if "history" not in base.cache:
        allowed = placed(base.engine) if "scope" in base.engine.manifest else None
        base.cache["history"] = History(base.folder, str(base.engine.manifest.get("currency") or ""), allowed)
    return base.cache["history"]


@dataclass
class Known:
    """A figure as it was known at a day: ``as_of`` is the day that was remembered; ``frame`` has a row per group.

    ``reason`` says why there is nothing, ``note`` what a reader must know: a value computed later, another definition.
    """

    figure: Figure
    on: date
    as_of: date | None = None
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    status: str = "unavailable"
    reason: str = ""
    note: str = ""

    @property
    def value(self) -> float | None:
        """The value, where one place was asked for."""
        return plain(self.frame["value"].iloc[0]) if len(self.frame) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; missing is None."""
        told = {
            "indicator": self.figure.name,
            "known_on": str(self.on),
            "as_of": plain(self.as_of),
            "unit": self.figure.unit,
        }
        return told | {"status": self.status, "reason": self.reason, "note": self.note, "rows": records(self.frame)}


def known(base: Base, figure: Figure, on: date, period: Period | None, by: list[str], where: Filters) -> Known:
    """A figure as it was known at a day (see :meth:`Crm.known`)."""
    found = Known(figure, on)
    scope, wanted, found.reason = place_of(base, by, where)
    if found.reason:
        return found
    past = history(base)
    entry = past.at(figure.name, on, scope=scope)
    if entry is None:
        found.reason = not_before(base, figure, scope)
        return found
    rows = past.values(entry, figure.name, scope, wanted)
    asked = period.label if period else unit(entry.as_of, "month", base.fiscal).label
    rows = rows[rows["period"] == asked]
    found.as_of = entry.as_of
    if rows.empty:
        kept = sorted(past.values(entry, figure.name, scope, wanted)["period"].unique()) or ["—"]
        found.reason = base.say(
            f"le {day_words(base, entry.as_of)}, cette valeur n'a pas été mémorisée pour {asked} ; périodes : {', '.join(kept)}",
            f"on {entry.as_of} this value was not remembered for {asked}; periods: {', '.join(kept)}",
        )
        return found
    found.frame = _shaped(base, rows.assign(first_hand=entry.first_hand), by)
    found.status = str(rows["status"].iloc[0]) if len(rows) == 1 else "ok"
    found.note = note_of(base, figure, entry)
    return found


def _shaped(base: Base, rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    if by:
        rows = rows.assign(label=rows["label"].fillna(base.say(*NONE_WORDS[by[0]])))
    shown = [part for name in by for part in (name, f"{name}_id")]
    named = rows.assign(
        **{part: rows[column] for name in by for part, column in ((name, "label"), (f"{name}_id", "scope_id"))}
    )
    return named[[*shown, *COLUMNS]].sort_values("value", ascending=False, ignore_index=True)


def place_of(base: Base, by: list[str], where: Filters) -> tuple[str, list[str | None] | None, str]:
    """The place whose values a question means, their ids (None: all), and why there are none."""
    apart = [name for name in [*by, *where] if name not in PLACES]
    if apart or len(by) > 1:
        names = ", ".join(apart or by)
        return "", None, base.say(
            f"l'historique est par société, business unit, équipe ou commercial, pas par : {names}",
            f"the history is by company, business unit, team or rep, not by {names}",
        )  # fmt: skip
    finest = [name for name in PLACES if name in where]
    if by:
        return by[0], _members(base, by[0], where), ""
    place, wanted = (finest[-1], ids(base, finest[-1], where[finest[-1]])) if finest else target_scope(base.engine)
    if place is None or len(wanted) > 1:
        return "", None, base.say(
            "l'historique donne une équipe ou un commercial à la fois : ce qui a été mémorisé ne s'additionne pas",
            "the history gives one team or rep at a time: what was remembered is not added up",
        )  # fmt: skip
    return place, [""] if place == COMPANY else list(wanted), ""


def _members(base: Base, place: str, where: Filters) -> list[str | None] | None:
    """The ids of a place that the filters leave, by the users of today; None: all."""
    if not where:
        return None
    users = base.engine.query("select user_id as rep, team, business_unit from users", {})
    for name, wanted in where.items():
        users = users[users[name].isin(ids(base, name, wanted))]
    return list(users[place].dropna().unique())


def not_before(base: Base, figure: Figure, scope: str = COMPANY) -> str:
    """Since when a figure is remembered, in words."""
    days = history(base).days(figure.name, scope=scope)
    if not days:
        return base.say("rien n'est mémorisé encore", "nothing is remembered yet")
    first = day_words(base, min(days))
    return base.say(f"rien n'a été mémorisé avant le {first}", f"nothing was remembered before {first}")


def day_words(base: Base, day: date) -> str:
    """A day as the reasons of answers write it."""
    return f"{day:%d/%m/%Y}" if base.lang == "fr" else str(day)


def note_of(base: Base, figure: Figure, entry: Entry) -> str:
    """What a reader of a remembered value must know: computed later, by another definition."""
    later = base.say("calculé après coup, d'après les faits datés", "computed later, from dated facts")
    return "; ".join(part for part in ("" if entry.first_hand else later, changed_since(base, figure, entry)) if part)


def current(base: Base) -> dict[str, dict[str, Any]]:
    """The definitions in force, as the history keeps them."""
    if "definitions" not in base.cache:
        base.cache["definitions"] = {
            name: each.told() for name, each in definitions(base.library, base.settings).items()
        }
    return base.cache["definitions"]


def changed_since(base: Base, figure: Figure, entry: Entry) -> str:
    """How the definition has changed since a file was written, in words; nothing if it is the same."""
    return changed_words(base, entry.told["definitions"][figure.name], current(base)[figure.name])


def changed_words(base: Base, old: dict[str, Any], new: dict[str, Any]) -> str:
    """How two definitions differ, in words; nothing if they are the same."""
    if old["version"] == new["version"]:
        return ""
    said = []
    for name, before, after in difference(old, new):
        text = base.say("son texte", "its text") if name == "text" else f"{name} {_short(before)} → {_short(after)}"
        said.append(text)
    return base.say("définition changée : ", "changed definition: ") + ", ".join(said)


def _short(value: object) -> str:
    return "—" if value is None else str(value)


def course(base: Base, figure: Figure, units: list[Period], as_of: date, where: Filters) -> pd.DataFrame:
    """A figure as it was known in each of some calendar units: at the last day of each that was remembered.

    ``changed`` says, in words, how the definition differs from that of the remembered point before.
    """
    scope, wanted, reason = place_of(base, [], where)
    days = {} if reason else history(base).days(figure.name, scope=scope)
    rows, before = [], None
    for each in units:
        inside = [day for day in days if each.start <= day < each.end and day <= as_of]
        entry = days[max(inside)] if inside else None
        told = _point(base, figure, entry, each, scope, wanted) if entry else {}
        if entry and told:
            now = entry.told["definitions"][figure.name]
            told["changed"] = changed_words(base, before, now) if before else ""
            before = now
        rows.append({"period": each.label, "start": each.start, "end": each.end, "changed": ""} | told)
    columns = ["period", "start", "end", "as_of", "value", "status", "first_hand", "changed"]
    frame = pd.DataFrame(rows).reindex(columns=columns)
    return frame.assign(value=frame["value"].astype(float))


def _point(
    base: Base, figure: Figure, entry: Entry, each: Period, scope: str, wanted: list[str | None] | None
) -> dict[str, Any]:
    rows = history(base).values(entry, figure.name, scope, wanted)
    month = unit(entry.as_of, "month", base.fiscal).label
    rows = rows[rows["period"] == (month if figure.kind == "stock" or each.grain != "year" else each.label)]
    if rows.empty:
        return {}
    row = rows.iloc[0]
    return {"as_of": entry.as_of, "value": row["value"], "status": row["status"], "first_hand": entry.first_hand}


def day_for(base: Base, day: date, as_of: date, names: list[str], where: Filters) -> date | None:
    """The remembered day that stands for ``day``: it, the last one before it, else the first one after it."""
    scope, _, reason = place_of(base, [], where)
    if reason:
        return None
    days = sorted({each for name in names for each in history(base).days(name, scope=scope) if each < as_of})
    return max((each for each in days if each <= day), default=min(days, default=None))


def shared_period(figure: Figure, then: date, now: date, fiscal: int) -> Period | None:
    """The finest kept period that holds both days; of a stock the month of each, since it is of a day."""
    if figure.kind == "stock":
        return unit(now, "month", fiscal)
    for grain in ("month", "year"):
        if unit(then, grain, fiscal) == unit(now, grain, fiscal):
            return unit(now, grain, fiscal)
    return None


def check_since(since: date, as_of: date) -> None:
    """UsageError for a day that is not before the one it is compared with."""
    if since >= as_of:
        raise UsageError(f"since is {since}; expected a day before {as_of}, the day that it is seen at")
