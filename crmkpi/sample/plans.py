"""Action plans of reps and teams, their monthly history, and monthly targets for every scope.

Below it: field, selling, parties, world, clock, draw, words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.clock import DAY, MONTH, NEVER, at
from crmkpi.sample.draw import Draw, repeat
from crmkpi.sample.parties import blank, text
from crmkpi.sample.selling import days
from crmkpi.sample.world import World

AMOUNTS = ("invoiced_revenue", "ordered_amount")
COUNTS = ("order_count", "visits_done", "qualified_leads", "new_prospects")


def action_plans(world: World, a: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """About one new plan a quarter per rep and per team, with what was reported month by month."""
    draw, users = world.draw(), world.users
    members = np.flatnonzero((users["is_sales"] & users["active_to"].isna()).to_numpy())
    who, rank = repeat(np.full(len(members) + len(words.TEAMS), 9))
    n, of_team = len(who), who >= len(members)
    p = pd.DataFrame({"plan_id": "A" + pd.Series(np.arange(1, n + 1)).astype("str").str.zfill(4)})
    start = world.start + (rank * 118 + draw.integers("plan start", n, 0, 80)) * DAY
    length = draw.integers("plan length", n, 90, 210)
    owner = members[np.minimum(who, len(members) - 1)]
    p["owner_id"] = blank(text(list(users["user_id"]), owner), of_team)
    team = np.where(of_team, who - len(members), world.teams(owner, start))
    p["team"] = text(words.TEAMS, team)
    p["account_id"] = _plan_account(draw, a, owner, of_team)
    p["start_date"] = np.where(draw.chance("no start", n, 0.03), NEVER, start)
    p["due_date"], p["_start"], p["_length"] = start + length * DAY, start, length
    p["name"] = _names(draw, team)
    target = draw.integers("plan target", n, 10, 90) * 1000.0 * np.where(of_team, 4, 1)
    p["target_amount"] = np.where(draw.chance("no plan target", n, 0.12), np.nan, target)
    p["_speed"] = 0.55 + 0.7 * draw.uniform("speed", n)
    p["_yield"] = 0.5 + 0.7 * draw.uniform("yield", n)
    p["risk"] = text(words.RISKS, np.where(p["_speed"] < 0.75, 2, np.where(p["_speed"] < 0.95, 1, 0)))
    p = p[start <= world.until].reset_index(drop=True)
    return _progress(world, draw, p)


def _plan_account(draw: Draw, a: pd.DataFrame, owner: np.ndarray, of_team: np.ndarray) -> pd.Series:
    first = a.reset_index().groupby("_rep")["index"].first()
    mine = pd.Series(owner).map(first).fillna(0).astype(int)
    hit = draw.chance("plan account", len(owner), 0.3) & ~of_team & np.isin(owner, first.index)
    return blank(pd.Series(a["account_id"].to_numpy()[mine]), ~hit)


def _names(draw: Draw, team: np.ndarray) -> pd.Series:
    kind = draw.index("plan name", len(team), np.ones(len(words.PLAN_NAMES)))
    family = draw.index("plan family", len(team), np.ones(len(words.FAMILIES)))
    names = [
        words.PLAN_NAMES[k].format(family=words.FAMILIES[f], team=words.TEAMS[t])
        for k, f, t in zip(kind, family, team, strict=True)
    ]
    return pd.Series(names, dtype="str")  # fmt: skip


def _progress(world: World, draw: Draw, p: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    plan, month = repeat(((np.minimum(days(p, "due_date"), world.until) - days(p, "_start")).astype(int) // 30) + 1)
    told = days(p, "_start")[plan] + 30 * month * DAY
    h = pd.DataFrame({"_plan": plan, "_day": told})
    h["at"] = at(told, draw, "told at")
    share = np.clip((told - days(p, "_start")[plan]).astype(int) / p["_length"].to_numpy()[plan], 0, 1)
    h["progress"] = np.round(np.minimum(share * p["_speed"].to_numpy()[plan], 1.0), 2)
    actual = p["target_amount"].to_numpy()[plan] * h["progress"] * p["_yield"].to_numpy()[plan]
    h["actual_amount"], h["plan_id"] = (actual // 100) * 100, p["plan_id"].to_numpy()[plan]
    quiet = (told > world.until - 40 * DAY) & draw.chance("quiet", len(h), 0.25) & (month > 0)
    h = h[(told <= world.until) & ~quiet].reset_index(drop=True)
    last = h.groupby("_plan").last()
    p["progress"], p["actual_amount"], p["updated_at"] = last["progress"], last["actual_amount"], last["at"]
    drags = (days(p, "due_date") > world.until - 60 * DAY) & draw.chance("drags on", len(p), 0.35)
    over = (days(p, "due_date") <= world.until) & ~drags
    stopped = over & draw.chance("stopped", len(p), 0.12)
    p["status"] = np.where(stopped, "stopped", np.where(over, "done", "running"))
    p["closed_at"] = at(np.where(over, days(p, "due_date"), NEVER), draw, "plan closed at")
    return p, h


def link_visits(draw: Draw, p: pd.DataFrame, t: pd.DataFrame) -> None:
    """Some visits belong to a plan of their rep."""
    t["plan_id"] = pd.Series(None, index=t.index, dtype="str")
    planned, some = days(t, "_moment"), (t["type"] == "visit").to_numpy() & draw.chance("of plan", len(t), 0.12)
    start, due = days(p, "_start"), days(p, "due_date")
    for plan in np.flatnonzero(p["owner_id"].notna()):
        mine = some & (t["owner_id"] == p.at[plan, "owner_id"]).to_numpy()
        t.loc[mine & (planned >= start[plan]) & (planned <= due[plan]), "plan_id"] = str(p.at[plan, "plan_id"])


def achieved(world: World, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What was achieved by metric, owner, booked team and month: what targets are set around."""
    parts = list(_achievements(world, tables))
    return together(parts)


def together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Achievements added up."""
    keys = ["metric", "owner_id", "team", "month"]
    return pd.concat(parts, ignore_index=True).groupby(keys, dropna=False)[["value"]].sum().reset_index()


def _achievements(world: World, tables: dict[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    d, i, t, x, a = (tables[name] for name in ("orders", "invoices", "activities", "leads", "accounts"))
    home = world.users.set_index("user_id")["team"]
    sold = d[d["status"].isin(["confirmed", "delivered"])]
    billed = i[(i["status"] == "posted") & (i["type"] != "deposit")]
    yield _achieved("ordered_amount", sold, "order_date", sold["amount"], sold["team"])
    yield _achieved("order_count", sold, "order_date", (~sold["_extra"]).astype(float), sold["team"])
    yield _achieved("invoiced_revenue", billed, "invoice_date", billed["amount"], billed["team"])
    done = t[(t["type"].isin(["visit", "meeting"])) & (t["status"] == "done") & t["account_id"].notna()]
    good, new = x[x["qualified_at"].notna()], a[(a["created_at"] >= world.start) & (a["created_by"] != "import")]
    alone = x[x["account_id"].isna()]  # a lead that became an account counts as that account
    new = pd.concat([new.loc[new["type"] != "other", ["owner_id", "created_at"]], alone[["owner_id", "created_at"]]])
    yield _achieved("visits_done", done, "done_at", 1.0, done["owner_id"].map(home))
    yield _achieved("qualified_leads", good, "qualified_at", 1.0, good["owner_id"].map(home))
    yield _achieved("new_prospects", new, "created_at", 1.0, new["owner_id"].map(home))


def _achieved(metric: str, rows: pd.DataFrame, day: str, value: object, team: pd.Series) -> pd.DataFrame:
    month = days(rows, day).astype("M8[M]").astype("M8[D]")
    return pd.DataFrame({"metric": metric, "owner_id": rows["owner_id"], "team": team, "month": month, "value": value})


def targets(world: World, done: pd.DataFrame) -> pd.DataFrame:
    """Monthly targets to the end of the year, set around what was achieved (75 to 115 %), scope by scope."""
    who = done.merge(world.users[["user_id"]], left_on="owner_id", right_on="user_id", how="left")
    unit = who["team"].map(words.UNITS)
    scopes = {
        "rep": who["user_id"],
        "team": who["team"],
        "business_unit": unit,
        "company": pd.Series(words.COMPANY, index=who.index),
    }
    rows = [_scope(world, scope, who.assign(scope_id=ids).dropna(subset="scope_id")) for scope, ids in scopes.items()]
    t = pd.concat(rows, ignore_index=True)
    t = pd.concat([t, _baskets(t)], ignore_index=True)
    t["period_end"] = (days(t, "period_start").astype("M8[M]") + MONTH).astype("M8[D]") - DAY
    return t.sort_values(["scope", "scope_id", "metric", "period_start"], kind="stable", ignore_index=True)  # fmt: skip


def _scope(world: World, scope: str, done: pd.DataFrame) -> pd.DataFrame:
    last = np.datetime64(f"{world.until_date.year}-12-01")
    months = np.arange(world.start.astype("M8[M]"), last.astype("M8[M]") + MONTH).astype("M8[D]")
    table = done.pivot_table(
        index=["scope_id", "metric"], columns="month", values="value", aggfunc="sum", fill_value=0.0
    )
    actual = table.reindex(columns=pd.DatetimeIndex(months), fill_value=0.0)
    weight, gone = _weights(world, months)
    full = actual.to_numpy() / np.where(gone > 0, gone / weight, 1.0)
    season = _seasonal(months, actual.to_numpy(), weight, gone)
    base = np.where(gone > 0.2 * weight, 0.85 * full + 0.15 * season, season)
    draw, n = world.draw(), len(actual)
    goal = base / (0.89 + 0.18 * draw.uniform("goal " + scope, n))[:, None]
    wide = pd.DataFrame(_rounded(goal, actual.index.get_level_values("metric").isin(AMOUNTS)), actual.index, months)
    rows = wide.reset_index().melt(["scope_id", "metric"], var_name="period_start").assign(scope=scope)
    rows["period_start"] = pd.to_datetime(rows["period_start"])
    return _active(world, rows) if scope == "rep" else rows


def _weights(world: World, months: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The busy time of each month, and how much of it has passed."""
    ends = (months.astype("M8[M]") + MONTH).astype("M8[D]")
    position = world.season.position
    weight = position(ends) - position(months)
    gone = position(np.minimum(ends, world.until + DAY)) - position(np.minimum(months, world.until + DAY))
    return weight, gone


def _seasonal(months: np.ndarray, actual: np.ndarray, weight: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """The value of each year to date, spread over its months by the season."""
    season, year = np.zeros_like(actual), months.astype("M8[Y]")
    for each in np.unique(year):
        mine = year == each
        total = gone[mine] * (actual[:, mine] != 0)
        pace = actual[:, mine].sum(axis=1) / np.maximum(total.sum(axis=1), 1e-9)
        season[:, mine] = pace[:, None] * weight[mine][None, :]
    return season


def _rounded(goal: np.ndarray, money: np.ndarray) -> np.ndarray:
    step = np.where(money[:, None], np.where(goal > 20000, 1000.0, 500.0), 1.0)
    return np.maximum(np.rint(goal / step), 1) * step


def _active(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """A rep has targets only for the months spent in the company."""
    life = world.users.set_index("user_id")[["active_from", "active_to"]]
    come, gone = (rows["scope_id"].map(life[each]) for each in life)
    return rows[(rows["period_start"] >= come) & (gone.isna() | (rows["period_start"] <= gone))]


def _baskets(t: pd.DataFrame) -> pd.DataFrame:
    """The target of the basket: target amount / target count, for the company and its teams."""
    t = t[t["scope"].isin(["company", "team"])].set_index(["scope", "scope_id", "period_start"])
    amount, count = (t.loc[t["metric"] == name, "value"] for name in ("ordered_amount", "order_count"))
    return (amount / count).round(-1).rename("value").reset_index().assign(metric="average_basket")
