"""Family 4 by hand: visits, orders that follow them, action plans, leads, what is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.all_by_pandas.base import (
    ALWAYS,
    DAY,
    NEVER,
    SPANS,
    Files,
    Timeline,
    cents,
    day_of,
    ending,
    facts,
    flow,
    looked_up,
    numbers,
    seen,
    stock,
    told,
)
from benchmarks.all_by_pandas.commercial import orders

ATTRIBUTION = 30


# visits ----------------------------------------------------------------------------------------------
def _made(files: Files) -> pd.DataFrame:
    """Visits done at an account."""
    rows = files.read("activities", "activity_id", "type", "account_id", "done_at", "report", "reported_at")
    rows = rows[rows["type"].isin(["visit", "meeting"]) & rows["done_at"].notna() & rows["account_id"].notna()]
    written = (rows["report"].str.strip().fillna("") != "").to_numpy(dtype=bool) | rows[
        "reported_at"
    ].notna().to_numpy()
    return rows[["activity_id", "account_id", "done_at"]].assign(day=day_of(rows["done_at"]), reported=written)


def _visits_done(files: Files) -> dict[str, Any]:
    rows = files.once(_made)
    return told(flow(facts(rows, num=1.0), rows["day"]))


def _visit_reports(files: Files) -> dict[str, Any]:
    rows = files.once(_made)
    rows = rows[rows["reported"]]
    return told(flow(facts(rows, num=1.0), rows["day"]))


def _visit_report_rate(files: Files) -> dict[str, Any]:
    rows = files.once(_made)
    return told(flow(facts(rows, num=rows["reported"], den=1.0), rows["day"]))


def _credited(files: Files) -> pd.DataFrame:
    """Orders with the visit they are credited to and the day it matures.

    Of two visits of one moment either will do for the company as a whole: all that follows goes to the same one.
    """
    visits = files.once(_made).sort_values("done_at", kind="stable").reset_index(drop=True)
    sold = orders(files, "account_id", "activity_id", "amount")
    line = Timeline(visits["account_id"], visits["day"])
    last = line.last(line.codes(sold["account_id"]), sold["order_date"])
    visit = np.where(last >= 0, line.place[last], -1)
    day = numbers(visits["day"])
    visit[(last >= 0) & (numbers(sold["order_date"]) - day[visit] > ATTRIBUTION)] = -1
    named = sold["activity_id"].notna().to_numpy()
    if named.any():
        found = pd.Index(visits["activity_id"]).get_indexer(pd.Index(sold.loc[named, "activity_id"]))
        visit[named] = np.where(found >= 0, found, visit[named])
    sold = sold.assign(visit=visit)[visit >= 0][["order_date", "amount", "visit"]]
    return sold.assign(matured=visits["day"].to_numpy()[sold["visit"]] + np.timedelta64(ATTRIBUTION, "D"))


def _matured(files: Files) -> pd.DataFrame:
    """Visits matured in each stretch, orders credited to them as seen from its day, visits that have any."""
    visits = files.once(_made)
    ripe = flow(facts(visits, visits=1.0), visits["day"] + ATTRIBUTION * DAY)["visits"]
    sums = []
    for span, rows in seen(sold := _credited(files), sold["matured"]):
        here = rows[rows["order_date"] <= span.seen]
        sums.append((len(here), here["amount"].sum(), here["visit"].nunique()))
    return pd.DataFrame(sums, columns=["orders", "amount", "followed"]).astype("float64").assign(visits=ripe)


def _visit_to_order_ratio(files: Files) -> dict[str, Any]:
    sums = files.once(_matured).rename(columns={"visits": "num", "orders": "den", "followed": "n"})
    return told(sums)


def _visit_conversion_rate(files: Files) -> dict[str, Any]:
    sums = files.once(_matured).rename(columns={"followed": "num", "visits": "den"})
    return told(sums.assign(n=sums["den"]))


def _due_activities(files: Files) -> dict[str, Any]:
    rows = files.read("activities", "status", "planned_at", "done_at", "cancelled_at")
    rows = rows[~(rows["done_at"].isna() & rows["status"].isin(["unknown"]))]
    done = ending(rows["done_at"], rows["status"].isin(["done"]))
    until = np.minimum(done, ending(rows["cancelled_at"], rows["status"].isin(["cancelled"])))
    return told(stock(facts(rows, num=1.0), day_of(rows["planned_at"]), until))


# action plans ----------------------------------------------------------------------------------------
def _plans(files: Files) -> list[pd.DataFrame]:
    """The plans running at the last day of each stretch, with what is planned of them by then."""
    rows = files.read("action_plans", "status", "start_date", "due_date", "closed_at", "progress", "target_amount",
                      "actual_amount")  # fmt: skip
    rows["target"] = rows["target_amount"].where(rows["target_amount"] > 0)
    until = day_of(rows["closed_at"]).fillna(ALWAYS).mask(rows["status"].isin(["running"]), NEVER)
    length, found = (rows["due_date"] - rows["start_date"]).dt.days + 1, []
    for span in SPANS:
        gone = ((span.day - rows["start_date"]).dt.days + 1) / length.where(length >= 1)
        here = rows.assign(planned=gone.clip(0, 1))[(until > span.day) & ~(rows["start_date"] > span.day)]
        found.append(here)
    return found


def _plan_figure(
    num: Callable[[pd.DataFrame], Any], den: Callable[[pd.DataFrame], Any]
) -> Callable[[Files], dict[str, Any]]:
    def figure(files: Files) -> dict[str, Any]:
        sums = []
        for rows in files.once(_plans):
            weighed = facts(rows, num=num(rows), den=den(rows), amount=rows["target"])
            sums.append(weighed[weighed["num"].notna() & weighed["den"].notna()].sum())
        return told(pd.DataFrame(sums))

    return figure


# leads -----------------------------------------------------------------------------------------------
def _leads(files: Files) -> pd.DataFrame:
    rows = files.read("leads", "lead_id", "account_id", "opportunity_id", "status", "created_at", "qualified_at", "converted_at",
                      "disqualified_at", "potential_amount")  # fmt: skip
    days = {name: day_of(rows[f"{name}_at"]) for name in ("created", "qualified", "converted", "disqualified")}
    return rows[["lead_id", "account_id", "opportunity_id", "status", "potential_amount"]].assign(**days)


def _qualified_leads(files: Files) -> dict[str, Any]:
    rows = files.once(_leads).dropna(subset="qualified")
    return told(flow(facts(rows, num=1.0, amount=rows["potential_amount"]), rows["qualified"]))


def _rate(rows: pd.DataFrame, reached: pd.Series) -> dict[str, Any]:
    """The share of the leads qualified in each stretch that had reached something by the day it is seen from."""
    sums = []
    for span, here in seen(rows.assign(reached=reached), rows["qualified"]):
        done = here["reached"] <= span.seen
        sums.append(facts(here, num=done, den=1.0, amount=here["potential_amount"].where(done, 0.0)).sum())
    return told(pd.DataFrame(sums))


def _lead_conversion_rate(files: Files) -> dict[str, Any]:
    rows = files.once(_leads).dropna(subset="qualified")
    deals = files.read("opportunities", "opportunity_id", "created_at").set_index("opportunity_id")["created_at"]
    other = rows["qualified"].where(rows["status"].isin(["converted"]) | rows["opportunity_id"].notna())
    return _rate(rows, rows["converted"].fillna(day_of(looked_up(rows["opportunity_id"], deals))).fillna(other))


def _lead_order_rate(files: Files) -> dict[str, Any]:
    rows = files.once(_leads).dropna(subset="qualified")
    sold = orders(files, "account_id", "opportunity_id")
    deals = sold.dropna(subset="opportunity_id").groupby("opportunity_id")["order_date"].min()
    line = Timeline(sold["account_id"], sold["order_date"])
    first = line.first(line.codes(rows["account_id"]), rows["qualified"] + DAY)
    after = line.days(first).set_axis(rows.index)
    return _rate(rows, np.fmin(after, looked_up(rows["opportunity_id"], deals)))


def _lead_refusal_rate(files: Files) -> dict[str, Any]:
    rows = files.once(_leads)
    refused = rows["status"].isin(["disqualified"])
    entered = rows["qualified"].notna() | rows["status"].isin(["qualified", "converted"])
    day = rows["qualified"].fillna(rows["converted"]).where(entered).mask(refused, rows["disqualified"])
    sums = facts(rows, num=refused, den=1.0, amount=rows["potential_amount"].where(refused, 0.0))
    return told(flow(sums[refused | entered], day[refused | entered]))


def _acts(files: Files) -> pd.DataFrame:
    rows = files.read("activities", "lead_id", "account_id", "done_at")
    return rows[rows["done_at"].notna() & (rows["lead_id"].notna() | rows["account_id"].notna())]


def _leads_to_contact(files: Files) -> dict[str, Any]:
    rows = files.once(_leads).dropna(subset="qualified")
    rows = rows[~(rows["status"].isin(["converted"]) & rows["converted"].isna())]
    rows = rows[~(rows["status"].isin(["disqualified"]) & rows["disqualified"].isna())]
    acts, until = _acts(files), np.fmin(rows["converted"].fillna(NEVER), rows["disqualified"].fillna(NEVER))
    for key in ("lead_id", "account_id"):
        line = Timeline(acts[key], acts["done_at"])
        first = line.days(line.first(line.codes(rows[key]), rows["qualified"])).set_axis(rows.index)
        until = np.minimum(until, first.fillna(NEVER))
    return told(stock(facts(rows, num=1.0, amount=rows["potential_amount"]), rows["qualified"], until))


def _time_to_first_contact(files: Files) -> dict[str, Any]:
    rows, acts = files.once(_leads), files.read("activities", "lead_id", "done_at").dropna()
    line, sums = Timeline(acts["lead_id"], acts["done_at"]), []
    first = line.days(line.first(line.codes(rows["lead_id"]), rows["created"])).set_axis(rows.index)
    for span, here in seen(rows.assign(first=first), rows["created"]):
        here = here[here["first"] <= span.seen]
        sums.append(facts(here, num=(here["first"] - here["created"]).dt.days, den=1.0).sum())
    return told(pd.DataFrame(sums))


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "visits_done": _visits_done,
    "visit_reports": _visit_reports,
    "visit_report_rate": _visit_report_rate,
    "visit_to_order_ratio": _visit_to_order_ratio,
    "visit_conversion_rate": _visit_conversion_rate,
    "due_activities": _due_activities,
    "action_plan_progress": _plan_figure(
        lambda rows: cents(rows["target"] * rows["progress"]), lambda rows: rows["target"]
    ),
    "action_plan_progress_equal": _plan_figure(lambda rows: rows["progress"], lambda rows: 1.0),
    "action_plan_pace": _plan_figure(
        lambda rows: cents(rows["target"] * rows["progress"]), lambda rows: cents(rows["target"] * rows["planned"])
    ),
    "action_plan_result": _plan_figure(
        lambda rows: rows["actual_amount"], lambda rows: cents(rows["target"] * rows["planned"])
    ),
    "qualified_leads": _qualified_leads,
    "leads_to_contact": _leads_to_contact,
    "lead_conversion_rate": _lead_conversion_rate,
    "lead_order_rate": _lead_order_rate,
    "time_to_first_contact": _time_to_first_contact,
    "lead_refusal_rate": _lead_refusal_rate,
}
