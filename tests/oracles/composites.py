"""Composites of family 1: formulas over figures and targets, evaluated after grouping (indicators.md 1.1 and 1.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

from . import calendar
from .calendar import DAY, Period
from .commercial import Key, Where, answer, at, scoped
from .facts import Company, Fact, facts, place, rows


def _group(company: Company, found: Iterable[Fact], where: Where, by: list[str], key: Key) -> list[Fact]:
    return [f for f in scoped(company, found, where) if tuple(place(company, f, dim) for dim in by) == key]


def landing(company: Company, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key) -> Fraction | None:
    """Revenue to date / (working days elapsed / working days of the period); no value at 0 elapsed."""
    window = calendar.to_date(period, as_of)
    revenue = at(company, "invoiced_revenue", window, where, by, key)["value"]
    elapsed = calendar.open_days(*window)
    if revenue is None or period.unit == "all" or not elapsed:
        return None
    return revenue / Fraction(elapsed, calendar.open_days(period.start, period.end))


def _invoiced(company: Company, as_of: dt.date) -> set[str]:
    return {
        row["order_id"]
        for row in rows(company, "invoices")
        if row["status"] == "posted"
        and row["type"] != "deposit"
        and row["invoice_date"]
        and row["invoice_date"] <= as_of
    }


def _booked(company: Company, as_of: dt.date) -> list[dict]:
    return [
        row
        for row in rows(company, "orders")
        if row["status"] in ("confirmed", "delivered") and row["order_date"] and row["order_date"] <= as_of
    ]


def landing_pipeline(company: Company, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key):
    """Revenue to date + orders not yet invoiced due in the rest + weighted opportunities signing in the rest."""
    window = calendar.to_date(period, as_of)
    revenue = at(company, "invoiced_revenue", window, where, by, key)["value"]
    if revenue is None or period.unit == "all":
        return None
    due = {
        row["order_id"]
        for row in _booked(company, as_of)
        if row["order_id"] not in _invoiced(company, as_of)
        and _in_rest(row.get("requested_delivery_date"), period, as_of)
    }
    ordered = {row.get("opportunity_id") for row in _booked(company, as_of)}
    orders = [f for f in facts(company, "ordered_amount") if f.id in due]
    deals = [
        f
        for f in facts(company, "weighted_pipeline", as_of)
        if not f.left and f.id not in ordered and _in_rest(f.row["expected_close_date"], period, as_of)  # type: ignore[index]
    ]
    extra = [f.num for f in _group(company, orders + deals, where, by, key)]
    return revenue + sum((Fraction(each) for each in extra), Fraction(0))  # type: ignore[arg-type]


def _in_rest(day: dt.date | None, period: Period, as_of: dt.date) -> bool:
    return day is not None and max(as_of + DAY, period.start) <= day < period.end


def needed_pace(company: Company, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key):
    """max(0, target - revenue to date) / working days left; no value without a target or a day left."""
    row = answer(company, "invoiced_revenue", period, as_of, where, by, key)
    left = calendar.open_days(calendar.to_date(period, as_of)[1], period.end)
    goal = row["whole_target"]
    if goal is None or row["value"] is None or not left:
        return None
    return max(Fraction(0), goal - row["value"]) / left


def pipeline_coverage(company: Company, period: Period, as_of: dt.date, where: Where, by: list[str], key: Key):
    """Open amount signing in the period, not overdue / (target - ordered amount); no value once it is reached."""
    row = answer(company, "ordered_amount", period, as_of, where, by, key)
    goal = row["whole_target"]
    if goal is None or row["value"] is None or goal <= row["value"]:
        return None
    if not rows(company, "opportunities"):  # without any opportunity in the source there is no pipeline to speak of
        return None
    day = min(period.end - DAY, as_of)
    signing = [
        f
        for f in facts(company, "open_opportunities", day)
        if not f.left
        and f.amount is not None
        and f.row["expected_close_date"]  # type: ignore[index]
        and max(period.start, day) <= f.row["expected_close_date"] < period.end  # type: ignore[index]
    ]
    total = sum((Fraction(f.amount) for f in _group(company, signing, where, by, key)), Fraction(0))  # type: ignore[arg-type]
    return total / (goal - row["value"])


COMPOSITES = {
    "landing": landing,
    "landing_pipeline": landing_pipeline,
    "needed_pace": needed_pace,
    "pipeline_coverage": pipeline_coverage,
}
