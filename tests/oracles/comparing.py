"""An answer and a list of the engine against the oracle's, number by number, in words."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from . import calendar
from .answers import Data, Fact, Question, Span, Spec, answer, place, selected
from .calendar import DAY

COMPARE = ["previous", "last_year", "target"]
ALWAYS = ("value", "target", "target_to_date", "attainment", "previous", "last_year")
NUMBERS = (*ALWAYS, "num", "den", "amount", "n")


def known(value: Any) -> Any:
    """None for whatever a frame calls missing, else the value itself."""
    return None if value is None or value != value else value


def same(got: Any, wanted: Any) -> bool:
    """Equal to the ninth digit, or both missing; never zero for missing."""
    got, wanted = known(got), known(wanted)
    if got is None or wanted is None:
        return got is None and wanted is None
    return math.isclose(float(got), float(wanted), rel_tol=1e-9, abs_tol=1e-6)


@dataclass(frozen=True)
class Asked:
    """A question in the words of a caller."""

    name: str
    period: str
    as_of: dt.date
    by: tuple[str, ...] = ()
    where: dict[str, list] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Any]:
        """The arguments of the engine; the group without an id is the empty text."""
        kept = {dim: ["" if each is None else each for each in ids] for dim, ids in self.where.items()}
        return {"period": self.period, "as_of": self.as_of, "where": kept, "settings": self.settings}

    def question(self, data_day: dt.date) -> Question:
        """The same for the oracle."""
        return Question(calendar.parse(self.period, self.as_of), self.as_of, data_day, self.by, self.where)

    @property
    def span(self) -> Span:
        """What is counted of the period."""
        period = calendar.parse(self.period, self.as_of)
        return Span(*calendar.to_date(period, self.as_of), period.end, self.as_of)


def keys_of(frame: Any, by: tuple[str, ...]) -> list[tuple]:
    """The groups of a frame, by id where a dimension has one."""
    columns = [dim if dim in calendar.UNITS or f"{dim}_id" not in frame else f"{dim}_id" for dim in by]
    return [tuple(known(row[column]) for column in columns) for row in frame.to_dict("records")]


def mistakes(row: dict, wanted: dict, *, money: bool = True) -> list[str]:
    """The columns of one row that differ."""
    numbers = [each for each in (NUMBERS if wanted["value"] is not None else ALWAYS) if money or each != "amount"]
    found = [
        f"{each}: got {row[each]}, wanted {_float(wanted[each])}"
        for each in numbers
        if not same(row[each], wanted[each])
    ]
    if row["status"] != wanted["status"]:
        found.append(f"status: got {row['status']} ({row['reason']}), wanted {wanted['status']}")
    if row["status"] != "ok" and not row["reason"]:
        found.append(f"reason: none for {row['status']}")
    if wanted["coverage"] is not None and not same(row["coverage"], wanted["coverage"]):
        found.append(f"coverage: got {row['coverage']}, wanted {float(wanted['coverage'])}")
    return found


def _float(number: Any) -> Any:
    return None if number is None else float(number)


def differences(crm: Any, data: Data, spec: Spec, asked: Asked) -> list[str]:
    """Every cell of an answer that is not the oracle's, every group that only one of them has."""
    result = crm.kpi(asked.name, by=list(asked.by), compare=COMPARE, **asked.words)
    rows = result.frame.to_dict("records")
    got = dict(zip(keys_of(result.frame, asked.by), rows, strict=True)) if asked.by else {(): rows[0]}
    wanted = answer(data, spec, asked.question(crm.as_of), got)
    shown = {key for key, row in wanted.items() if row["n"] or row["coverage"] is not None}
    found = [f"{key}: no such row" for key in shown - set(got)]
    money = "amount" in crm.base.columns(crm.figures[asked.name])
    return found + [f"{key} {each}" for key in got for each in mistakes(got[key], wanted[key], money=money)]


def listed(crm: Any, data: Data, spec: Spec, asked: Asked, *, severities: bool = True) -> list[str]:
    """Every fact of a list that is not the oracle's: its numbers, whether it counts, its alert."""
    used, left = (crm.facts(asked.name, left_out=out, **asked.words) for out in (False, True))
    known_of = asked.span.start < asked.span.stop and set(spec.needs) <= data.names
    facts = selected(data, spec, asked.span) if known_of else []
    facts = [f for f in facts if all(place(data, f, dim) in ids for dim, ids in asked.where.items())]
    rows = {row["id"]: row for frame in (used, left) for row in frame.to_dict("records")}
    wanted = {fact.id: fact for fact in facts}
    found = [
        f"{each}: not in the list" for each, fact in wanted.items() if each not in rows and fact.left != "excluded"
    ]
    found += [
        f"{each}: a fact too many" for each, row in rows.items()
        if each not in wanted and known(row.get("left_out")) != "excluded"
    ]  # fmt: skip
    if len(rows) != len(used) + len(left):
        found.append("an id comes twice")
    codes = Counter(fact.code for fact in facts if fact.left == "missing")
    lacks = {code: n for code, n in crm.left_out(asked.name, **asked.words).items() if code in codes}
    found += [f"left out for lack of data: got {lacks}, wanted {dict(codes)}"] * (lacks != codes)
    for each in rows.keys() & wanted.keys():
        found += [f"{each} {text}" for text in _fact_mistakes(rows[each], wanted[each], severities)]
    return found


def _fact_mistakes(row: dict, fact: Fact, severities: bool) -> list[str]:
    status = known(row.get("left_out")) or ""
    if status != fact.left:
        return [f"left: got {status!r} {known(row.get('reason'))}, wanted {fact.left!r} {fact.code}"]
    found = []
    if fact.left:
        return found
    pairs = {"num": fact.num, "den": fact.den} | ({"amount": fact.amount} if known(row.get("amount")) else {})
    found += [
        f"{name}: got {row[name]}, wanted {_float(value)}"
        for name, value in pairs.items()
        if not same(row[name], value)
    ]
    if severities and known(row.get("severity")) != fact.severity:
        found.append(f"severity: got {row.get('severity')} ({known(row.get('alert_reason'))}), wanted {fact.severity}")
    return found


def adds_up(crm: Any, asked: Asked, by: tuple[str, ...]) -> list[str]:
    """Whether the list adds up to the number, and the groups of a breakdown too."""
    whole, groups = (crm.kpi(asked.name, by=list(each), **asked.words) for each in ((), by))
    rows, found = crm.facts(asked.name, **asked.words), []
    for name in ("num", "den", "amount"):
        if whole.row[name] is not None and name in crm.base.columns(crm.figures[asked.name]):
            for what, frame in (("list", rows), ("groups", groups.frame)):
                total = math.fsum(float(each) for each in frame[name] if known(each) is not None)
                found += [f"{name} of the {what}: {total}, not {whole.row[name]}"] * (not same(total, whole.row[name]))
    return found


BREAKDOWNS: list[tuple[str, ...]] = [
    (), (), ("rep",), ("team",), ("business_unit",), ("customer",), ("segment",), ("industry",), ("month",),
    ("rep", "month"), ("team", "segment"), ("quarter",), ("week",), ("year",), ("rep", "team"), ("business_unit", "month"),
]  # fmt: skip
PLACES = ("rep", "team", "business_unit", "customer", "segment", "industry")


def periods(day: dt.date) -> list[str]:
    """Texts of periods around a day, of every kind."""
    week = day.isocalendar()
    return [
        f"{day:%Y-%m}", f"{day:%Y-%m}", f"{day.year}", f"{day.year}-Q{(day.month + 2) // 3}", f"{week[0]}-W{week[1]:02}",
        f"{day}", f"{day - DAY * 40:%Y-%m}", f"{day.year - 1}", f"{day - DAY * 10}/{day + DAY * 5}",
        f"{day - DAY * 60}/{day - DAY * 30}",
    ]  # fmt: skip


def question(seed: int, data: Data, spec: Spec, as_of: dt.date, own: tuple[str, ...] = ()) -> Asked:
    """A random question about a figure: period, day (often past), breakdown, filter."""
    rng = random.Random(f"{spec.name} {seed}")
    seen = rng.choice([as_of, as_of, as_of, as_of - DAY * 3, as_of - DAY * 31, as_of - DAY * 365])
    by = rng.choice([*BREAKDOWNS, *((each,) for each in own), *((each, "rep") for each in own)])
    period = rng.choice(periods(seen))
    if "week" in by and len(period) == 4:  # 53 weeks tell no more than 5
        period = f"{seen:%Y-%m}"
    asked = Asked(spec.name, period, seen)
    found = selected(data, spec, asked.span) if asked.span.start < asked.span.stop else []
    where = {}
    for dim in rng.sample([*PLACES, *own], rng.choice([0, 0, 1, 1, 2])):
        choices = sorted({place(data, fact, dim) for fact in found}, key=str)
        if choices:
            where[dim] = rng.sample(choices, min(len(choices), rng.choice([1, 2, 20])))
    return Asked(spec.name, period, seen, by, where)
