"""Customers by hand: their own cycles, who is active, inactive or lost at a day, churn and false alarms.

Accounts are numbered and days are whole numbers: millions of order days are looked up by one sorted key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.all_by_pandas.base import DAY, SPANS, YEAR, Files, Timeline, facts, numbers, told
from benchmarks.all_by_pandas.commercial import orders

NEVER = 99_999
CYCLE, OWN_DAYS, SEGMENT = 90.0, 4, 5


class Customers(NamedTuple):
    """Order days in the order of customers and days, and what is set on the customers' accounts."""

    days: pd.DataFrame
    line: Timeline
    segments: list[np.ndarray]
    segment: np.ndarray
    fixed: np.ndarray
    answers: Timeline
    answer_codes: np.ndarray


def customers(files: Files) -> Customers:
    """The customers of the company."""
    rows = orders(files, "account_id", "amount")
    rows = rows[(rows["amount"] > 0) & rows["account_id"].notna() & rows["order_date"].notna()]
    rows = rows.assign(code=(found := pd.factorize(rows["account_id"]))[0])
    days = rows.groupby(["code", "order_date"])["amount"].sum().rename("revenue").reset_index()
    days["day"] = numbers(days["order_date"])
    of_code = days.groupby("code")
    days["number"] = of_code.cumcount() + 1
    days["so_far"] = of_code["revenue"].cumsum()
    days["next"] = of_code["day"].shift(-1).fillna(NEVER).astype("int64")
    gaps = days["day"] - of_code["day"].shift()
    cycle = gaps.groupby(days["code"]).expanding().median().to_numpy()
    days["own"] = np.where(days["number"] >= OWN_DAYS, cycle, np.nan)
    cards = files.read("accounts", "account_id", "segment", "order_cycle_days").set_index("account_id")
    cards = cards.reindex(pd.Index(found[1]))
    fixed = pd.to_numeric(cards["order_cycle_days"]).astype("float64[pyarrow]").astype("float64").to_numpy()
    segment, names = pd.factorize(cards["segment"])
    told_us = files.read("activities", "account_id", "direction", "done_at")
    told_us = told_us[told_us["direction"].isin(["in"]) & told_us["account_id"].notna() & told_us["done_at"].notna()]
    answers = Timeline(told_us["account_id"], told_us["done_at"])
    return Customers(days, Timeline(days["code"], days["order_date"]), [np.flatnonzero(segment == each) for each in range(len(names))],
                     segment, np.where(fixed > 0, fixed, np.nan), answers, answers.codes(pd.Series(found[1])))  # fmt: skip


def _usual(own: np.ndarray, segments: list[np.ndarray]) -> np.ndarray:
    """The usual cycle of each segment: the median of its own cycles, where there are five."""
    found = []
    for members in segments:
        known = own[members]
        known = known[~np.isnan(known)]
        found.append(np.median(known) if len(known) >= SEGMENT else np.nan)
    return np.array([*found, np.nan])


def _year_to(who: Customers, codes: np.ndarray, day: Any, so_far: np.ndarray) -> np.ndarray:
    """What the customers ordered in the 12 months up to a day, their ``so_far`` then."""
    before = who.line.last(codes, day)
    return np.round(so_far - np.where(before >= 0, who.days["so_far"].to_numpy()[before], 0.0), 2)


def state(who: Customers, day: pd.Timestamp) -> pd.DataFrame:
    """The customers at a day, by number: state, revenue of the 12 months before their last order, orders so far."""
    at = int(numbers(day))
    rows = who.days[(who.days["day"] <= at) & (who.days["next"] > at)]
    codes = rows["code"].to_numpy()
    own = np.full(len(who.segment), np.nan)
    own[codes] = rows["own"]
    usual = _usual(own, who.segments)[who.segment[codes]]
    cycle = pd.Series(who.fixed[codes]).fillna(pd.Series(rows["own"].to_numpy())).fillna(pd.Series(usual)).fillna(CYCLE)
    answer = who.answers.last(who.answer_codes[codes], np.full(len(codes), np.datetime64(day)))
    answered = np.where(answer >= 0, who.answers.keys[answer] % 100_000, -1)
    quiet = at - np.maximum(rows["day"].to_numpy(), answered)
    year_before = rows["order_date"] - YEAR
    return pd.DataFrame({
        "state": np.where(quiet > 2 * cycle, "lost", np.where(quiet > cycle, "inactive", "active")),
        "revenue": _year_to(who, codes, year_before, rows["so_far"].to_numpy()), "so_far": rows["so_far"].to_numpy(),
    }, index=codes)  # fmt: skip


def _ends(files: Files) -> list[pd.DataFrame]:
    """The customers at the last day of each stretch."""
    return [state(files.once(customers), span.day) for span in SPANS]


def _kept(files: Files) -> list[pd.DataFrame]:
    """The customers active or inactive the day before each stretch, and what became of them."""
    who, ends, found = files.once(customers), files.once(_ends), []
    known = {span.day: end for span, end in zip(SPANS, ends, strict=True)}
    for span, end in zip(SPANS, ends, strict=True):
        opening = span.start - DAY
        rows = known[opening] if opening in known else state(who, opening)
        rows = rows[rows["state"] != "lost"]
        codes = rows.index.to_numpy()
        year = _year_to(who, codes, np.full(len(codes), np.datetime64(opening - YEAR)), rows["so_far"].to_numpy())
        now = end.reindex(codes)
        found.append(pd.DataFrame({"lost": now["state"] == "lost", "before": year, "revenue": now["revenue"]}))
    return found


def _counted(which: str) -> Callable[[Files], dict[str, Any]]:
    def count(files: Files) -> dict[str, Any]:
        ends = [each[each["state"] == which] for each in files.once(_ends)]
        return told(pd.DataFrame([facts(rows, num=1.0, amount=rows["revenue"]).sum() for rows in ends]))

    return count


def _newly_lost(files: Files) -> dict[str, Any]:
    kept = [rows[rows["lost"]] for rows in files.once(_kept)]
    return told(pd.DataFrame([facts(rows, num=1.0, amount=rows["revenue"]).sum() for rows in kept]))


def _churn_rate(files: Files) -> dict[str, Any]:
    kept = files.once(_kept)
    return told(pd.DataFrame([facts(rows, num=rows["lost"], den=1.0, amount=rows["before"]).sum() for rows in kept]))


def _revenue_churn_rate(files: Files) -> dict[str, Any]:
    sums = []
    for rows in files.once(_kept):
        lost = rows["before"].where(rows["lost"], 0.0)
        sums.append(facts(rows, num=lost, den=rows["before"], amount=lost).sum())
    return told(pd.DataFrame(sums))


def _segment_cycles(who: Customers, rows: pd.DataFrame) -> np.ndarray:
    """The cycle of the customer's segment on each order day of customers without a cycle yet: day by day, own ones standing."""
    found, own = np.full(len(rows), np.nan), np.full(len(who.segment), np.nan)
    order = np.argsort(rows["day"].to_numpy(), kind="stable")
    days, codes, cycles = (rows[name].to_numpy()[order] for name in ("day", "code", "own"))
    starts = np.flatnonzero(np.r_[True, days[1:] != days[:-1]])
    for start, stop in zip(starts, np.r_[starts[1:], len(days)], strict=True):
        here = slice(start, stop)
        own[codes[here]] = cycles[here]
        asking = np.isnan(cycles[here])
        if asking.any():
            usual = _usual(own, who.segments)
            found[order[here][asking]] = usual[who.segment[codes[here][asking]]]
    return found


def _false_alarm_rate(files: Files) -> dict[str, Any]:
    who = files.once(customers)
    rows = who.days
    cycle = pd.Series(who.fixed[rows["code"]]).fillna(rows["own"])
    cycle = cycle.fillna(pd.Series(_segment_cycles(who, rows))).to_numpy()
    after = rows["next"].to_numpy()
    sums = np.zeros((len(SPANS), 2))
    for times in (1, 2):
        rings = rows["day"].to_numpy() + np.floor(times * cycle) + 1
        rung = rings <= after
        rings, ended = np.sort(rings[rung]), np.sort(np.maximum(rings, after)[rung])
        for number, span in enumerate(SPANS):
            at = numbers(span.day)
            sums[number] += np.searchsorted(ended, at, side="right"), np.searchsorted(rings, at, side="right")
    return told(pd.DataFrame(sums, columns=["num", "den"]).assign(n=sums[:, 1]))


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "inactive_customers": _counted("inactive"),
    "lost_customers": _counted("lost"),
    "newly_lost_customers": _newly_lost,
    "churn_rate": _churn_rate,
    "revenue_churn_rate": _revenue_churn_rate,
    "active_customers": _counted("active"),
    "false_alarm_rate": _false_alarm_rate,
}
