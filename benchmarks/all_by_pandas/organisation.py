"""Family 2 by hand: overdue visits and the money at risk, quotes, deliveries, receivables.

What this company never has is left out, as one does who knows the data: a visit of unknown outcome is only counted, a
delivery always has its amount, a cancelled order no date of it, a quote no follow-up noted on itself.
"""

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
    by_span,
    day_of,
    ending,
    facts,
    looked_up,
    seen,
    standing,
    stock,
    told,
)
from benchmarks.all_by_pandas.commercial import open_deals, orders


# visits and what is at risk --------------------------------------------------------------------------
def _visits(files: Files) -> pd.DataFrame:
    """Visits with the days they were planned for, done and cancelled."""
    rows = files.read("activities", "type", "account_id", "status", "planned_at", "done_at", "cancelled_at")
    rows = rows[rows["type"].isin(["visit", "meeting"])]
    planned = day_of(rows["planned_at"])
    return pd.DataFrame({
        "account_id": rows["account_id"], "planned": planned, "since": planned + DAY,
        "done": ending(rows["done_at"], rows["status"].isin(["done"])),
        "cancelled": ending(rows["cancelled_at"], rows["status"].isin(["cancelled"])),
        "unknown": rows["status"].isin(["unknown"]) & rows["done_at"].isna(),
    })  # fmt: skip


def _pending(files: Files) -> pd.DataFrame:
    rows = files.once(_visits)
    rows = rows.assign(until=np.minimum(rows["done"], rows["cancelled"]))
    return standing(rows[["account_id", "since", "until", "unknown"]], "since", "until")


def undelivered(files: Files) -> pd.DataFrame:
    """Orders not wholly delivered at the last day of each stretch, what is left and when it is promised."""
    rows = files.read("orders", "order_id", "account_id", "opportunity_id", "quote_id", "order_date", "status", "amount",
                      "requested_delivery_date", "delivered_at", "cancelled_at")  # fmt: skip
    rows = rows[~rows["status"].isin(["draft"])]
    parts = files.read("deliveries", "order_id", "planned_date", "amount", "status", "delivered_at")
    parts = parts[~parts["status"].isin(["cancelled"])]
    parts = parts.assign(given=ending(parts["delivered_at"], parts["status"].isin(["delivered", "partial"])),
                         partial=parts["status"].isin(["partial"]))  # fmt: skip
    delivered = ending(rows["delivered_at"], rows["status"].isin(["delivered"]))
    undated = delivered == ALWAYS
    if undated.any():
        last = parts[parts["delivered_at"].notna()].groupby("order_id")["given"].max()
        delivered = delivered.mask(undated, looked_up(rows["order_id"], last).fillna(ALWAYS))
    cancelled = ending(rows["cancelled_at"], rows["status"].isin(["cancelled"]))
    rows = rows.assign(since=rows["order_date"].fillna(ALWAYS), until=np.minimum(delivered, cancelled))
    rows = rows.drop(columns=["status", "delivered_at", "cancelled_at", "order_date"])
    return _left(standing(rows, "since", "until"), parts)


def _left(rows: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """The orders with their deliveries by then taken off."""
    places = rows[["order_id", "day"]].reset_index(names="place")
    moves = places.merge(parts[["order_id", "given", "amount", "planned_date", "partial"]], on="order_id")
    given = moves[moves["given"] <= moves["day"]].groupby("place")["amount"].sum()
    awaited = moves[(moves["given"] > moves["day"]) | moves["partial"]].groupby("place")["planned_date"].min()
    left = rows["amount"] - given.reindex(rows.index).fillna(0)
    promised = awaited.reindex(rows.index).fillna(rows["requested_delivery_date"])
    return rows.assign(left=left.round(2), promised=promised)[~(left.round(2) <= 0)]


def _linked(files: Files) -> tuple[pd.Series, pd.Series]:
    """The day from which a quote, and a deal, has an order."""
    known = orders(files, "quote_id", "opportunity_id").rename(columns={"order_date": "linked"})
    known = known[known["quote_id"].notna() | known["opportunity_id"].notna()].fillna({"linked": ALWAYS})
    quotes = files.read("quotes", "quote_id", "opportunity_id").dropna()
    through = known.dropna(subset="quote_id")[["quote_id", "linked"]].merge(quotes, on="quote_id")
    deals = pd.concat([known[["opportunity_id", "linked"]], through[["opportunity_id", "linked"]]]).dropna()
    return known.dropna(subset="quote_id").groupby("quote_id")["linked"].min(), deals.groupby("opportunity_id")[
        "linked"
    ].min()


def _documents(files: Files) -> pd.DataFrame:
    """The most advanced document of each deal at the last day of each stretch: orders, else quotes, else deals."""
    of_quote, of_deal = files.once(_linked)
    due, offers, deals = files.once(undelivered), files.once(open_quotes), files.once(open_deals)
    due = due.assign(kind="order", linked=due["quote_id"].notna() | due["opportunity_id"].notna(), amount=due["left"])

    def ordered(rows: pd.DataFrame, ids: pd.Series, first: pd.Series) -> pd.Series:
        return looked_up(ids, first) <= rows["day"]

    followed = deals.assign(place=range(len(deals))).merge(offers[["span", "opportunity_id"]].drop_duplicates())[
        "place"
    ]
    deals = deals[~ordered(deals, deals["opportunity_id"], of_deal) & ~np.isin(np.arange(len(deals)), followed)]
    deals = deals.assign(kind="deal", linked=False, amount=deals["weighted"])
    offers = offers[
        ~ordered(offers, offers["quote_id"], of_quote) & ~ordered(offers, offers["opportunity_id"], of_deal)
    ]
    offers = offers.assign(kind="quote", linked=offers["opportunity_id"].notna())
    names = ["span", "account_id", "kind", "linked", "amount"]
    return pd.concat([due[names], offers[names], deals[names]], ignore_index=True)


def _overdue_visits(files: Files) -> dict[str, Any]:
    rows = files.once(_pending)
    rows = rows[~rows["unknown"]]
    risk = files.once(_documents).groupby(["span", "account_id"])["amount"].sum().rename("risk").reset_index()
    late = rows[["span", "account_id"]].drop_duplicates().merge(risk, on=["span", "account_id"])
    sums = by_span(rows["span"], facts(rows, num=1.0))
    return told(sums.assign(amount=late.groupby("span")["risk"].sum().reindex(sums.index, fill_value=0.0)))


def _unknown_visits(files: Files) -> dict[str, Any]:
    rows = files.once(_pending)
    rows = rows[rows["unknown"]]
    return told(by_span(rows["span"], facts(rows, num=1.0)))


def _overdue_visit_rate(files: Files) -> dict[str, Any]:
    sums, rows = [], files.once(_visits)
    rows = rows[~rows["unknown"]]
    for span, here in seen(rows, rows["planned"]):
        here = here[here["cancelled"] > span.day]
        sums.append(facts(here, num=(here["planned"] < span.day) & (here["done"] > span.day), den=1.0).sum())
    return told(pd.DataFrame(sums))


def _at_risk_linked_share(files: Files) -> dict[str, Any]:
    rows = files.once(_documents)
    rows = rows[~rows["kind"].isin(["deal"]) & rows["amount"].notna()]
    sums = facts(rows, num=rows["amount"].where(rows["linked"], 0.0), den=rows["amount"], amount=rows["amount"])
    return told(by_span(rows["span"], sums))


# quotes ----------------------------------------------------------------------------------------------
def _quotes(files: Files) -> pd.DataFrame:
    """Quotes with the days they were sent, settled (decided or replaced) and lapsed."""
    rows = files.read("quotes", "quote_id", "account_id", "opportunity_id", "status", "issued_at", "valid_until", "decided_at",
                      "amount", "replaced_by")  # fmt: skip
    rows = rows.assign(issued=day_of(rows["issued_at"]), decided=day_of(rows["decided_at"]))
    sent = rows.set_index("quote_id")["issued"]
    named = rows["replaced_by"].dropna()
    replaced = looked_up(named, sent).fillna(ALWAYS).reindex(rows.index)
    settled = ending(rows["decided"], rows["status"].isin(["accepted", "refused", "cancelled"]))
    settled = settled.where(rows["status"].isin(["accepted", "refused", "cancelled"]), NEVER)
    lapse = (rows["valid_until"] + DAY).fillna(NEVER).mask(rows["status"].isin(["draft"]), NEVER)
    return rows.drop(columns=["issued_at", "decided_at", "replaced_by"]).assign(
        since=rows["issued"].fillna(ALWAYS), replaced=replaced, lapse=lapse,
        until=np.minimum(settled, replaced.fillna(NEVER)))  # fmt: skip


def open_quotes(files: Files) -> pd.DataFrame:
    """The quotes open at the last day of each stretch."""
    rows = files.once(_quotes)
    rows = rows[~rows["status"].isin(["draft"])]
    rows = rows.assign(until=np.minimum(rows["until"], rows["lapse"]))
    names = ["quote_id", "account_id", "opportunity_id", "amount", "issued", "valid_until", "since", "until"]
    return standing(rows[names], "since", "until")


def _to_follow_up(files: Files) -> dict[str, Any]:
    """Open quotes near their end, or older than usual, or that nobody has touched for more than seven days."""
    rows, signed = files.once(open_quotes), files.once(_quotes)
    signed = signed[signed["status"].isin(["accepted"]) & (signed["decided"] >= signed["issued"])]
    taken = (signed["decided"] - signed["issued"]).dt.days
    usual = pd.Series([taken[signed["decided"] <= span.day].median() for span in SPANS])
    age = (rows["day"] - rows["issued"]).dt.days
    near = (rows["valid_until"] - rows["day"]).dt.days <= 7
    aged = age > rows["span"].map(usual)
    touched = files.read("activities", "quote_id", "opportunity_id", "direction", "done_at")
    touched = touched[
        (touched["quote_id"].notna() | touched["opportunity_id"].notna()) & ~touched["direction"].isin(["in"])
    ]
    kept = [rows[near | aged]]
    for number, part in rows[~(near | aged) & (age > 7)].groupby("span"):
        day = SPANS[number].day
        lately = touched[(touched["done_at"] >= day - 7 * DAY) & (touched["done_at"] < day + DAY)]
        quotes, deals = lately["quote_id"].dropna(), lately["opportunity_id"].dropna()
        kept.append(part[~part["quote_id"].isin(quotes) & ~part["opportunity_id"].isin(deals)])
    rows = pd.concat(kept)
    return told(by_span(rows["span"], facts(rows, num=1.0, amount=rows["amount"])))


def _quote_conversion_rate(files: Files) -> dict[str, Any]:
    sums, rows = [], files.once(_quotes)
    rows = rows[~rows["status"].isin(["draft"])]
    for span, here in seen(rows, rows["issued"]):
        here = here[~(here["replaced"] <= span.seen)]
        won = here["status"].isin(["accepted"]) & ~(here["decided"] > span.seen)
        sums.append(facts(here, num=won, den=1.0, amount=here["amount"].where(won, 0.0)).sum())
    return told(pd.DataFrame(sums))


def _open_quotes(files: Files) -> dict[str, Any]:
    rows = files.once(open_quotes)
    return told(by_span(rows["span"], facts(rows, num=1.0, amount=rows["amount"])))


def _draft_quotes(files: Files) -> dict[str, Any]:
    rows = files.once(_quotes)
    rows = rows[rows["status"].isin(["draft"])]
    return told(stock(facts(rows, num=1.0, amount=rows["amount"]), rows["since"], rows["until"]))


def _expired_quotes(files: Files) -> dict[str, Any]:
    rows = files.once(_quotes)
    rows = rows[~rows["status"].isin(["draft"])]
    sums = facts(rows, num=1.0, amount=rows["amount"])
    return told(stock(sums, np.maximum(rows["since"], rows["lapse"]), rows["until"]))


QUESTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "overdue_visits": _overdue_visits,
    "overdue_visit_rate": _overdue_visit_rate,
    "unknown_visits": _unknown_visits,
    "at_risk_linked_share": _at_risk_linked_share,
    "quotes_to_follow_up": _to_follow_up,
    "quote_conversion_rate": _quote_conversion_rate,
    "open_quotes": _open_quotes,
    "expired_quotes": _expired_quotes,
    "draft_quotes": _draft_quotes,
}
