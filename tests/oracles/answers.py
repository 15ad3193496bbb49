"""From facts to whole answers, for any figure: rules 1, 3, 4, 6, 7, 8 and 11 of indicators.md, and no figure's name.

A figure is a :class:`Spec`; its facts come from a function of the data and a :class:`Span`. ``answer`` gives every
row of one question: value, parts, coverage, status, comparisons, target.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from . import calendar, targets
from .calendar import DAY, Period

Number = Decimal | Fraction | int
Key = tuple
PLACES = ("rep", "team", "business_unit")


def day_of(moment: dt.date | dt.datetime | None) -> dt.date | None:
    """The day of a moment: everything is compared as dates."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def by_then(moment: dt.date | dt.datetime | None, day: dt.date) -> bool:
    """Whether something dated had happened at the close of a day; what has no date had not."""
    found = day_of(moment)
    return found is not None and found <= day


def existed(row: dict, day: dt.date) -> bool:
    """Whether a record was there at the close of a day: without a creation day it always was."""
    return row.get("created_at") is None or by_then(row["created_at"], day)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier, or the last day of that month."""
    number = day.year * 12 + day.month - 1 - months
    last = calendar.first_of(number + 1) - DAY
    return min(last, calendar.first_of(number) + DAY * (day.day - 1))


def _read(row: dict) -> dict:
    """A row as it is loaded: texts without spaces around them, an empty one is none."""
    return {name: (value.strip(" ") or None) if isinstance(value, str) else value for name, value in row.items()}


class Data:
    """A company's tables without the rows marked deleted, with look-ups made once."""

    def __init__(self, tables: dict[str, list[dict]]) -> None:
        self.tables = {name: [_read(row) for row in rows if not row.get("is_deleted")] for name, rows in tables.items()}
        self.names = {name for name, rows in tables.items() if rows}
        for name, rows in tables.items():
            self.names |= {
                f"{name}.{key}" for row in map(_read, rows) for key, value in row.items() if value is not None
            }
        self._found: dict = {}

    def has(self, name: str) -> bool:
        """Whether the source supplied a table, or any value of ``table.column``, deleted rows included."""
        return name in self.names

    def rows(self, table: str) -> list[dict]:
        """The rows that count."""
        return self.tables.get(table, [])

    def by(self, table: str, column: str) -> dict[Any, list[dict]]:
        """The rows of a table by a column's value."""
        return self.once((table, column), lambda: _grouped(self.rows(table), column))

    def one(self, table: str, column: str, value: Any) -> dict:
        """The row with a key, or nothing."""
        return next(iter(self.by(table, column).get(value, [])), {}) if value is not None else {}

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, made once."""
        if key not in self._found:
            self._found[key] = make()
        return self._found[key]

    @cached_property
    def users(self) -> list[dict]:
        """The users of today."""
        return self.rows("users")


def _grouped(rows: list[dict], column: str) -> dict[Any, list[dict]]:
    found: dict[Any, list[dict]] = defaultdict(list)
    for row in rows:
        found[row.get(column)].append(row)
    return dict(found)


@dataclass(frozen=True)
class Span:
    """What is counted of a period, ``[start, stop)``; its ``end``; the day of stocks; the day of the question."""

    start: dt.date
    stop: dt.date
    end: dt.date
    seen: dt.date

    @property
    def state(self) -> dt.date:
        """The last day counted."""
        return self.stop - DAY

    @property
    def opening(self) -> dt.date:
        """The day before the period."""
        return self.start - DAY


@dataclass
class Fact:
    """One row of a figure; ``left`` is '', excluded or missing, ``code`` why; ``weight`` its money in the coverage.

    ``amount`` counts once per ``once`` in any group; ``own`` are its own dimensions, ``listed`` what its list says.
    """

    id: str
    day: dt.date | None
    account_id: str | None
    owner_id: str | None
    num: Number | None = 1
    den: Number | None = None
    amount: Decimal | None = None
    left: str = ""
    code: str = ""
    weight: Decimal | None = None
    severity: str | None = None
    own: dict[str, str | None] = field(default_factory=dict)
    once: str | None = None
    listed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Spec:
    """How a figure adds up. ``table`` and ``dated``: where a stock's data begin; ``helps``: what it is partial without.

    ``undated``: a past day is partial, unless the table it names is there.
    """

    name: str
    kind: str
    facts: Callable[[Data, Span], list[Fact]]
    table: str
    dated: tuple[str, ...] = ("created_at",)
    ratio: bool = False
    in_money: bool = False
    target: str = ""
    helps: tuple[str, ...] = ()
    undated: str | bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked: a period as seen at a day, filters, groups."""

    period: Period
    as_of: dt.date
    data_day: dt.date
    by: tuple[str, ...] = ()
    where: dict[str, list] = field(default_factory=dict)


def place(data: Data, fact: Fact, dimension: str) -> str | None:
    """What a fact counts for in a dimension: an id, a word, or None (its own group)."""
    if dimension in fact.own:
        return fact.own[dimension]
    if dimension in ("rep", "customer"):
        return fact.owner_id if dimension == "rep" else fact.account_id
    if dimension in ("segment", "industry"):
        return data.one("accounts", "account_id", fact.account_id).get(dimension)
    return data.one("users", "user_id", fact.owner_id).get(dimension)


def selected(data: Data, spec: Spec, span: Span) -> list[Fact]:
    """The facts of a span, used or left out; a flow's without a day are missing from every one."""
    if spec.kind != "flow":
        return data.once((spec.name, span), lambda: spec.facts(data, span))
    found = data.once((spec.name, span.seen), lambda: spec.facts(data, span))
    for fact in found:
        if fact.day is None and not fact.left:
            fact.left, fact.code = "missing", "no_date"
    return [fact for fact in found if fact.day is None or span.start <= fact.day < span.stop]


def begins(data: Data, spec: Spec, span: Span) -> dt.date | None:
    """The first day of a figure's data, before any filter."""
    if spec.kind == "flow":
        every = data.once((spec.name, span.seen), lambda: spec.facts(data, span))
        return min((fact.day for fact in every if fact.day and fact.left != "excluded"), default=None)
    return data.once(("begins", spec.table, spec.dated), lambda: _first(data, spec))


def _first(data: Data, spec: Spec) -> dt.date | None:
    found = (day_of(row.get(column)) for row in data.rows(spec.table) for column in spec.dated)
    return min((day for day in found if day), default=None)


NOTHING = {"num": None, "den": None, "value": None, "amount": None, "n": 0, "coverage": None, "status": "unavailable"}


def _coverage(used: list[Fact], missing: list[Fact], in_money: bool) -> Fraction | None:
    if not used and not missing:
        return None
    if not missing:
        return Fraction(1)
    weights = [None if f.weight is None else Fraction(abs(f.weight)) for f in used + missing]
    known = [weight for weight in weights if weight is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else Fraction(0)
    every = [mean if weight is None else weight for weight in weights]
    if not in_money or not sum(every):
        return Fraction(len(used), len(used) + len(missing))
    return Fraction(sum(every[: len(used)])) / sum(every)


def _amounts(used: list[Fact]) -> list[Decimal]:
    """The amounts that count: one per ``once`` key, the largest."""
    found: dict[Any, Decimal] = {}
    for number, fact in enumerate(used):
        if fact.amount is not None:
            key = number if fact.once is None else fact.once
            found[key] = max(found.get(key, fact.amount), fact.amount)
    return list(found.values())


def add_up(spec: Spec, inside: list[Fact]) -> dict[str, Any]:
    """One row: the sums, the value, how many, and how sure."""
    used = [fact for fact in inside if not fact.left]
    missing = [fact for fact in inside if fact.left == "missing"]
    covered = _coverage(used, missing, spec.in_money)
    num = sum((Fraction(f.num) for f in used), Fraction(0))  # type: ignore[arg-type]
    den = sum((Fraction(f.den) for f in used), Fraction(0)) if spec.ratio else None  # type: ignore[arg-type]
    money = _amounts(used)
    row = dict(NOTHING, coverage=covered, n=sum(bool(f.den) if spec.ratio else True for f in used), num=num, den=den)
    row["amount"] = None if used and not money else sum(money, Decimal(0))
    unknown = (missing and not used) or (spec.ratio and den == 0)
    if unknown or (covered is not None and covered < Fraction(1, 5)):
        return row
    row["value"] = num / den if den is not None else num
    row["status"] = "ok" if covered is None or covered >= Fraction(95, 100) else "partial"
    return row


def _weakened(data: Data, spec: Spec, row: dict, span: Span, asked: Question, some: bool) -> dict:
    """Partial where the source lacks what helps, or does not date what a past day needs."""
    lacks = any(not data.has(name) for name in spec.helps)
    past = bool(spec.undated) and spec.undated not in data.names and span.state < asked.data_day and some
    if row["status"] == "ok" and (lacks or past):
        row["status"] = "partial"
    return row


def groups_at(data: Data, spec: Spec, span: Span | None, asked: Question, by: list[str]) -> dict[Key, dict]:
    """The rows of every group with facts in a span, and the whole under ``None``; empty where nothing is known."""
    if span is None or span.start >= span.stop or any(table not in data.names for table in spec.needs):
        return {}
    facts = selected(data, spec, span)
    inside = [f for f in facts if all(place(data, f, dim) in wanted for dim, wanted in asked.where.items())]
    inside = [f for f in inside if f.left != "excluded"]
    first = begins(data, spec, span)
    if not any(f.day for f in inside) and (first is None or first > span.state):
        return {}
    parts: dict[Key, list[Fact]] = defaultdict(list)
    for fact in inside:
        parts[tuple(place(data, fact, dim) for dim in by)].append(fact)
    found = {key: _weakened(data, spec, add_up(spec, part), span, asked, True) for key, part in parts.items()}
    empty = _weakened(data, spec, add_up(spec, []), span, asked, False)
    whole = _weakened(data, spec, add_up(spec, inside), span, asked, bool(inside))
    return defaultdict(lambda: dict(empty), found) | {WHOLE: whole}


WHOLE: Key = ("the whole",)


def _compared(asked: Question, period: Period) -> dict[str, Span | None]:
    found: dict[str, Span | None] = {}
    age = max(asked.as_of - (period.end - DAY), 0 * DAY)  # a finished period is compared at equal age
    for column, other in (("previous", calendar.previous(period)), ("last_year", calendar.last_year(period))):
        window = calendar.compared(other, period, asked.as_of)
        found[column] = Span(*window, other.end, window[1] - DAY + age) if other and window else None
    return found


def _target(data: Data, spec: Spec, asked: Question, period: Period, by: list[str], key: Key):
    """The group's target, at the finest place scope asked for; none under any other filter or breakdown."""
    every = set(by) | set(asked.where)
    if every - set(PLACES) or not spec.target:
        return None
    scope = next((each for each in PLACES if each in every), "company")
    if scope not in by and by:
        return None
    ids = [key[by.index(scope)]] if scope in by else asked.where.get(scope, [None])
    return targets.target(data.rows("targets"), data.users, spec.target, scope, ids, period, asked.as_of)


def _aimed(data: Data, spec: Spec, asked: Question, period: Period, by: list[str]) -> set[Key]:
    """The groups of one place dimension that were given a target: shown even without a row."""
    if len(by) != 1 or by[0] not in PLACES or asked.where or not spec.target:
        return set()
    ids = {row["scope_id"] for row in data.rows("targets") if row["scope"] == by[0] and row["metric"] == spec.target}
    own = [row for row in data.rows("targets") if row["scope"] == by[0]]
    goals = {each: targets.target(own, data.users, spec.target, by[0], [each], period, asked.as_of) for each in ids}
    return {(who,) for who, goal in goals.items() if goal and goal.value}


def answer(data: Data, spec: Spec, asked: Question, more: Iterable[Key] = ()) -> dict[Key, dict]:
    """Every row of a question, by group, and those of ``more`` groups; ``()`` alone without a breakdown."""
    unit = next((dim for dim in asked.by if dim in calendar.UNITS), None)
    by = [dim for dim in asked.by if dim != unit]
    if unit is None:
        return _answer(data, spec, asked, asked.period, by, set(more))
    at = asked.by.index(unit)
    return {
        (*key[:at], label, *key[at:]): row
        for label, part in calendar.parts(asked.period, unit).items()
        for key, row in _answer(
            data, spec, asked, part, by, {(*key[:at], *key[at + 1 :]) for key in more if key[at] == label}
        ).items()
    }


def _answer(data: Data, spec: Spec, asked: Question, period: Period, by: list[str], more: set[Key]) -> dict[Key, dict]:
    window = calendar.to_date(period, asked.as_of)
    now = groups_at(data, spec, Span(*window, period.end, asked.as_of), asked, by)
    others = {name: groups_at(data, spec, span, asked, by) for name, span in _compared(asked, period).items()}
    keys = set(now) | _aimed(data, spec, asked, period, by) | more
    keys |= {key for found in others.values() for key, row in found.items() if row["n"]}
    found = {}
    for key in keys - {WHOLE} if by else {()}:
        row = row_of(now, key if by else WHOLE)
        for name, rows in others.items():
            row[name] = row_of(rows, key if by else WHOLE)["value"]
        found[key] = _aimed_at(row, _target(data, spec, asked, period, by, key))
    return found


def row_of(rows: dict[Key, dict], key: Key) -> dict:
    """A group's row; without facts the sum is 0, unless nothing at all is known."""
    return dict(rows[key]) if isinstance(rows, defaultdict) or key in rows else dict(NOTHING)


def _aimed_at(row: dict, goal: targets.Target | None) -> dict:
    row |= {"target": None, "target_to_date": None, "attainment": None}
    if goal is None:
        return row
    row |= {"target": goal.value, "target_to_date": goal.to_date}
    if goal.whole and goal.to_date and row["value"] is not None:
        row["attainment"] = row["value"] / goal.to_date
    if goal.partial and row["status"] == "ok":
        row["status"] = "partial"
    return row
