"""What comes before an order: quotes that age, the history of opportunities, leads by source.

Below it: selling, parties, world, clock, draw, words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.clock import DAY, NEVER, at, off
from crmkpi.sample.draw import Draw
from crmkpi.sample.parties import CUSTOMER, blank, luhn, phone, slug, text
from crmkpi.sample.selling import STAGE_AT, days, stage_day
from crmkpi.sample.world import World


def quotes(
    world: World, part: int, a: pd.DataFrame, o: pd.DataFrame, amount: np.ndarray, d: pd.DataFrame
) -> pd.DataFrame:
    """Quotes of opportunities, of regular orders, and those that led nowhere; orders get their quote."""
    draw = world.draw(part)
    deal = _of_deals(world, draw, o, amount)
    old = _first_versions(draw, deal)
    q = pd.concat([deal, old, _of_orders(draw, a, d), _for_nothing(world, draw, a)], ignore_index=True)
    q = q.sort_values("_day", kind="stable", ignore_index=True)
    n = len(q)
    q["quote_id"] = world.number("quotes", "Q", n)
    q["number"] = "DEV-" + days(q, "_day").astype("M8[Y]").astype(str).astype(object) + "-" + q["quote_id"].str[1:]
    q["account_id"] = a["account_id"].to_numpy()[q["_account"]]
    q["opportunity_id"] = blank(pd.Series(o["opportunity_id"].to_numpy()[np.maximum(q["_deal"], 0)]), q["_deal"] < 0)
    owner = world.owners(a["_rep"].to_numpy()[q["_account"]], days(q, "_day"))
    q["owner_id"], q["amount"] = text(list(world.users["user_id"]), owner), q["_amount"] / 100
    q["issued_at"] = at(days(q, "_day"), draw, "issued at")
    q["decided_at"] = at(days(q, "_decided"), draw, "decided at")
    q["decided_at"] = np.where(q["decided_at"].isna(), NEVER, np.maximum(q["decided_at"], q["issued_at"]))
    q["valid_until"] = days(q, "_day") + np.array([30, 45, 60])[draw.index("valid", n, (3, 2, 1))] * DAY
    followed = days(q, "_day") + draw.integers("followed after", n, 3, 20) * DAY
    hit = draw.chance("followed", n, 0.55) & (followed <= world.until) & (q["status"] != "draft").to_numpy()
    q["last_follow_up_at"] = at(np.where(hit, followed, NEVER), draw, "followed at")
    latest = q[~q["_old"] & (q["_deal"] >= 0)].set_index("_deal")["quote_id"]
    q["replaced_by"] = q["_deal"].map(latest).where(q["_old"])
    _tell_orders(d, q)
    return q


def _of_deals(world: World, draw: Draw, o: pd.DataFrame, amount: np.ndarray) -> pd.DataFrame:
    n, issued, status = len(o), stage_day(o, 2), o["status"].to_numpy(dtype=object)
    silent = (status == "lost") & draw.chance("silent", n, 0.25)
    state = np.where(status == "won", "accepted", np.where((status == "lost") & ~silent, "refused", "sent"))
    decided = np.where(state == "sent", NEVER, days(o, "_end"))
    q = _quotes(o["_account"].to_numpy(), issued, decided, state, amount, np.arange(n), False)
    return q[issued <= world.until]


def _quotes(
    who: np.ndarray,
    issued: np.ndarray,
    decided: np.ndarray,
    status: np.ndarray | str,
    amount: np.ndarray,
    deal: np.ndarray | int,
    old: bool,
) -> pd.DataFrame:
    columns = {"_account": who, "_day": issued, "_decided": decided, "status": status}
    return pd.DataFrame({**columns, "_amount": amount, "_deal": deal, "_old": old, "_order": -1})


def _first_versions(draw: Draw, deal: pd.DataFrame) -> pd.DataFrame:
    """The earlier, dearer version of some offers: replaced by the one that counts."""
    hit = draw.chance("second version", len(deal), 0.13)
    earlier = days(deal, "_day") - draw.integers("version gap", len(deal), 2, 3) * DAY
    first = deal.assign(_day=earlier, _decided=NEVER, status="sent", _old=True, _amount=deal["_amount"] * 108 // 100)
    return first[hit]


def _of_orders(draw: Draw, a: pd.DataFrame, d: pd.DataFrame) -> pd.DataFrame:
    day = days(d, "_day")
    known, before = days(a, "created_at")[d["_account"]], draw.integers("quoted before", len(d), 2, 28)
    issued = np.maximum(day - before * DAY, known + DAY)
    hit = (d["_deal"] < 0).to_numpy() & draw.chance("quoted", len(d), 0.11) & (d["_amount"] > 0).to_numpy()
    hit &= d["account_id"].notna().to_numpy() & ~d["_draft"].to_numpy()
    q = _quotes(d["_account"].to_numpy(), issued, day, "accepted", d["_amount"].to_numpy(), -1, False)
    return q.assign(_order=np.arange(len(d)))[hit]


def _for_nothing(world: World, draw: Draw, a: pd.DataFrame) -> pd.DataFrame:
    begin, end = days(a, "_begin"), np.minimum(days(a, "_stop"), world.until + DAY)
    end = np.where(a["_role"] == CUSTOMER, end, begin)
    who, issued = world.season.rhythm(draw, "quotes", a["_cycle"].to_numpy() * 9, begin, end)
    n = len(who)
    decided = off(issued + draw.integers("refused after", n, 4, 35) * DAY, 0)
    fate = draw.index("fate", n, (0.5, 0.08, 0.42))
    state = np.where((fate == 2) | (decided > world.until), "sent", np.where(fate == 0, "refused", "cancelled"))
    state = np.where((issued > world.until - 6 * DAY) & draw.chance("draft quote", n, 0.5), "draft", state)
    amount = (a["_scale"].to_numpy()[who] * 160000 * draw.skewed("quote size", n)).astype(
        np.int64
    ) // 1000 * 1000 + 1000
    return _quotes(
        who, issued, np.where((state == "sent") | (state == "draft"), NEVER, decided), state, amount, -1, False
    )


def _tell_orders(d: pd.DataFrame, q: pd.DataFrame) -> None:
    won = q[(q["status"] == "accepted") & (q["_deal"] >= 0)].set_index("_deal")["quote_id"]
    regular = q[q["_order"] >= 0].set_index("_order")["quote_id"]
    d["quote_id"] = d["_deal"].map(won)
    d.loc[regular.index, "quote_id"] = regular


_LOST_AT = (0.3, 0.3, 0.25, 0.15)
"""How often a deal that is lost gets no further than each open stage."""


def history(world: World, part: int, o: pd.DataFrame) -> pd.DataFrame:
    """What each opportunity was when it entered each stage: the signature slips as it goes, most lost ones stop early."""
    last = world.draw(part).index("lost at", len(o), _LOST_AT)
    last = np.where(o["_closed"].to_numpy() & ~o["_won"].to_numpy(), last, len(STAGE_AT))
    rows = [_stage_rows(world, o[stage <= last], stage) for stage in range(len(STAGE_AT))]
    closed = o[o["_closed"]]
    end = closed[["opportunity_id", "stage", "probability", "amount", "expected_close_date"]].assign(
        at=closed["closed_at"]
    )
    return pd.concat([*rows, end], ignore_index=True).sort_values(["opportunity_id", "at"], kind="stable")


def _stage_rows(world: World, o: pd.DataFrame, stage: int) -> pd.DataFrame:
    day, (name, probability, _) = stage_day(o, stage), words.STAGES[stage]
    hit = (day <= world.until) & (day < days(o, "_end"))
    moment = o["created_at"].to_numpy() if stage == 0 else day.astype("M8[s]") + np.timedelta64(9 * 3600 + stage, "s")
    hit &= moment >= o["created_at"].to_numpy()
    earlier = days(o, "expected_close_date") - (3 - stage) * 9 * DAY
    rows = pd.DataFrame(
        {"opportunity_id": o["opportunity_id"], "at": moment, "stage": name, "probability": probability}
    )
    rows["amount"] = (o["amount"] * (0.85 + 0.05 * stage)).round(2)
    rows["expected_close_date"] = np.where(np.isnat(earlier), NEVER, np.maximum(earlier, days(o, "_day") + DAY))
    return rows[hit]


def leads(world: World, part: int, customers: int, a: pd.DataFrame, o: pd.DataFrame) -> pd.DataFrame:
    """Leads that became opportunities and the many that did not, by source and campaign."""
    draw = world.draw(part)
    turned = _turned(world, draw, a, o)
    x = pd.concat([turned, _unturned(world, draw, customers * 9 // 4)], ignore_index=True)
    x = x.sort_values("_day", kind="stable", ignore_index=True)
    n = len(x)
    _lead_dates(world, draw, a, o, x)
    _lead_words(world, draw, a, x)
    x["opportunity_id"] = blank(pd.Series(o["opportunity_id"].to_numpy()[np.maximum(x["_deal"], 0)]), x["_deal"] < 0)
    x["account_id"] = blank(pd.Series(a["account_id"].to_numpy()[np.maximum(x["_account"], 0)]), x["_account"] < 0)
    x["lead_id"] = world.number("leads", "L", n)
    return x


def _turned(world: World, draw: Draw, a: pd.DataFrame, o: pd.DataFrame) -> pd.DataFrame:
    n = len(o)
    day = off(days(o, "_day") - draw.integers("lead before", n, 8, 40) * DAY, 0)
    hit = draw.chance("from lead", n, 0.6) & (day >= world.start) & (day < days(o, "_day") - 3 * DAY)
    x = pd.DataFrame(
        {
            "_day": day,
            "_deal": np.arange(n),
            "_account": o["_account"],
            "_source": draw.index("lead src", n, (4, 2, 3, 2, 1, 0.3)),
        }
    )
    return x[hit]  # fmt: skip


def _unturned(world: World, draw: Draw, n: int) -> pd.DataFrame:
    last = world.season.position(np.array([world.until + DAY]))[0]
    day = world.season.day(last * draw.uniform("lead day", n))
    source = draw.index("lead src 2", n, (4, 2, 1.5, 2, 1, 2.5))
    return pd.DataFrame({"_day": np.minimum(day, world.until), "_deal": -1, "_account": -1, "_source": source})


def _lead_dates(world: World, draw: Draw, a: pd.DataFrame, o: pd.DataFrame, x: pd.DataFrame) -> None:
    n, day, deal = len(x), days(x, "_day"), x["_deal"].to_numpy()
    turned, bought = deal >= 0, (x["_source"] == 5).to_numpy()
    converted = np.where(turned, days(o, "_day")[np.maximum(deal, 0)], NEVER)
    room = np.where(turned, (converted - day).astype(np.int64) - 1, 22)
    assigned = off(day, draw.index("assigned", n, (6, 3, 1)))
    qualified = day + DAY + (draw.uniform("qualified after", n) * room).astype(np.int64) * DAY
    qualified = np.where(
        turned | draw.chance("qualifies", n, np.where(bought, 0.12, 0.4)), np.maximum(qualified, day), NEVER
    )
    refused = off(day + draw.integers("refused lead after", n, 3, 30) * DAY, 0)
    hit = ~turned & np.isnat(qualified) & draw.chance("refused lead", n, np.where(bought, 0.75, 0.6))
    dropped = ~turned & ~np.isnat(qualified) & draw.chance("dropped", n, 0.7)
    refused = np.where(dropped, off(day + (room + draw.integers("dropped after", n, 5, 60)) * DAY, 0), refused)
    hit |= dropped
    steps = {"assigned_at": assigned, "qualified_at": qualified, "disqualified_at": np.where(hit, refused, NEVER)}
    x["created_at"] = at(day, draw, "lead at")
    for name, step in steps.items():
        moment = at(np.where(step <= world.until, step, NEVER), draw, name)
        x[name] = np.where(np.isnat(moment), NEVER, np.maximum(moment, x["created_at"].to_numpy()))
    x["assigned_at"] = np.where(x["qualified_at"] < x["assigned_at"], x["qualified_at"], x["assigned_at"])
    x["converted_at"] = np.where(turned, o["created_at"].to_numpy()[np.maximum(deal, 0)], NEVER)
    known = [turned, *(x[f"{step}_at"].notna().to_numpy() for step in ("disqualified", "qualified", "assigned"))]
    x["status"] = text(
        ("converted", "disqualified", "qualified", "working", "new"), np.argmax([*known, ~turned], axis=0)
    )


def _lead_words(world: World, draw: Draw, a: pd.DataFrame, x: pd.DataFrame) -> None:
    n, who = len(x), x["_account"].to_numpy()
    linked = who >= 0
    i = draw.integers("lead name", n, 0, 10**9)
    made = text([t for t, _ in words.TRADES], i % 24) + " " + text(words.LAST_NAMES, i // 24 % 70) + " " + text(
        words.SUFFIXES[1:], i // 1680 % 5)  # fmt: skip
    made = made + " " + text([city for _, city, _ in words.CITIES["Ouest"] + words.CITIES["Nord"]], i // 8400 % 28)
    x["company"] = pd.Series(np.where(linked, a["name"].to_numpy()[np.maximum(who, 0)], made), dtype="str")
    person = slug(text(words.FIRST_NAMES, draw.integers("lead first", n, 0, 29)))
    domain = pd.Series(
        np.where(linked, a["_domain"].to_numpy()[np.maximum(who, 0)], slug(made) + ".example"), dtype="str"
    )
    public = draw.chance("public", n, 0.05) & ~linked
    mail = (person + "@" + domain).mask(public, person + "." + luhn(draw, "public no", n, 5) + "@gmail.com")
    x["email"] = blank(mail, draw.chance("lead no mail", n, 0.12))
    prefix = pd.Series(np.full(n, "01 99 00"), dtype="str")
    x["phone"] = blank(phone(draw, "lead phone", prefix), draw.chance("lead no phone", n, 0.2))
    x["source"] = text(words.SOURCES, x["_source"].to_numpy())
    quarter = (days(x, "_day").astype("M8[M]").astype(np.int64) % 12 // 3 + 1).astype(str).astype(object)
    campaign = x["source"] + " " + days(x, "_day").astype("M8[Y]").astype(str).astype(object) + "-T" + quarter
    x["campaign"] = blank(campaign, x["_source"].isin([2, 3]).to_numpy())
    family = draw.index("lead family", n, np.ones(len(words.FAMILIES)))
    x["product_interest"] = blank(text(words.FAMILIES, family), draw.chance("lead no family", n, 0.09))
    potential = (draw.skewed("potential", n) * 60).astype(np.int64) * 100.0 + 500
    x["potential_amount"] = np.where(draw.chance("no potential", n, 0.15), np.nan, potential)
    free = np.flatnonzero((world.users["is_sales"] & world.users["active_to"].isna()).to_numpy())
    any_rep = free[draw.integers("lead rep", n, 0, len(free) - 1)]
    x["_owner"] = world.owners(np.where(linked, a["_rep"].to_numpy()[np.maximum(who, 0)], any_rep), days(x, "_day"))
    owner = text(list(world.users["user_id"]), x["_owner"].to_numpy())
    x["owner_id"] = blank(owner, x["assigned_at"].isna().to_numpy() | draw.chance("lead no rep", n, 0.02))
    x["created_by"] = np.where(x["_source"] == 0, "site web", owner)
    reason = text(words.LEAD_REASONS, draw.index("lead why", n, (3, 3, 2, 1, 1)))
    x["disqualified_reason"] = blank(reason, (x["status"] != "disqualified").to_numpy())
