"""Action plans against the planned curve (indicators.md 4.2)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .answers import Data, Fact, Span, Spec, by_then, day_of

SILENCE = 14  # days
BEHIND = Fraction(90, 100)


def is_running(row: dict, day: dt.date) -> bool:
    """Whether a plan ran at the close of a day: still does, or was closed later."""
    closed = day_of(row.get("closed_at"))
    return row["status"] == "running" or (closed is not None and closed > day)


def planned(row: dict, day: dt.date) -> Fraction | None:
    """The share of the plan's days gone, both ends included; None without a start, or an end after it."""
    start, due = row.get("start_date"), row["due_date"]
    if start is None or due is None or due < start:
        return None
    return max(Fraction(0), min(Fraction(1), Fraction((day - start).days + 1, (due - start).days + 1)))


@dataclass(frozen=True)
class Course:
    """How far a plan is at a day: what is known of progress and result, what was planned, the last word on it."""

    row: dict
    team: str | None
    target: Fraction | None
    progress: Fraction | None
    actual: Fraction | None
    planned: Fraction | None
    told: dt.date | None

    @property
    def effort(self) -> Fraction | None:
        """Progress over what was planned."""
        return self.progress / self.planned if self.planned and self.progress is not None else None

    @property
    def result(self) -> Fraction | None:
        """What was reached over what was expected by now."""
        return (
            self.actual / (self.target * self.planned)
            if self.planned and self.target and self.actual is not None
            else None
        )

    @property
    def quadrant(self) -> str | None:
        """Effort and result, each well from 90 % of plan."""
        if self.effort is None or self.result is None:
            return None
        names = {(True, True): "on_track", (True, False): "effort_no_result", (False, True): "result_no_effort"}
        return names.get((self.effort >= BEHIND, self.result >= BEHIND), "behind")


def course(data: Data, row: dict, span: Span, data_day: dt.date) -> Course:
    """A plan at a day: as it is today on the data's own day, before it from the history that the source keeps."""
    day, told = span.state, day_of(row.get("updated_at"))
    known = row
    past = [
        each for each in data.by("action_plan_history", "plan_id").get(row["plan_id"], []) if by_then(each["at"], day)
    ]
    last = max(past, key=lambda each: each["at"], default=None)
    if day < data_day and data.rows("action_plan_history"):
        known = last or {}
    days = [each for each in (told if told and told <= day else None, last and day_of(last["at"])) if each]
    team = row.get("team") or data.one("users", "user_id", row.get("owner_id")).get("team")
    goal = _exact(row.get("target_amount"))
    return Course(
        row, team, goal if goal and goal > 0 else None, _exact(known.get("progress")), _exact(known.get("actual_amount")),
        planned(row, day), max(days, default=row.get("start_date")),
    )  # fmt: skip


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def cents(number: Fraction) -> Decimal:
    """Rounded half away from zero to the cent."""
    return Decimal(math.floor(abs(number) * 100 + Fraction(1, 2))) / 100 * (-1 if number < 0 else 1)


def running(data: Data, span: Span, data_day: dt.date) -> list[Course]:
    """The plans that run at a day."""
    return [course(data, row, span, data_day) for row in data.rows("action_plans") if is_running(row, span.state)]


Part = Callable[[Course], tuple[Any, Any, str]]


def progress(at: Course) -> tuple[Any, Any, str]:
    """Target times progress over target."""
    code = "no_target" if at.target is None else "no_progress" if at.progress is None else ""
    return (None, None, code) if code else (cents(at.target * at.progress), at.target, "")  # type: ignore[operator]


def equal(at: Course) -> tuple[Any, Any, str]:
    """The mean progress of all plans, each weighing the same."""
    return at.progress, 1, "no_progress" if at.progress is None else ""


def pace(at: Course) -> tuple[Any, Any, str]:
    """Target times progress over target times planned progress."""
    num, _, code = progress(at)
    code = code or _time(at)
    return (None, None, code) if code else (num, cents(at.target * at.planned), "")  # type: ignore[operator]


def result(at: Course) -> tuple[Any, Any, str]:
    """What was reached over what was expected by now."""
    code = "no_target" if at.target is None else "no_actual" if at.actual is None else _time(at)
    return (None, None, code) if code else (at.actual, cents(at.target * at.planned), "")  # type: ignore[operator]


def _time(at: Course) -> str:
    return "" if at.planned is not None else "no_start" if at.row.get("start_date") is None else "no_due"


def facts(data: Data, span: Span, part: Part, data_day: dt.date) -> list[Fact]:
    """One fact per running plan; one that starts later is left out by rule."""
    found = []
    for at in running(data, span, data_day):
        num, den, code = part(at)
        start = at.row.get("start_date")
        early = start is not None and start > span.state
        own = {"team": at.team, "risk": at.row.get("risk"), "quadrant": at.quadrant}
        goal = at.row["target_amount"] if at.target is not None else None
        fact = Fact(
            at.row["plan_id"], span.state, at.row.get("account_id"), at.row.get("owner_id"), num, den, goal, own=own
        )
        fact.left = "excluded" if early else "missing" if code else ""
        fact.code = "not_started" if early else code
        fact.severity = urgent(at, span.state) if part is pace else None
        found.append(fact)
    return found


def urgent(at: Course, day: dt.date) -> str | None:
    """P1: late in the plan and under half of the result; P2: behind the plan; P3: nobody says how it goes."""
    if at.result is not None and at.result < Fraction(1, 2) and (at.planned or 0) >= Fraction(60, 100):
        return "P1"
    if at.effort is not None and at.effort < BEHIND:
        return "P2"
    return "P3" if at.told is not None and (day - at.told).days > SILENCE else None


_PLANS: dict[str, Any] = {
    "kind": "stock", "table": "action_plans", "dated": ("updated_at", "closed_at"), "ratio": True,
    "undated": "action_plan_history", "needs": ("action_plans",),
}  # fmt: skip


def specs(data_day: dt.date) -> dict[str, Spec]:
    """The figures of data loaded on a day."""
    parts = {"progress": progress, "progress_equal": equal, "pace": pace, "result": result}
    return {
        f"action_plan_{name}": Spec(
            f"action_plan_{name}", facts=lambda d, s, part=part: facts(d, s, part, data_day), **_PLANS
        )
        for name, part in parts.items()
    }
