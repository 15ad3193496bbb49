"""Indicators.md 1.4, calibrated: what stages really closed at, and open deals at that rate. Plain Python over rows."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from .facts import Company, cents, day_of, is_open, known_at, rows


def closed_by(deal: dict, day: dt.date) -> bool:
    """Whether a deal is won or lost at the close of a day; without a date it is at every day."""
    when = day_of(deal.get("closed_at"))
    return deal["status"] in ("won", "lost") and (when is None or when <= day)


def _is_closing(company: Company, stage: str) -> bool:
    return any(row["stage"] == stage and row.get("status") in ("won", "lost") for row in rows(company, "stages"))


def passages(company: Company, day: dt.date) -> list[tuple[dict, str, Fraction | None]]:
    """Each deal closed at a day, once per stage it went through before it closed, with what was declared there last."""
    found = []
    defaults = {row["stage"]: row["probability"] for row in rows(company, "stages")}
    for deal in (row for row in rows(company, "opportunities") if closed_by(row, day)):
        end = day_of(deal.get("closed_at"))
        steps = [row for row in rows(company, "opportunity_history") if row["opportunity_id"] == deal["opportunity_id"]]
        steps = [row for row in steps if end is None or day_of(row["at"]) <= end]  # type: ignore[operator]
        for stage in {row.get("stage") for row in steps if row.get("stage") is not None}:
            last = max((row for row in steps if row.get("stage") == stage), key=lambda row: row["at"])
            declared = last.get("probability") if last.get("probability") is not None else defaults.get(stage)
            found.append((deal, stage, None if declared is None else Fraction(declared)))
    return [each for each in found if not _is_closing(company, each[1])]


def realised(company: Company, day: dt.date, needed: int) -> dict[str, tuple[Fraction | None, int, Fraction | None]]:
    """By stage: won / closed (None under ``needed``), how many closed, the mean declared probability."""
    every, found = passages(company, day), {}
    for stage in {each[1] for each in every}:
        here = [each for each in every if each[1] == stage]
        known = [declared for *_, declared in here if declared is not None]
        rate = Fraction(sum(deal["status"] == "won" for deal, *_ in here), len(here))
        declared = sum(known, Fraction(0)) / len(known) if known else None
        found[stage] = (rate if len(here) >= needed else None, len(here), declared)
    return found


def calibrated(company: Company, day: dt.date, data_day: dt.date, needed: int) -> tuple[Fraction | None, int, int]:
    """Open deals x what their stage closed at; how many could be weighed, how many could not."""
    rates = realised(company, day, needed)
    total, used, left = Fraction(0), 0, 0
    for record in rows(company, "opportunities"):
        if not is_open(record, day):
            continue
        deal = record if day >= data_day else known_at(company, record, day)
        rate = rates.get(deal["stage"], (None,))[0]
        if deal["amount"] is None or rate is None:
            left += 1
            continue
        exact = deal["amount"] * rate.numerator / rate.denominator
        total, used = total + Fraction(cents(exact)), used + 1
    return (total if used or not left else None), used, left
