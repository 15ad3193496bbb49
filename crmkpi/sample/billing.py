"""What follows an order: deliveries, invoices, credit notes, deposits and payments, up to the last day.

Money is integer cents here. Below it: selling, world, clock, draw.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkpi.sample.clock import DAY, NEVER, at, off
from crmkpi.sample.draw import Draw, repeat
from crmkpi.sample.selling import days
from crmkpi.sample.world import World


def deliveries(world: World, part: int, d: pd.DataFrame) -> pd.DataFrame:
    """One or two deliveries per order, some of them late; sets the orders' status and delivery day."""
    draw = world.draw(part)
    split = (d["_amount"] > 50000).to_numpy() & draw.chance("split", len(d), 0.15)
    live = ~d["_draft"].to_numpy()
    order, rank = repeat(np.where(live, 1 + split, 0))
    v = pd.DataFrame({"_order": order})
    n, amount = len(v), d["_amount"].to_numpy()[order]
    first = amount * draw.integers("first part", len(d), 40, 70)[order] // 100
    v["_amount"] = np.where(~split[order], amount, np.where(rank == 0, first, amount - first))
    lead = draw.integers("lead", len(d), 4, 12)
    planned = off(days(d, "_day")[order], lead[order] + 10 * rank)
    v["_done"] = _done(world, draw, d, order, planned)
    done = ~np.isnat(days(v, "_done"))
    cancelled = d["_cancelled"].to_numpy()[order]
    v["delivery_id"] = world.number("deliveries", "B", n)
    v["order_id"], v["account_id"] = d["order_id"].to_numpy()[order], d["account_id"].to_numpy()[order]
    v["planned_date"], v["amount"] = planned, v["_amount"] / 100
    v["delivered_at"] = at(days(v, "_done"), draw, "delivered at")
    v["status"] = np.where(cancelled, "cancelled", np.where(done, "delivered", "pending"))
    wished = off(days(d, "_day"), np.maximum(lead - draw.index("hurry", len(d), (5, 2, 1, 1)), 1))
    d["requested_delivery_date"] = np.where(draw.chance("wish date", len(d), 0.85), wished, NEVER)
    _status(d, v)
    return v


def _done(world: World, draw: Draw, d: pd.DataFrame, order: np.ndarray, planned: np.ndarray) -> np.ndarray:
    n = len(order)
    late = np.array([-1, 0, 2, 5, 14])[draw.index("late", n, (0.1, 0.68, 0.12, 0.07, 0.03))]
    done = np.maximum(off(planned, late), days(d, "_day")[order])
    stuck = draw.chance("stuck", n, 0.006) & (planned > world.until - 160 * DAY)
    return np.where((done <= world.until) & ~stuck & ~d["_cancelled"].to_numpy()[order], done, NEVER)


def _status(d: pd.DataFrame, v: pd.DataFrame) -> None:
    last, waiting = v.groupby("_order")["delivered_at"].max(), v.loc[v["delivered_at"].isna(), "_order"]
    d["delivered_at"] = last.drop(waiting.unique()).reindex(range(len(d))).to_numpy()
    status = np.where(d["delivered_at"].notna(), "delivered", "confirmed")
    d["status"] = np.where(d["_draft"], "draft", np.where(d["_cancelled"], "cancelled", status))


def invoices(
    world: World, part: int, a: pd.DataFrame, d: pd.DataFrame, v: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The invoices, and the payments: with tax = payments + open amount, for every posted document."""
    draw = world.draw(part)
    final = _finals(world, draw, v)
    deposit = _deposits(draw, d)
    credit = _credits(world, draw, final)
    i = pd.concat([final, deposit, credit, _cancelled(draw, final)], ignore_index=True)
    i = i.sort_values("_day", kind="stable", ignore_index=True)
    i["_tax"] = np.sign(i["_amount"]) * ((np.abs(i["_amount"]) * 120 + 50) // 100)
    _terms(world, draw, a, d, i)
    n, order = len(i), i["_order"].to_numpy()
    i["invoice_id"] = world.number("invoices", "F", n)
    letter = i["type"].map({"invoice": "FA", "credit_note": "AV", "deposit": "AC"})
    i["number"] = (
        letter + "-" + days(i, "_day").astype("M8[Y]").astype(str).astype(object) + "-" + i["invoice_id"].str[1:]
    )
    for column in ("account_id", "owner_id", "team", "business_unit", "order_id"):
        i[column] = d[column].to_numpy()[order]
    i["invoice_date"], i["due_date"] = days(i, "_day"), i["_due"]
    payments = _payments(world, draw, i)
    paid = np.zeros(n, dtype=np.int64)
    np.add.at(paid, payments["_invoice"].to_numpy(), payments["_amount"].to_numpy())
    i["amount"], i["amount_with_tax"] = i["_amount"] / 100, i["_tax"] / 100
    i["open_amount"] = np.where(i["status"] == "posted", i["_tax"] - paid, 0) / 100
    settled = (i["status"] == "posted") & (i["_tax"] == paid)
    i["paid_at"] = payments.groupby("_invoice")["paid_at"].max().reindex(range(n)).to_numpy()
    i["paid_at"] = i["paid_at"].where(settled)
    payments["invoice_id"] = i["invoice_id"].to_numpy()[payments["_invoice"]]
    return i, payments


def _finals(world: World, draw: Draw, v: pd.DataFrame) -> pd.DataFrame:
    day = off(days(v, "_done"), draw.integers("billed after", len(v), 0, 3))
    f = v.assign(_day=day)[(day <= world.until) & (v["_amount"] > 0).to_numpy()]
    f = f[["_order", "_amount", "_day"]].reset_index(drop=True)
    recent = days(f, "_day") > off(np.array([world.until]), -3)[0]
    f["type"], f["_first"] = "invoice", ~f["_order"].duplicated()
    f["status"] = np.where(recent & draw.chance("draft bill", len(f), 0.35), "draft", "posted")
    return f


def _deposits(draw: Draw, d: pd.DataFrame) -> pd.DataFrame:
    hit = (d["_deal"] >= 0).to_numpy() & (d["_amount"] >= 500000).to_numpy() & draw.chance("deposit", len(d), 0.4)
    rows = np.flatnonzero(hit)
    amount = d["_amount"].to_numpy()[rows] * 30 // 100
    return pd.DataFrame(
        {"_order": rows, "_amount": amount, "_day": days(d, "_day")[rows], "type": "deposit", "status": "posted",
         "_first": False}
    )  # fmt: skip


def _credits(world: World, draw: Draw, final: pd.DataFrame) -> pd.DataFrame:
    n = len(final)
    day = off(days(final, "_day"), draw.integers("credit after", n, 4, 25))
    share = np.where(draw.chance("whole", n, 0.15), 100, draw.integers("share", n, 5, 40))
    hit = draw.chance("credit", n, 0.025) & (day <= world.until) & (final["status"] == "posted").to_numpy()
    amount = -((final["_amount"].to_numpy() * share + 50) // 100)
    return final.assign(_amount=amount, _day=day, type="credit_note", _first=False)[hit & (amount < 0)]


def _cancelled(draw: Draw, final: pd.DataFrame) -> pd.DataFrame:
    """A few invoices were made out wrongly, cancelled, and made out again."""
    hit = draw.chance("made out twice", len(final), 0.004) & (final["status"] == "posted").to_numpy()
    return final.assign(status="cancelled", _first=False)[hit]


def _terms(world: World, draw: Draw, a: pd.DataFrame, d: pd.DataFrame, i: pd.DataFrame) -> None:
    n, who = len(i), d["_account"].to_numpy()[i["_order"]]
    now, credit = (i["type"] == "deposit").to_numpy(), (i["type"] == "credit_note").to_numpy()
    delay = np.where(now, 0, np.where(credit, 30, a["_days"].to_numpy()[who]))
    i["_due"] = days(i, "_day") + delay * DAY
    late = np.where(now | credit, 8, a["_slow"].to_numpy()[who] + draw.integers("paid after", n, -4, 9))
    paid = np.maximum(off(days(i, "_due") + late * DAY, 0), days(i, "_day"))
    disputed = draw.chance("disputed", n, 0.004)
    i["_paid"] = np.where((i["status"] == "posted") & (paid <= world.until) & ~disputed, paid, NEVER)


def _payments(world: World, draw: Draw, i: pd.DataFrame) -> pd.DataFrame:
    deposit = i[i["type"] == "deposit"].set_index("_order")["_tax"]
    deducted = (
        i["_first"].to_numpy() & i["_order"].isin(deposit.index).to_numpy() & (i["status"] == "posted").to_numpy()
    )
    less = np.where(deducted, np.minimum(i["_order"].map(deposit).fillna(0), i["_tax"]), 0).astype(np.int64)
    rest, paid = i["_tax"].to_numpy() - less, ~np.isnat(days(i, "_paid"))
    overdue = ~paid & (i["status"] == "posted").to_numpy() & (i["type"] == "invoice").to_numpy()
    overdue &= (i["_due"] < world.until - 12 * DAY).to_numpy() & draw.chance("on account", len(i), 0.1)
    rows = [
        (deducted, less, days(i, "_day")),
        (paid, rest, days(i, "_paid")),
        (overdue, rest // 2, np.full(len(i), world.until - 9 * DAY)),
    ]
    p = pd.concat(
        [
            pd.DataFrame({"_invoice": np.flatnonzero(hit), "_amount": amount[hit], "_day": day[hit]})
            for hit, amount, day in rows
        ],
        ignore_index=True,
    )
    p = p[p["_amount"] != 0].sort_values(["_day", "_invoice"], kind="stable", ignore_index=True)
    p["paid_at"], p["amount"] = at(days(p, "_day"), draw, "paid at"), p["_amount"] / 100
    return p
