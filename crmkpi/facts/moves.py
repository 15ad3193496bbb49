"""What became of the rows of a stock from one day to another: new, won, lost, up, down, pushed out, pulled in.

For any figure whose header says how its rows end (``moves``); it names none. Each row has one move, and the moves add up
to the change of the stock to the cent. The state of a past day is the source's own where it dates what is weighed, else
what was remembered of it. Below it: :mod:`crmkpi.facts.compose`, :mod:`crmkpi.facts.known`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import Period, unit
from crmkpi.errors import UsageError
from crmkpi.facts import compose
from crmkpi.facts.base import Base
from crmkpi.facts.gaps import change_of
from crmkpi.facts.grid import Ask
from crmkpi.facts.known import check_since, day_words, history
from crmkpi.facts.measure import Filters, ids, places
from crmkpi.facts.result import records
from crmkpi.facts.rows import with_names
from crmkpi.history import ROWS
from crmkpi.indicators import Figure

MOVES = {
    "new": ("nouvelles", "new"), "pulled_in": ("avancées", "pulled in"), "taken": ("reprises", "taken over"),
    "up": ("en hausse", "up"), "down": ("en baisse", "down"), "won": ("gagnées", "won"), "lost": ("perdues", "lost"),
    "pushed_out": ("repoussées", "pushed out"), "handed": ("cédées", "handed over"), "gone": ("retirées", "removed"),
    "same": ("inchangées", "unchanged"),
}  # fmt: skip
"""What can become of a row, in the order of a waterfall."""
OF = ("value", "amount")
STANDING = "standing"
"""What is remembered of the data whoever asks: rows at some days."""
COLUMNS = ("move", "move_label", "id", "name", "customer", "rep", "team", "before", "after", "amount", "stage_before", "stage",
           "due_before", "due", "shift")  # fmt: skip
_KEPT = ("id", "account_id", "owner_id", "customer", "rep", "team", "business_unit", "name", "stage")


@dataclass
class Moves:
    """From ``reference`` at ``since`` to ``actual`` at ``as_of``: ``frame`` has each row and what became of it.

    Its columns: ``move`` (a code) and ``move_label``, ``id`` and whose it is, what it was worth ``before`` and ``after``,
    ``amount`` (the difference: they add up to ``change``), ``stage`` and ``due`` at both days, ``shift`` (days that it is
    due later). ``classes`` sums them by move. ``seen_by`` says where the past comes from, in words.
    """

    figure: Figure
    of: str
    as_of: date
    within: Period | None
    currency: str
    since: date | None = None
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    reference: float | None = None
    actual: float | None = None
    status: str = "unavailable"
    reason: str = ""
    seen_by: str = ""

    @property
    def unit(self) -> str:
        """The unit of what moves."""
        return "money" if self.of == "amount" else self.figure.unit

    @property
    def change(self) -> float | None:
        """Actual less reference; None where one of them is not known."""
        return change_of(self.reference, self.actual)

    @property
    def classes(self) -> pd.DataFrame:
        """The sums by move, in the order of a waterfall, without what is unchanged: how many, how much."""
        moved = self.frame[self.frame["move"] != "same"]
        summed = moved.groupby(["move", "move_label"], sort=False).agg(n=("id", "size"), amount=("amount", "sum"))
        summed = summed.reset_index().assign(amount=lambda each: each["amount"].astype(float).round(2))
        order = list(MOVES)
        return summed.sort_values("move", key=lambda each: each.map(order.index), ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; missing is None."""
        told = {"indicator": self.figure.name, "of": self.of, "since": str(self.since), "as_of": str(self.as_of)}
        told["within"] = self.within.label if self.within else ""
        numbers = {"reference": self.reference, "actual": self.actual, "change": self.change, "currency": self.currency}
        tables = {"rows": records(self.frame), "classes": records(self.classes)}
        return told | numbers | {"status": self.status, "reason": self.reason, "seen_by": self.seen_by} | tables


def moves(
    base: Base, figure: Figure, since: date, as_of: date, of: str, within: Period | None, where: Filters
) -> Moves:
    """What became of the rows of a figure from one day to another (see :meth:`Crm.moves`)."""
    if not figure.moves:
        known = [each.name for each in base.library.figures.values() if each.moves]
        raise UsageError(f"{figure.name} does not say how its rows end; moves are of {', '.join(known)}")
    if of not in OF:
        raise UsageError(f"of is {of!r}; expected value or amount")
    check_since(since, as_of)
    found = Moves(figure, of, as_of, within, str(base.engine.manifest.get("currency") or ""))
    absent = [table for table in figure.needs if not base.engine.has(table)]
    if absent:
        found.reason = base.lacks(absent)
    elif is_told(base, figure):
        found.since = since
        found.seen_by = base.say("d'après l'historique de la source", "from the history in the source")
        both = standing(base, figure, [since, as_of], where)
        _fill(base, found, both[both["day"] == since], both[both["day"] == as_of])
    else:
        _from_history(base, found, since, as_of, where)
    return found


def is_told(base: Base, figure: Figure) -> bool:
    """Whether the source itself tells what the rows of a stock were at a past day."""
    return bool(figure.moves) and base.engine.has(figure.moves[2])


def _from_history(base: Base, found: Moves, since: date, as_of: date, where: Filters) -> None:
    """The rows of the past as they were remembered: on that day, the last day before it, else the first day after it."""
    past = history(base)
    days = sorted(past.days(found.figure.name, ROWS))
    start = max((day for day in days if day <= since), default=min((d for d in days if d < as_of), default=None))
    end = as_of if as_of >= base.as_of else max((day for day in days if day <= as_of), default=None)
    if start is None or end is None or start >= end:
        first = day_words(base, min([base.as_of, *days]))
        found.reason = base.say(f"rien n'a été mémorisé avant le {first}", f"nothing was remembered before {first}")
        return
    apart = set(where) - {"rep", "team", "business_unit", "customer"}
    if apart:
        names = ", ".join(sorted(apart))
        found.reason = base.say(f"l'historique ne connaît pas : {names}", f"the history does not know {names}")
        return
    found.since = start
    day = day_words(base, start)
    found.seen_by = base.say(f"d'après ce qui a été mémorisé le {day}", f"from what was remembered on {day}")
    before = _filtered(base, _remembered(base, found.figure, start), where)
    now = _filtered(base, _remembered(base, found.figure, end), where) if end < base.as_of else None
    _fill(base, found, before, now if now is not None else standing(base, found.figure, [end], where))


def _remembered(base: Base, figure: Figure, day: date) -> pd.DataFrame:
    past = history(base)
    return past.rows(past.days(figure.name, ROWS)[day], figure.name)


def _filtered(base: Base, rows: pd.DataFrame, where: Filters) -> pd.DataFrame:
    """Remembered rows, with whether the filters keep them."""
    inside = pd.Series(True, index=rows.index)
    for name, wanted in where.items():
        column = rows[{"rep": "owner_id", "customer": "account_id"}.get(name, name)]
        known = ids(base, name, wanted)
        inside &= column.isin([each for each in known if each]) | (column.isna() & (None in known))
    return rows.assign(inside=inside)


def standing(base: Base, figure: Figure, days: Sequence[date], where: Filters) -> pd.DataFrame:
    """The rows of a stock at some days, those of others too: ``inside`` says whether the filters keep them.

    Rows that lack what is weighed are there without a value; those that are left out by rule are not.
    """
    rows = known_rows(base, figure.name, tuple(days), tuple(where)).copy()
    inside = pd.Series(True, index=rows.index)
    for number, name in enumerate(where):
        wanted, column = ids(base, name, where[name]), rows[f"w{number}"]
        inside &= column.isin([each for each in wanted if each is not None]) | (column.isna() & (None in wanted))
    lacking = rows["missing"].notna() if "missing" in rows else pd.Series(False, index=rows.index)
    for name in OF:
        rows[name] = rows[name].astype(float).mask(lacking) if name in rows else np.nan
    rows["day"], rows["due"] = pd.to_datetime(rows["day"]).dt.date, pd.to_datetime(rows["due"]).astype("datetime64[s]")
    for name in ("name", "stage"):
        rows[name] = rows.get(name)
    return rows.assign(inside=inside)[[*_KEPT, "day", "due", *OF, "inside"]]


def known_rows(base: Base, name: str, days: tuple[date, ...], by: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a stock at some days, each with its places ``w0``, ``w1``..., whoever asks (remembered)."""
    key = (STANDING, name, days, by)
    if key not in base.cache:
        base.forget(STANDING, 10)
        base.cache[key] = _rows_of(base, base.figure(name), days, by)
    return base.cache[key]


def _rows_of(base: Base, figure: Figure, days: Sequence[date], by: Sequence[str]) -> pd.DataFrame:
    spans = [Ask(unit(day, "day"), day).span(key) for key, day in enumerate(days)]
    columns, dimensions, _ = places(base, figure, by, {})
    query = compose.facts(figure, spans, base.library, base.engine, base.settings)
    source = compose.scope(query, figure, columns, spans, dimensions, [])
    source, named = with_names(base, figure, columns, source)
    source = compose.narrowed(source, "f.excluded is null") if "excluded" in columns else source
    kept = named | {
        "account_id": "f.account_id",
        "owner_id": "f.owner_id",
        "due": f'f."{figure.moves[1]}"',
        "value": "f.num",
    }
    kept |= {name: f"f.{name}" for name in ("id", "day", "name", "stage", "amount", "missing") if name in columns}
    kept |= {f"w{number}": each.expression for number, each in enumerate(dimensions)}
    picked = ", ".join(f'{text} as "{name}"' for name, text in kept.items())
    return base.engine.query(*query.ending(f"select {picked} {source}"))


def _fill(base: Base, found: Moves, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Put the moves between two states into an answer."""
    frame = between(before, after, _ends(base, found.figure), found.of, found.within)
    labels = {code: base.say(*pair) for code, pair in MOVES.items()}
    frame["move_label"] = frame["move"].map(labels)
    found.frame = frame[list(COLUMNS)]
    found.reference, found.actual = (round(float(frame[name].sum()), 2) for name in ("before", "after"))
    weighed = pd.concat([before, after])
    lacking = int(weighed[weighed["inside"].astype(bool) & weighed[found.of].isna()]["id"].nunique())
    found.status = "partial" if lacking else "ok"
    found.reason = (
        base.say(f"{lacking} sans valeur, comptées pour rien", f"{lacking} without a value, counted as nothing")
        if lacking
        else ""
    )


def _ends(base: Base, figure: Figure) -> dict[str, str]:
    """How the rows that are no longer there ended, by id."""
    view = figure.moves[0]
    query = compose.Query(base.engine, params=dict(base.settings))
    query.ctes = [f"{step.name} as (\n{step.sql}\n)" for step in base.library.steps(f"from {view}")]
    rows = base.engine.tuples(*query.ending(f"select id, became from {view}"))
    return {str(row[0]): str(row[1]) for row in rows}


def between(
    before: pd.DataFrame, after: pd.DataFrame, ends: dict[str, str], of: str = "amount", within: Period | None = None
) -> pd.DataFrame:
    """Each row of two states with its move and the difference it makes; ``within`` keeps what is due before its end.

    A state has ``id, inside, due, value, amount`` and who and what it is; ``ends`` says how rows ended, by id.
    """
    states = {"_before": before, "_after": after}
    parts = [_state(each, of, within).add_suffix(suffix) for suffix, each in states.items()]
    both = parts[0].join(parts[1], how="outer")
    there = {name: both[f"day_{name}"].notna() for name in ("before", "after")}
    inside = {name: both[f"inside_{name}"].eq(True) for name in there}
    counts = {name: both[f"counts_{name}"].eq(True) for name in there}
    cents = {name: (both[f"worth_{name}"].where(counts[name]).fillna(0.0) * 100).round() for name in there}
    change = cents["after"] - cents["before"]
    became = pd.Series(both.index.map(ends), index=both.index).where(lambda each: each.isin(list(MOVES)), "gone")
    came, left = counts["after"] & ~counts["before"], counts["before"] & ~counts["after"]
    moved = np.select(
        [counts["before"] & counts["after"] & (change == 0), counts["before"] & counts["after"] & (change > 0),
         counts["before"] & counts["after"], came & ~there["before"], came & ~inside["before"], came,
         left & ~there["after"], left & ~inside["after"]],
        ["same", "up", "down", "new", "taken", "pulled_in", became, "handed"], "pushed_out",
    )  # fmt: skip
    both.index.name = None
    frame = pd.DataFrame({"move": moved, "id": both.index, "amount": change / 100}, index=both.index)
    for name in there:
        frame[name] = (cents[name] / 100).where(counts[name] & both[f"worth_{name}"].notna())
    for name in ("name", "customer", "rep", "team"):
        frame[name] = both[f"{name}_after"].where(there["after"], both[f"{name}_before"])
    for name in ("stage", "due"):
        frame[f"{name}_before"], frame[name] = both[f"{name}_before"], both[f"{name}_after"]
    frame["shift"] = (frame["due"] - frame["due_before"]).dt.days
    frame = frame[left | came | (counts["before"] & counts["after"])]
    order = {move: place for place, move in enumerate(MOVES)}
    frame = frame.assign(place=frame["move"].map(order), size=frame["amount"].abs())
    return frame.sort_values(["place", "size", "id"], ascending=[True, False, True], ignore_index=True)


def _state(rows: pd.DataFrame, of: str, within: Period | None) -> pd.DataFrame:
    """A state by id: what a row is worth, whether the filters keep it, whether it counts."""
    due = pd.to_datetime(rows["due"]).astype("datetime64[s]")
    state = rows.assign(due=due, worth=rows[of].astype(float), inside=rows["inside"].astype(bool))
    near = due < pd.Timestamp(within.end) if within else True
    return state.assign(counts=state["inside"] & near).set_index("id")
