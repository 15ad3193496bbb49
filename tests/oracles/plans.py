"""Action plans against the planned curve (indicators.md 4.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .answers import Data, Fact, Span, Spec, by_then, day_of

SILENCE = 14


def is_running(row: dict, day: dt.date) -> bool:
    """Whether a plan ran at the close of a day: still does, or was closed later."""
    closed = day_of(row.get("closed_at"))
    return row["status"] == "running" or (closed is not None and closed > day)


def planned(row: dict, day: dt.date) -> Fraction | None:
    """The share of the plan's days gone, both ends included; None without a start."""
    start, due = row.get("start_date"), row["due_date"]
    if start is None or due is None:
        return None
    if day >= due:
        return Fraction(1)
    return max(Fraction(0), Fraction((day - start).days + 1, (due - start).days + 1))


@dataclass(frozen=True)
class Course:
    """How far a plan is at a day: what is known of progress and result, what was planned."""

    row: dict
    target: Fraction | None
    progress: Fraction | None
    actual: Fraction | None
    planned: Fraction | None


def course(data: Data, row: dict, day: dt.date) -> Course:
    """A plan at a day: from its history where the source keeps one, else as it is today."""
    goal = row.get("target_amount")
    progress, actual = row.get("progress"), row.get("actual_amount")
    if data.rows("action_plan_history"):
        past = data.by("action_plan_history", "plan_id").get(row["plan_id"], [])
        known = sorted((each for each in past if by_then(each["at"], day)), key=lambda each: each["at"])
        progress = next((each["progress"] for each in reversed(known) if each["progress"] is not None), progress)
        actual = next((each["actual_amount"] for each in reversed(known) if each["actual_amount"] is not None), actual)
    return Course(row, _exact(goal) if goal and goal > 0 else None, _exact(progress), _exact(actual), planned(row, day))


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def running(data: Data, day: dt.date) -> list[Course]:
    """The plans that run at a day."""
    return [course(data, row, day) for row in data.rows("action_plans") if is_running(row, day)]


def _fact(at: Course, day: dt.date, num: Any, den: Any, code: str, left: str = "missing", **more: Any) -> Fact:
    more["own"] = {"team": at.row.get("team")} if more.pop("booked", False) else {}
    return Fact(at.row["plan_id"], day, at.row.get("account_id"), at.row.get("owner_id"), num, den, at.row.get("target_amount"),
                left=left if code else "", code=code, **more)  # fmt: skip


def _booked(data: Data) -> bool:
    return any(row.get("team") is not None for row in data.rows("action_plans"))


def progress(data: Data, span: Span) -> list[Fact]:
    """Target times progress over target."""
    found = []
    for at in running(data, span.state):
        code = "no_target" if at.target is None else "no_progress" if at.progress is None else ""
        num = None if code else at.target * at.progress  # type: ignore[operator]
        found.append(_fact(at, span.state, num, at.target, code, booked=_booked(data)))
    return found


def equal(data: Data, span: Span) -> list[Fact]:
    """The mean progress of all plans, each weighing the same."""
    return [
        _fact(at, span.state, at.progress, 1, "no_progress" if at.progress is None else "", booked=_booked(data))
        for at in running(data, span.state)
    ]


def pace(data: Data, span: Span) -> list[Fact]:
    """Target times progress over target times planned progress."""
    found = []
    for at in running(data, span.state):
        code = "no_target" if at.target is None else "no_progress" if at.progress is None else _time(at)
        left = "excluded" if code == "not_started" else "missing"
        num, den = (None, None) if code else (at.target * at.progress, at.target * at.planned)  # type: ignore[operator]
        severity = urgent(at, span.state)
        found.append(_fact(at, span.state, num, den, code, left, severity=severity, booked=_booked(data)))
    return found


def _time(at: Course) -> str:
    return "no_start" if at.planned is None else "not_started" if not at.planned else ""


def result(data: Data, span: Span) -> list[Fact]:
    """What was reached over what was expected by now."""
    found = []
    for at in running(data, span.state):
        code = "no_target" if at.target is None else "no_actual" if at.actual is None else _time(at)
        left = "excluded" if code == "not_started" else "missing"
        den = None if code else at.target * at.planned  # type: ignore[operator]
        found.append(_fact(at, span.state, at.actual, den, code, left, booked=_booked(data)))
    return found


def urgent(at: Course, day: dt.date) -> str | None:
    """P1: late in the plan and under half of the result; P2: behind the plan; P3: nobody says how it goes."""
    gone = at.planned or Fraction(0)
    if gone >= Fraction(60, 100) and at.actual is not None and at.target and at.actual < at.target * gone / 2:
        return "P1"
    if gone and at.progress is not None and at.progress < Fraction(9, 10) * gone:
        return "P2"
    told = day_of(at.row.get("updated_at"))
    return "P3" if told is not None and (day - told).days > SILENCE else None


_PLANS: dict[str, Any] = {
    "kind": "stock", "table": "action_plans", "dated": ("updated_at", "closed_at"), "ratio": True,
    "undated": "action_plan_history", "needs": ("action_plans",),
}  # fmt: skip
SPECS = {
    name: Spec(name, facts=facts, **_PLANS)
    for name, facts in (
        ("action_plan_progress", progress),
        ("action_plan_progress_equal", equal),
        ("action_plan_pace", pace),
        ("action_plan_result", result),
    )
}
