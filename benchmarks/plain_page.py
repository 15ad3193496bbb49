"""The commercial page as it is usually written: rows in pandas, seaborn through pyplot into an Output widget.

What :mod:`benchmarks.in_browser` sets beside ours: ten figures with two comparisons and a line of thirteen months each, and
eleven pictures, worked out from the rows at each change of a filter. Ours also has targets, a headline and what to do.
The rows are read once, when the page opens; October 2026 is seen on the 15th.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import HTML, display

from benchmarks.by_hand_duckdb import DAYS, ELAPSED, WORKING_DAYS
from benchmarks.by_hand_pandas import Files, within

Frames = dict[str, pd.DataFrame]
NAMES = ("revenue", "landing", "ordered", "orders", "basket", "margin", "discount", "pipeline", "win", "deals")


def rows(data: Path) -> Frames:
    """The rows that the page needs, as pandas reads them."""
    files = Files(data)
    users = files.read("users", "user_id", "team")
    deals = files.open_deals("expected_close_date").drop(columns=["team"])
    closed = files.read("opportunities", "owner_id", "status", "amount", "closed_at")
    goals = files.read("targets", "scope", "scope_id", "metric", "period_start", "value")
    goals = goals[(goals["scope"] == "rep") & (goals["metric"] == "invoiced_revenue")]
    found = {
        "invoices": files.invoices("owner_id", "account_id", "amount"),
        "orders": files.orders("owner_id", "amount", "list_amount", "cost_amount"),
        "deals": deals,
        "closed": closed[closed["status"] != "open"],
        "goals": goals.rename(columns={"scope_id": "owner_id"}),
    }
    found = {name: frame.drop(columns="team", errors="ignore") for name, frame in found.items()}
    teams = {name: frame.merge(users, left_on="owner_id", right_on="user_id") for name, frame in found.items()}
    return {name: frame.convert_dtypes(dtype_backend="numpy_nullable") for name, frame in teams.items()}


def figures(frames: Frames) -> dict[str, list[float]]:
    """Ten figures: now, the month before, a year ago."""
    invoices, orders = within(frames["invoices"], "invoice_date"), within(frames["orders"], "order_date")
    closed, deals = within(frames["closed"], "closed_at"), frames["deals"]
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    for span, days in enumerate(WORKING_DAYS):
        sold, booked = invoices[invoices["span"] == span], orders[orders["span"] == span]
        ended, still = closed[closed["span"] == span], deals[deals["span"] == span]
        cost, listed = booked.dropna(subset="cost_amount"), booked.dropna(subset="list_amount")
        found["revenue"].append(sold["amount"].sum())
        found["landing"].append(sold["amount"].sum() / ELAPSED * days)
        found["ordered"].append(booked["amount"].sum())
        found["orders"].append(len(booked))
        found["basket"].append(booked["amount"].mean())
        found["margin"].append((cost["amount"] - cost["cost_amount"]).sum() / max(cost["amount"].sum(), 1))
        found["discount"].append(1 - listed["amount"].sum() / max(listed["list_amount"].sum(), 1))
        found["pipeline"].append((still["amount"] * still["chance"]).sum())
        found["win"].append((ended["status"] == "won").mean())
        found["deals"].append(len(still))
    return found


def by_month(frame: pd.DataFrame, day: str, first: str = "2025-10-01") -> pd.DataFrame:
    """The rows of thirteen months, each with its month."""
    kept = frame[(frame[day] >= pd.Timestamp(first)) & (frame[day] <= pd.Timestamp(DAYS[0]) + pd.Timedelta(days=1))]
    return kept.assign(month=kept[day].dt.strftime("%Y-%m")).sort_values("month", kind="stable")


def pictures(frames: Frames) -> None:
    """Eleven pictures (ours has twelve), each a pyplot figure of its own, drawn from the rows with seaborn's defaults."""
    invoices, orders = by_month(frames["invoices"], "invoice_date"), by_month(frames["orders"], "order_date")
    then = within(frames["invoices"], "invoice_date")
    now = then[then["span"] == 0]
    large = then[then["account_id"].isin(now.groupby("account_id")["amount"].sum().nlargest(8).index)]
    deals = frames["deals"].query("span == 0").assign(weighted=lambda deals: deals["amount"] * deals["chance"])
    deals = deals.assign(signing=deals["expected_close_date"].dt.strftime("%Y-%m")).sort_values("signing")
    rates = orders.assign(margin=1 - orders["cost_amount"] / orders["amount"].where(orders["amount"] > 0))
    rates = rates.assign(discount=1 - orders["amount"] / orders["list_amount"].where(orders["list_amount"] > 0))
    picture(sns.barplot, invoices, x="month", y="amount", estimator="sum")
    picture(sns.barplot, then, x="amount", y="team", hue="span", estimator="sum")
    picture(sns.barplot, large, x="amount", y="account_id", hue="span", estimator="sum")
    picture(sns.barplot, now, x="amount", y="owner_id", estimator="sum")
    picture(sns.countplot, orders, x="month")
    picture(sns.barplot, orders, x="month", y="amount")
    picture(sns.boxplot, orders, x="month", y="amount")
    picture(sns.barplot, rates, x="month", y="margin")
    picture(sns.barplot, rates, x="discount", y="team")
    picture(sns.barplot, deals, x="signing", y="weighted", estimator="sum")
    picture(sns.barplot, deals, x="weighted", y="stage", estimator="sum")


def courses(frames: Frames) -> dict[str, tuple[pd.DataFrame, str, str]]:
    """Of each figure the rows of thirteen months, the column and how it is added up: the line in its tile."""
    invoices, orders = by_month(frames["invoices"], "invoice_date"), by_month(frames["orders"], "order_date")
    closed = by_month(frames["closed"], "closed_at").assign(won=lambda rows: (rows["status"] == "won").astype(float))
    deals = (
        frames["deals"].query("span == 0").assign(month=lambda rows: rows["expected_close_date"].dt.strftime("%Y-%m"))
    )
    deals = deals.assign(weighted=deals["amount"] * deals["chance"]).sort_values("month")
    rates = orders.assign(margin=1 - orders["cost_amount"] / orders["amount"].where(orders["amount"] > 0),
                          discount=1 - orders["amount"] / orders["list_amount"].where(orders["list_amount"] > 0))  # fmt: skip
    return {
        "revenue": (invoices, "amount", "sum"), "landing": (invoices, "amount", "sum"), "ordered": (orders, "amount", "sum"),
        "orders": (orders.assign(one=1.0), "one", "sum"), "basket": (orders, "amount", "mean"), "margin": (rates, "margin", "mean"),
        "discount": (rates, "discount", "mean"), "pipeline": (deals, "weighted", "sum"), "win": (closed, "won", "mean"),
        "deals": (deals.assign(one=1.0), "one", "sum"),
    }  # fmt: skip


def picture(draw: Any, frame: pd.DataFrame, size: tuple[float, float] = (7, 3.2), **places: str) -> None:
    """One picture, shown as pyplot shows it."""
    plt.figure(figsize=size)
    axes = draw(data=frame, **places)
    if places["x"] in ("month", "signing"):
        axes.tick_params(axis="x", rotation=45)
    plt.tight_layout()
    plt.show()


class Plain:
    """The page: two filters and an Output widget."""

    def __init__(self, data: Path) -> None:
        sns.set_theme()
        self.frames, self.times = rows(data), 0
        users = Files(data).read("users", "user_id", "team").dropna().astype(str)
        self.team = widgets.Dropdown(options=["", *sorted(users["team"].unique())])
        self.rep = widgets.Dropdown(options=["", *sorted(users["user_id"])], description="rep")
        self.out = widgets.Output()

    def show(self) -> None:
        """Put the page there; it is filled at the first choice (while Voilà runs a notebook, Output widgets may hang)."""
        for each in (self.team, self.rep):
            each.observe(lambda _change: self.fill(), "value")
        page = widgets.VBox([self.team, self.rep, self.out])
        page.add_class("plain-page")
        display(page)

    def fill(self) -> None:
        """Everything again, from the rows."""
        self.times += 1
        wanted = {"team": self.team.value, "owner_id": self.rep.value}
        frames = dict(self.frames)
        for name, frame in frames.items():
            for column, value in wanted.items():
                frames[name] = frame = frame[frame[column] == value] if value else frame
        with self.out:
            self.out.clear_output(wait=True)
            lines = courses(frames)
            for name, (now, before, year) in figures(frames).items():
                display(
                    HTML(
                        f'<p class="plain-figure" data-times="{self.times}">{name} {now:,.2f} ({before:,.2f}, {year:,.2f})</p>'
                    )
                )
                rows, column, estimator = lines[name]
                picture(sns.lineplot, rows, (2, 0.8), x="month", y=column, estimator=estimator)
            display(HTML(f'<i class="plain-figures" data-times="{self.times}">{self.times}</i>'))
            pictures(frames)
            display(HTML(f'<i class="plain-done" data-times="{self.times}"></i>'))
