"""Family 1 by hand: revenue, orders, baskets, pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.all_by_pandas.base import (
    DAY,
    NEVER,
    SPANS,
    TODAY,
    YEAR,
    Files,
    by_span,
    cents,
    day_of,
    ending,
    facts,
    flow,
    looked_up,
    standing,
    told,
)


def orders(files: Files, *columns: str) -> pd.DataFrame:
    """Confirmed and delivered orders."""
    rows = files.read("orders", "status", "order_date", *columns)
    return rows[rows["status"].isin(["confirmed", "delivered"])]


def invoices(files: Files, *columns: str) -> pd.DataFrame:
    """Posted invoices and credit notes."""
    rows = files.read("invoices", "status", "type", "invoice_date", *columns)
    return rows[rows["status"].isin(["posted"]) & rows["type"].isin(["invoice", "credit_note"])]


def open_deals(files: Files) -> pd.DataFrame:
    """The deals open at the last day of each stretch, at the stage of then, with their chance."""
    rows = files.read("opportunities", "opportunity_id", "account_id", "stage", "status", "probability", "amount", "created_at",
                      "closed_at", "expected_close_date")  # fmt: skip
    rows["since"] = day_of(rows["created_at"]).fillna(pd.Timestamp("1900-01-01"))
    rows["until"] = ending(rows["closed_at"], rows["status"].isin(["won", "lost"]))
    rows.loc[rows["status"].isin(["open"]).to_numpy(), "until"] = NEVER
    found = _known_then(files, standing(rows.drop(columns=["created_at", "closed_at"]), "since", "until"))
    stages = files.read("stages", "stage", "probability").set_index("stage")["probability"]
    chance = found["probability"].fillna(found["stage"].map(stages).astype("float64"))
    return found.assign(weighted=cents(found["amount"] * chance))


def _known_then(files: Files, rows: pd.DataFrame) -> pd.DataFrame:
    """The deals of past days at the stage of their history."""
    history = files.read("opportunity_history", "opportunity_id", "at", "stage").rename(columns={"stage": "then"})
    history = history.assign(at=day_of(history["at"]), noted=True).sort_values("at", kind="stable")
    rows = rows.sort_values("day", kind="stable")
    found = pd.merge_asof(rows, history, left_on="day", right_on="at", by="opportunity_id")
    past = found["noted"].notna() & (found["day"] < TODAY)
    return found.assign(stage=found["stage"].mask(past, found["then"]))


def _revenue(files: Files) -> pd.DataFrame:
    rows = invoices(files, "amount")
    return flow(facts(rows, num=rows["amount"], amount=rows["amount"]), rows["invoice_date"])


def _to_invoice(files: Files) -> pd.DataFrame:
    """Orders due in the rest of the month and not invoiced."""
    rows = orders(files, "order_id", "requested_delivery_date", "amount")
    done, parts = invoices(files, "order_id"), []
    for number, span in enumerate(SPANS):
        due = rows["requested_delivery_date"]
        here = rows[(rows["order_date"] <= span.day) & (due > span.day) & (due < span.finish)]
        if len(here):
            here = here[~here["order_id"].isin(done.loc[done["invoice_date"] <= span.day, "order_id"])]
        parts.append(here.assign(span=number))
    rows = pd.concat(parts, ignore_index=True)
    return by_span(rows["span"], facts(rows, num=rows["amount"], amount=rows["amount"]))


def _signing_left(files: Files) -> pd.DataFrame:
    """Weighted deals signing in the rest of the month, without an order."""
    rows = files.once(open_deals)
    finish = rows["span"].map(dict(enumerate(span.finish for span in SPANS)))
    rows = rows[(rows["expected_close_date"] > rows["day"]) & (rows["expected_close_date"] < finish)]
    first = (
        orders(files, "opportunity_id").dropna(subset="opportunity_id").groupby("opportunity_id")["order_date"].min()
    )
    ordered = looked_up(rows["opportunity_id"], first) <= rows["day"]
    rows = rows[~ordered & rows["weighted"].notna()]
    return by_span(rows["span"], facts(rows, num=rows["weighted"], amount=rows["amount"]))


def _landing(files: Files) -> dict[str, Any]:
    sums = files.once(_revenue)
    whole = np.array([span.working / span.elapsed for span in SPANS])
    return told(sums[["n"]], sums["num"] * whole)


def _landing_pipeline(files: Files) -> dict[str, Any]:
    revenue, due, signing = files.once(_revenue), files.once(_to_invoice), files.once(_signing_left)
    return told(revenue[["n"]], revenue["num"] + due["num"] + signing["num"])


def _needed_pace(files: Files) -> dict[str, Any]:
    left = np.array([span.working - span.elapsed for span in SPANS], dtype="float64")
    num = np.maximum(0, files.targets_of("invoiced_revenue") - files.once(_revenue)["num"])
    return told(pd.DataFrame({"num": num, "den": left, "n": files.once(_revenue)["n"]}))


def _ordered(files: Files) -> pd.DataFrame:
    rows = orders(files, "amount")
    return flow(facts(rows, num=rows["amount"], amount=rows["amount"]), rows["order_date"])


def _order_count(files: Files) -> dict[str, Any]:
    rows = orders(files, "amount")
    return told(flow(facts(rows, num=1.0, amount=rows["amount"]), rows["order_date"]))


def _discount_rate(files: Files) -> dict[str, Any]:
    rows = orders(files, "amount", "list_amount")
    rows = rows[rows["list_amount"] > 0]
    sums = facts(rows, num=rows["list_amount"] - rows["amount"], den=rows["list_amount"], amount=rows["amount"])
    return told(flow(sums, rows["order_date"]))


def _margin_rate(files: Files) -> dict[str, Any]:
    rows = orders(files, "amount", "cost_amount")
    rows = rows[rows["cost_amount"].notna()]
    margin = rows["amount"] - rows["cost_amount"]
    return told(flow(facts(rows, num=margin, den=rows["amount"], amount=margin), rows["order_date"]))


def _average_basket(files: Files) -> dict[str, Any]:
    rows = orders(files, "amount")
    rows = rows[rows["amount"] != 0]
    return told(flow(facts(rows, num=rows["amount"], den=1.0, amount=rows["amount"]), rows["order_date"]))


def _lines(files: Files) -> pd.DataFrame:
    """What the lines of confirmed orders bring each day."""
    rows = orders(files, "order_id").merge(files.read("order_lines", "order_id", "amount"), on="order_id")
    rows = rows.dropna(subset="amount")
    rows = facts(rows, num=rows["amount"], amount=rows["amount"]).groupby(rows["order_date"].to_numpy()).sum()
    return rows.sort_index().reset_index(names="day")


def _product_sales(files: Files) -> dict[str, Any]:
    rows = files.once(_lines)
    return told(flow(rows[["num", "amount", "n"]], rows["day"]))


def _product_lines_growth(files: Files) -> dict[str, Any]:
    """Lines of the last six whole months, of the same a year before."""
    rows, found = files.once(_lines).set_index("day")[["n", "amount"]], []
    for span in SPANS:
        until = (span.day + DAY).replace(day=1)
        now, before = (rows.loc[stop - pd.DateOffset(months=6) : stop - DAY].sum() for stop in (until, until - YEAR))
        found.append(
            {"num": now["n"], "den": before["n"], "amount": now["amount"] - before["amount"], "n": before["n"]}
        )
    return told(pd.DataFrame(found))


def _weighted_pipeline(files: Files) -> dict[str, Any]:
    rows = files.once(open_deals)
    rows = rows[rows["weighted"].notna()]
    return told(by_span(rows["span"], facts(rows, num=rows["weighted"], amount=rows["amount"])))


def _passages(files: Files) -> pd.DataFrame:
    """Closed deals, once per stage that they went through, by each day; stages of at least 20 of them."""
    history = files.read("opportunity_history", "opportunity_id", "at", "stage")
    rows = files.read("opportunities", "opportunity_id", "status", "closed_at", "amount")
    rows = rows[rows["status"].isin(["won", "lost"])].merge(history, on="opportunity_id")
    rows = rows[day_of(rows["at"]) <= day_of(rows["closed_at"])].drop_duplicates(["opportunity_id", "stage"])
    rows = rows.assign(won=rows["status"].isin(["won"]).astype("float64"), closed=day_of(rows["closed_at"]), last=NEVER)
    rows = standing(rows[["stage", "won", "amount", "closed", "last"]], "closed", "last")
    sums = (
        rows.assign(closed=1, amount=rows["amount"].fillna(0))
        .groupby(["span", "stage"])[["closed", "won", "amount"]]
        .sum()
    )
    return sums[sums["closed"] >= 20].reset_index()


def _stage_realised_rate(files: Files) -> dict[str, Any]:
    rows = files.once(_passages)
    sums = facts(rows, num=rows["won"], den=rows["closed"], amount=rows["amount"]).assign(n=rows["closed"])
    return told(by_span(rows["span"], sums))


def _calibrated_pipeline(files: Files) -> dict[str, Any]:
    rows = files.once(open_deals)[["span", "stage", "amount"]].dropna(subset="amount")
    rows = rows.merge(files.once(_passages)[["span", "stage", "closed", "won"]], on=["span", "stage"])
    whole = (rows["amount"] * 100).round().astype("int64")
    realised = (2 * whole * rows["won"].astype("int64") + rows["closed"]) // (2 * rows["closed"]) / 100
    return told(by_span(rows["span"], facts(rows, num=realised, amount=rows["amount"])))


def _open_opportunities(files: Files) -> dict[str, Any]:
    rows = files.once(open_deals)
    return told(by_span(rows["span"], facts(rows, num=1.0, amount=rows["amount"])))


def _closed(files: Files) -> pd.DataFrame:
    rows = files.read("opportunities", "status", "amount", "closed_at")
    return rows[rows["status"].isin(["won", "lost"])].assign(day=day_of(rows["closed_at"]))


def _win_rate(files: Files) -> dict[str, Any]:
    rows = _closed(files)
    won = rows["status"].isin(["won"])
    return told(flow(facts(rows, num=won, den=1.0, amount=rows["amount"].where(won, 0.0)), rows["day"]))


def _by_value(files: Files) -> tuple[pd.DataFrame, pd.Series]:
    rows = _closed(files).dropna(subset="amount")
    won = rows["amount"].where(rows["status"].isin(["won"]), 0.0)
    return facts(rows, num=won, den=rows["amount"], amount=won), rows["day"]


def _needed_coverage(files: Files) -> dict[str, Any]:
    rows, day = _by_value(files)
    daily = rows.groupby(day.to_numpy()).sum().sort_index()
    years = pd.DataFrame([daily.loc[span.day + DAY - YEAR : span.day].sum() for span in SPANS])
    return told(years[["n"]], years["den"] / years["num"])


def _signing(files: Files) -> pd.DataFrame:
    """Amounts of the open deals signing in the month and not overdue."""
    rows = files.once(open_deals)
    finish = rows["span"].map(dict(enumerate(span.finish for span in SPANS)))
    rows = rows[(rows["expected_close_date"] >= rows["day"]) & (rows["expected_close_date"] < finish)]
    rows = rows.dropna(subset="amount")
    return by_span(rows["span"], facts(rows, num=rows["amount"], amount=rows["amount"]))


def _pipeline_coverage(files: Files) -> dict[str, Any]:
    signing, left = files.once(_signing), files.targets_of("ordered_amount") - files.once(_ordered)["num"]
    value = (signing["num"] / left).where(left > 0)
    return told(signing[["num", "amount", "n"]].assign(den=left), value)


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "invoiced_revenue": lambda files: told(files.once(_revenue)),
    "landing": _landing,
    "landing_pipeline": _landing_pipeline,
    "needed_pace": _needed_pace,
    "orders_to_invoice": lambda files: told(files.once(_to_invoice)),
    "ordered_amount": lambda files: told(files.once(_ordered)),
    "order_count": _order_count,
    "discount_rate": _discount_rate,
    "margin_rate": _margin_rate,
    "average_basket": _average_basket,
    "product_sales": _product_sales,
    "product_lines_growth": _product_lines_growth,
    "weighted_pipeline": _weighted_pipeline,
    "calibrated_pipeline": _calibrated_pipeline,
    "open_opportunities": _open_opportunities,
    "win_rate": _win_rate,
    "win_rate_by_value": lambda files: told(flow(*_by_value(files))),
    "pipeline_signing": lambda files: told(files.once(_signing)),
    "weighted_signing": lambda files: told(files.once(_signing_left)),
    "pipeline_coverage": _pipeline_coverage,
    "needed_coverage": _needed_coverage,
    "stage_realised_rate": _stage_realised_rate,
}
