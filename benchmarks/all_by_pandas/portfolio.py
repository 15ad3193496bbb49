"""Family 2 by hand, what customers await and owe: deliveries, requests, receivables."""

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
    TODAY,
    Files,
    by_span,
    day_of,
    facts,
    flow,
    standing,
    stock,
    told,
)
from benchmarks.all_by_pandas.organisation import undelivered


def _order_backlog(files: Files) -> dict[str, Any]:
    rows = files.once(undelivered)
    return told(by_span(rows["span"], facts(rows, num=1.0, amount=rows["left"])))


def _late_deliveries(files: Files) -> dict[str, Any]:
    rows = files.once(undelivered).dropna(subset="promised")
    late = rows["promised"] < rows["day"]
    return told(by_span(rows["span"], facts(rows, num=late, amount=rows["left"].where(late, 0.0))))


def _open_requests(files: Files) -> dict[str, Any]:
    rows = files.read("tickets", "status", "opened_at", "closed_at")
    until = day_of(rows["closed_at"]).fillna(ALWAYS).mask(rows["status"].isin(["open"]), NEVER)
    return told(stock(facts(rows, num=1.0), day_of(rows["opened_at"]).fillna(ALWAYS), until))


def _balances(files: Files) -> pd.DataFrame:
    """What is open at the last day of each stretch: today's open amounts, in the past what was not paid."""
    rows = files.read(
        "invoices", "account_id", "status", "invoice_date", "due_date", "amount_with_tax", "open_amount", "paid_at"
    )
    rows = rows[rows["status"].isin(["posted"])]
    rows = rows.assign(due=rows["due_date"].fillna(rows["invoice_date"]), since=rows["invoice_date"].fillna(ALWAYS))
    settled = day_of(rows["paid_at"]).fillna(rows["since"].where(rows["open_amount"] == 0, NEVER))
    rows = rows.assign(until=np.where(rows["open_amount"] != 0, NEVER, settled), paid=settled)
    past = standing(rows.assign(until=settled, balance=rows["amount_with_tax"])[_OPEN], "since", "until")
    now = standing(
        rows.assign(until=NEVER, balance=rows["open_amount"])[rows["open_amount"] != 0][_OPEN], "since", "until"
    )
    found = pd.concat([past[past["day"] < TODAY], now[now["day"] == TODAY]], ignore_index=True)
    return found[found["balance"].notna() & (found["balance"] != 0)]


_OPEN = ["account_id", "since", "until", "due", "balance"]


def _receivables(files: Files) -> pd.DataFrame:
    rows = files.once(_balances)
    return by_span(rows["span"], facts(rows, num=rows["balance"], amount=rows["balance"]))


def _overdue_receivables(files: Files) -> dict[str, Any]:
    rows = files.once(_balances)
    rows = rows[(rows["balance"] > 0) & (rows["due"] < rows["day"])]
    return told(by_span(rows["span"], facts(rows, num=rows["balance"], amount=rows["balance"])))


def _overdue_share(files: Files) -> dict[str, Any]:
    rows = files.once(_balances)
    rows = rows[(rows["balance"] > 0) & rows["due"].notna()]
    late = rows["balance"].where(rows["due"] < rows["day"], 0.0)
    return told(by_span(rows["span"], facts(rows, num=late, den=rows["balance"], amount=late)))


def _over_credit_limit(files: Files) -> dict[str, Any]:
    rows = files.once(_balances).groupby(["span", "account_id"])["balance"].sum().reset_index()
    rows = rows.merge(files.read("accounts", "account_id", "credit_limit").dropna(), on="account_id")
    excess = (rows["balance"] - rows["credit_limit"]).round(2)
    rows = rows.assign(excess=excess)[excess > 0]
    return told(by_span(rows["span"], facts(rows, num=1.0, amount=rows["excess"])))


def _billed(files: Files) -> tuple[pd.DataFrame, pd.Series]:
    rows = files.read("invoices", "status", "type", "invoice_date", "amount_with_tax")
    rows = rows[rows["status"].isin(["posted"]) & rows["type"].isin(["invoice", "credit_note"])].dropna(
        subset="amount_with_tax"
    )
    return facts(rows, num=rows["amount_with_tax"], amount=rows["amount_with_tax"]), rows["invoice_date"]


def _dso(files: Files) -> dict[str, Any]:
    """Months of billing counted back until the balance is used up."""
    rows, day = _billed(files)
    daily = rows["num"].groupby(day.to_numpy()).sum().sort_index()
    owed, values = files.once(_receivables)["num"], []
    for number, span in enumerate(SPANS):
        left, days, start, end, value = owed[number], 0.0, span.start, span.day, np.nan
        for _ in range(24):
            billed, length = daily.loc[start:end].sum(), (end - start).days + 1
            if left <= round(billed, 2):
                value = days + length * left / billed
                break
            left, days, start, end = left - billed, days + length, start - pd.DateOffset(months=1), start - DAY
        values.append(0.0 if owed[number] <= 0 else value)
    return told(files.once(_receivables)[["amount", "n"]], values)


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "order_backlog": _order_backlog,
    "late_deliveries": _late_deliveries,
    "open_requests": _open_requests,
    "receivables": lambda files: told(files.once(_receivables)),
    "overdue_receivables": _overdue_receivables,
    "overdue_share": _overdue_share,
    "over_credit_limit": _over_credit_limit,
    "dso": _dso,
    "billed_with_tax": lambda files: told(flow(*_billed(files))),
}
