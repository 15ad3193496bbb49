"""Family 1 as it is written in pandas for one question: October 2026 by team, seen on the 15th.

Only the columns that are needed are read, with Arrow types (the faster way here: the default ones make an object of
each amount); money becomes float64. The days are those of :mod:`benchmarks.by_hand_duckdb`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.by_hand_duckdb import BESIDE, DAYS, ELAPSED, ENDS, NUMBERS, STARTS, WORKING_DAYS

KEY = ["span", "team"]


class Files:
    """The canonical Parquet files of a data folder."""

    def __init__(self, data: Path) -> None:
        self.version = data / str(json.loads((data / "manifest.json").read_text())["version"])

    def read(self, table: str, *columns: str) -> pd.DataFrame:
        """Some columns of a table: amounts as float64, moments as numpy's, texts as Arrow's."""
        frame = pd.read_parquet(self.version / f"{table}.parquet", columns=list(columns), dtype_backend="pyarrow")
        for name in columns:
            kind = str(frame[name].dtype)
            if "decimal" in kind:
                frame[name] = frame[name].astype("double[pyarrow]").astype("float64")
            elif "timestamp" in kind or "date32" in kind:
                frame[name] = frame[name].astype("timestamp[us][pyarrow]").astype("datetime64[us]")
        return frame

    def orders(self, *columns: str) -> pd.DataFrame:
        """Confirmed orders."""
        frame = self.read("orders", "team", "order_date", "status", *columns)
        return frame[frame["status"].isin(["confirmed", "delivered"])]

    def invoices(self, *columns: str) -> pd.DataFrame:
        """Posted invoices and credit notes."""
        frame = self.read("invoices", "invoice_date", "status", "type", *columns)
        return frame[(frame["status"] == "posted") & (frame["type"] != "deposit")]

    def teams(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows with their owner's team."""
        return frame.merge(self.read("users", "user_id", "team"), how="left", left_on="owner_id", right_on="user_id")

    def open_deals(self, *columns: str) -> pd.DataFrame:
        """The deals open at each of the three days, with their chance."""
        frame = self.read("opportunities", "opportunity_id", "owner_id", "stage", "status", "probability", "amount", "created_at",
                          "closed_at", *columns)  # fmt: skip
        days = []
        for number, (day, end) in enumerate(zip(DAYS, ENDS, strict=True)):
            after = pd.Timestamp(day) + pd.Timedelta(days=1)
            still = (frame["created_at"] < after) & ((frame["status"] == "open") | (frame["closed_at"] >= after))
            days.append(frame[still].assign(span=number, day=pd.Timestamp(day), stop=pd.Timestamp(end)))
        stages = self.read("stages", "stage", "probability").set_index("stage")["probability"]
        rows = self.known_then(self.teams(pd.concat(days, ignore_index=True)))
        return rows.assign(chance=rows["probability"].fillna(rows["stage"].map(stages)))

    def known_then(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The deals of past days at the stage of their history."""
        history = self.read("opportunity_history", "opportunity_id", "at", "stage").rename(columns={"stage": "then"})
        history = history.assign(at=history["at"].dt.floor("D")).sort_values("at", kind="stable")
        rows = rows.reset_index(names="place").sort_values("day", kind="stable")
        found = pd.merge_asof(rows, history, left_on="day", right_on="at", by="opportunity_id").sort_values("place")
        past = found["then"].notna() & (found["span"] > 0)
        return found.assign(stage=found["stage"].mask(past, found["then"]))

    def targets(self, metric: str) -> pd.Series:
        """A team's target of each month: its reps'."""
        frame = self.read("targets", "scope", "scope_id", "metric", "period_start", "value")
        frame = frame[(frame["scope"] == "rep") & (frame["metric"] == metric)].rename(columns={"scope_id": "owner_id"})
        starts = {pd.Timestamp(start): number for number, start in enumerate(STARTS)}
        frame = frame[frame["period_start"].isin(list(starts))].assign(
            span=lambda rows: rows["period_start"].map(starts)
        )
        return self.teams(frame).groupby(KEY)["value"].sum().rename("target")


def within(
    frame: pd.DataFrame, day: str, starts: tuple[str, ...] = STARTS, days: tuple[str, ...] = DAYS
) -> pd.DataFrame:
    """The rows of the stretches of days, with the number of their stretch."""
    parts = []
    for number, (start, last) in enumerate(zip(starts, days, strict=True)):
        rows = frame[(frame[day] >= pd.Timestamp(start)) & (frame[day] < pd.Timestamp(last) + pd.Timedelta(days=1))]
        parts.append(rows.assign(span=number))
    return pd.concat(parts, ignore_index=True)


def cents(values: pd.Series) -> pd.Series:
    """Money rounded half away from zero."""
    return np.floor(values * 100 + 0.5 + 1e-8) / 100


def added(rows: pd.DataFrame, used: pd.Series | None = None, **columns: pd.Series) -> pd.DataFrame:
    """Sums by month and team of the rows that can be used, with how many they are and how many there were."""
    usable = rows[KEY].assign(n=1, **columns)
    kept = usable if used is None else usable[used.to_numpy(dtype=bool, na_value=False)]
    return kept.groupby(KEY).sum().assign(rows=rows.groupby(KEY).size())


def answer(sums: pd.DataFrame, target: pd.Series | None = None, whole: bool = False, name: str = "") -> pd.DataFrame:
    """The answer: a row per team, comparisons beside."""
    sums = sums.assign(**{each: np.nan for each in ("num", "den", "amount") if each not in sums})
    if "value" not in sums:
        sums["value"] = sums["num"] / sums["den"] if sums["den"].notna().any() else sums["num"]
    now = sums.loc[0].assign(coverage=sums.loc[0].get("coverage", 1.0))
    now["target"] = target.loc[0] if target is not None else np.nan
    now["target_to_date"] = now["target"] * (1 if whole else ELAPSED / WORKING_DAYS[0])
    now["attainment"] = now["value"] / now["target_to_date"]
    now["previous"], now["last_year"] = sums.loc[1]["value"], sums.loc[2]["value"]
    return now.reset_index()[["team", *NUMBERS, *BESIDE.get(name, ())]]


# one question each -----------------------------------------------------------------------------------
def revenue(files: Files) -> pd.DataFrame:
    """Invoiced revenue by month and team."""
    rows = within(files.invoices("team", "amount"), "invoice_date")
    return added(rows, num=rows["amount"], amount=rows["amount"])


def _landing(files: Files) -> pd.DataFrame:
    sums = revenue(files)
    value = sums["num"] / ELAPSED * sums.index.get_level_values("span").map(dict(enumerate(WORKING_DAYS)))
    return answer(sums[["n"]].assign(value=value), files.targets("invoiced_revenue"), whole=True)


def to_invoice(files: Files) -> pd.DataFrame:
    """Orders due in the rest of the month and not invoiced."""
    orders = files.orders("order_id", "requested_delivery_date", "amount")
    invoices = files.invoices("order_id")
    parts = []
    for number, (day, end) in enumerate(zip(DAYS, ENDS, strict=True)):
        seen, due = pd.Timestamp(day), orders["requested_delivery_date"]
        rows = orders[(orders["order_date"] <= seen) & (due > seen) & (due < pd.Timestamp(end))]
        done = invoices.loc[invoices["invoice_date"] <= seen, "order_id"]
        parts.append(rows[~rows["order_id"].isin(done)].assign(span=number))
    rows = pd.concat(parts, ignore_index=True)
    return added(rows, num=rows["amount"], amount=rows["amount"])


def weighted_signing(files: Files) -> pd.DataFrame:
    """Weighted deals signing in the rest of the month, without an order."""
    deals = files.open_deals("expected_close_date")
    deals = deals[(deals["expected_close_date"] > deals["day"]) & (deals["expected_close_date"] < deals["stop"])]
    orders = (
        files.orders("opportunity_id").dropna(subset="opportunity_id").groupby("opportunity_id")["order_date"].min()
    )
    rows = deals[~(deals["opportunity_id"].map(orders) <= deals["day"])]
    sums = added(rows, rows["amount"].notna(), num=cents(rows["amount"] * rows["chance"]), amount=rows["amount"])
    return sums.assign(coverage=sums["n"] / sums["rows"])


def _landing_pipeline(files: Files) -> pd.DataFrame:
    sums, orders, deals = revenue(files), to_invoice(files), weighted_signing(files)
    value = sums["num"].add(orders["num"], fill_value=0).add(deals["num"], fill_value=0)
    return answer(
        sums[["n"]].assign(value=value, coverage=deals["coverage"]), files.targets("invoiced_revenue"), whole=True
    )


def _needed_pace(files: Files) -> pd.DataFrame:
    sums = revenue(files)
    left = sums.index.get_level_values("span").map({span: days - ELAPSED for span, days in enumerate(WORKING_DAYS)})
    num = np.maximum(0, files.targets("invoiced_revenue").reindex(sums.index) - sums["num"])
    return answer(sums[["n"]].assign(num=num, den=left.astype(float)))


def _ordered(files: Files) -> pd.DataFrame:
    rows = within(files.orders("amount"), "order_date")
    return added(rows, num=rows["amount"], amount=rows["amount"])


def _order_count(files: Files) -> pd.DataFrame:
    rows = within(files.orders("amount"), "order_date")
    return answer(added(rows, num=1.0, amount=rows["amount"]), files.targets("order_count"))


def _discount_rate(files: Files) -> pd.DataFrame:
    rows = within(files.orders("amount", "list_amount"), "order_date")
    given = rows["list_amount"] - rows["amount"]
    sums = added(rows, rows["list_amount"].notna(), num=given, den=rows["list_amount"], amount=rows["amount"])
    return answer(sums.assign(coverage=sums["n"] / sums["rows"]))


def _margin_rate(files: Files) -> pd.DataFrame:
    rows = within(files.orders("amount", "cost_amount"), "order_date")
    margin = rows["amount"] - rows["cost_amount"]
    sums = added(rows, margin.notna(), num=margin, den=rows["amount"], amount=margin, nonzero=rows["amount"] != 0)
    return answer(sums.assign(n=sums["nonzero"], coverage=sums["den"] / rows.groupby(KEY)["amount"].sum()))


def _average_basket(files: Files) -> pd.DataFrame:
    rows = within(files.orders("amount"), "order_date")
    rows = rows[rows["amount"] != 0]
    baskets = rows.groupby(KEY)["amount"]
    sums = added(rows, num=rows["amount"], den=1.0, amount=rows["amount"])
    target = files.targets("ordered_amount") / files.targets("order_count")
    return answer(sums.assign(median=baskets.median(), p90=baskets.quantile(0.9)), target, True, "average_basket")


def _weighted_pipeline(files: Files) -> pd.DataFrame:
    rows = files.open_deals()
    sums = added(rows, rows["amount"].notna(), num=cents(rows["amount"] * rows["chance"]), amount=rows["amount"])
    return answer(sums.assign(coverage=sums["n"] / sums["rows"]))


def _calibrated_pipeline(files: Files) -> pd.DataFrame:
    history = files.read("opportunity_history", "opportunity_id", "at", "stage")
    closed = files.read("opportunities", "opportunity_id", "status", "closed_at")
    closed = closed[closed["status"] != "open"].merge(history, on="opportunity_id")
    closed = closed[closed["at"] < closed["closed_at"].dt.floor("D") + pd.Timedelta(days=1)]
    closed = closed.drop_duplicates(["opportunity_id", "stage"])
    parts = {}
    for number, day in enumerate(DAYS):
        seen = closed[closed["closed_at"] < pd.Timestamp(day) + pd.Timedelta(days=1)]
        won = (seen["status"] == "won").groupby(seen["stage"]).sum()
        parts[number] = pd.DataFrame({"closed": seen.groupby("stage").size(), "won": won})
    rows = files.open_deals().merge(
        pd.concat(parts, names=["span", "stage"]).reset_index(), how="left", on=["span", "stage"]
    )
    usable = rows["amount"].notna() & (rows["closed"] >= 20)
    sums = added(rows, usable, num=cents(rows["amount"] * rows["won"] / rows["closed"]), amount=rows["amount"])
    amounts = rows.groupby(KEY)["amount"]
    whole = amounts.sum() + amounts.mean() * (amounts.size() - amounts.count())
    return answer(sums.assign(coverage=sums["amount"] / whole))


def _open_opportunities(files: Files) -> pd.DataFrame:
    filled = ("expected_close_date", "need", "budget_amount", "requested_delivery_date", "competitor", "stage")
    rows = files.open_deals(*filled[:5])
    names = BESIDE["open_opportunities"]
    shares = {name: rows[column].notna().astype(float) for name, column in zip(names, filled, strict=True)}
    sums = added(rows, num=1.0, amount=rows["amount"], **shares)
    for name in names:
        sums[name] /= sums["n"]
    return answer(sums, name="open_opportunities")


def closed(files: Files, by_value: bool, starts: tuple[str, ...] = STARTS) -> pd.DataFrame:
    """Win rates by month and team."""
    rows = files.read("opportunities", "owner_id", "status", "amount", "closed_at")
    rows = files.teams(within(rows[rows["status"] != "open"], "closed_at", starts))
    won = (rows["status"] == "won").astype(bool)
    amount = rows["amount"].where(won, 0.0)
    if not by_value:
        return added(rows, num=won.astype(float), den=1.0, amount=amount.fillna(0))
    sums = added(rows, rows["amount"].notna(), num=amount, den=rows["amount"], amount=amount)
    return sums.assign(coverage=sums["n"] / sums["rows"])


def pipeline_signing(files: Files) -> pd.DataFrame:
    """Amounts of the open deals signing in the month and not overdue."""
    rows = files.open_deals("expected_close_date")
    rows = rows[(rows["expected_close_date"] >= rows["day"]) & (rows["expected_close_date"] < rows["stop"])]
    sums = added(rows, rows["amount"].notna(), num=rows["amount"], amount=rows["amount"])
    return sums.assign(coverage=sums["n"] / sums["rows"])


def _pipeline_coverage(files: Files) -> pd.DataFrame:
    signing, left = pipeline_signing(files), files.targets("ordered_amount") - _ordered(files)["num"]
    value = (signing["num"] / left).where(left > 0)
    return answer(signing[["num", "amount", "n", "coverage"]].assign(den=left, value=value))


def _needed_coverage(files: Files) -> pd.DataFrame:
    starts = tuple(f"{int(day[:4]) - 1}{day[4:8]}16" for day in DAYS)
    sums = closed(files, True, starts)
    return answer(sums[["n", "coverage"]].assign(value=sums["den"] / sums["num"].replace(0.0, np.nan)))


QUESTIONS: dict[str, Callable[[Files], pd.DataFrame]] = {
    "invoiced_revenue": lambda files: answer(revenue(files), files.targets("invoiced_revenue")),
    "landing": _landing,
    "landing_pipeline": _landing_pipeline,
    "needed_pace": _needed_pace,
    "orders_to_invoice": lambda files: answer(to_invoice(files)),
    "ordered_amount": lambda files: answer(_ordered(files), files.targets("ordered_amount")),
    "order_count": _order_count,
    "discount_rate": _discount_rate,
    "margin_rate": _margin_rate,
    "average_basket": _average_basket,
    "weighted_pipeline": _weighted_pipeline,
    "calibrated_pipeline": _calibrated_pipeline,
    "open_opportunities": _open_opportunities,
    "win_rate": lambda files: answer(closed(files, False)),
    "win_rate_by_value": lambda files: answer(closed(files, True)),
    "pipeline_signing": lambda files: answer(pipeline_signing(files)),
    "weighted_signing": lambda files: answer(weighted_signing(files)),
    "pipeline_coverage": _pipeline_coverage,
    "needed_coverage": _needed_coverage,
}
