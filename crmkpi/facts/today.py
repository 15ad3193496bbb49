"""Today: what to do now, out of every alert, one line per customer, the most urgent first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

LIMIT = 20
COLUMNS = ("rank", "severity", "customer", "customer_id", "who", "reason", "also", "amount", "due", "action", "rep",
           "team", "figure", "id", "label", "dimension")  # fmt: skip
_SHOWN_REASONS = 3


def today(alerts: pd.DataFrame, since: date, limit: int = LIMIT) -> pd.DataFrame:
    """The first ``limit`` lines of the alerts: the most severe first, then what is due since a day, then the largest.

    Those about one customer are one line, its first; ``also`` has the customer's other reasons. Alerts about no
    customer are a line for each rep or team they concern, or for each record. What has been due for longer than
    ``since`` comes after what is fresh: a customer lost for two years is not today's work.
    """
    if not len(alerts):
        return pd.DataFrame(columns=list(COLUMNS))
    stale = pd.to_datetime(alerts["due"]) < pd.Timestamp(since)
    ranked = alerts.assign(stale=stale, size=-alerts["amount"].abs().fillna(0))
    ranked = ranked.sort_values(["severity", "stale", "size"], kind="stable")
    subjects = pd.Series([_subject(row) for row in ranked.to_dict("records")], index=ranked.index, dtype=object)
    keyed = ranked.assign(subject=subjects)
    first = keyed.drop_duplicates("subject").head(limit)
    kept = keyed[keyed["subject"].isin(set(first["subject"]))]
    reasons = {subject: list(dict.fromkeys(rows)) for subject, rows in kept.groupby("subject", sort=False)["reason"]}
    lines = first.assign(
        rank=range(1, len(first) + 1),
        customer_id=first["subject"].map(lambda subject: subject[1] if subject[0] == "customer" else None),
        also=[_also(reasons[subject][1:]) for subject in first["subject"]],
    )
    return lines[list(COLUMNS)].reset_index(drop=True)


def _subject(alert: dict[Any, Any]) -> tuple[object, ...]:
    """Who or what an alert is about."""
    about_customer = alert["kind"] == "row" or alert["dimension"] == "customer"
    if about_customer and isinstance(alert["who_id"], str):
        return "customer", alert["who_id"]
    if alert["kind"] == "row":
        return "record", alert["figure"], alert["id"]
    return "group", alert["dimension"], alert["who_id"]


def _also(reasons: list[str]) -> str:
    more = len(reasons) - _SHOWN_REASONS
    return "; ".join(reasons[:_SHOWN_REASONS]) + (f" (+{more})" if more > 0 else "")
