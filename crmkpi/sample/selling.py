"""What is hoped for and what is sold: opportunities, orders and their lines.

Everything sold or hoped for starts as a *basket*: lines priced from the price list of the day.
Money is integer cents here. Below it: parties, world, clock, draw, words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.clock import DAY, NEVER, at, off
from crmkpi.sample.draw import Draw, repeat, sums
from crmkpi.sample.parties import BOUGHT, CUSTOMER, PROSPECT, blank, text
from crmkpi.sample.stories import in_story
from crmkpi.sample.world import World

OPEN, WON, LOST = 0, 4, 5
STAGE_AT = (0.0, 0.2, 0.45, 0.75)
"""The share of a deal's life after which each open stage begins."""
_DEAL, _LINE_EUROS = 9.0, 300.0


def days(frame: pd.DataFrame, column: str) -> np.ndarray:
    """A date column as numpy days."""
    return frame[column].to_numpy().astype("M8[D]")


def deals(world: World, part: int, a: pd.DataFrame) -> pd.DataFrame:
    """When opportunities begin and end, and how; amounts come later, from their baskets."""
    draw = world.draw(part)
    role = a["_role"].to_numpy()
    cycle = np.where(role == CUSTOMER, 250.0, 190.0) / np.sqrt(a["_scale"].to_numpy())
    begin = np.maximum(days(a, "created_at") + 5 * DAY, world.start)
    end = np.where((role == CUSTOMER) | (role == PROSPECT), np.minimum(days(a, "_stop"), world.until + DAY), begin)
    who, begun = world.season.rhythm(draw, "deals", cycle, begin, end)
    o = pd.DataFrame({"_account": who, "_day": begun}).sort_values("_day", kind="stable", ignore_index=True)
    n = len(o)
    o["_life"] = draw.integers("deal life", n, 20, 150)
    o["_end"] = off(days(o, "_day") + o["_life"].to_numpy() * DAY, 0)
    o["_won"] = draw.chance("deal won", n, 0.46) & (o["_end"] < days(a, "_stop")[o["_account"]])
    o["_closed"] = (o["_end"] <= world.until).to_numpy()
    o["opportunity_id"] = world.number("opportunities", "O", n)
    o["created_at"] = at(days(o, "_day"), draw, "deal at")
    o["closed_at"] = at(np.where(o["_closed"], days(o, "_end"), NEVER), draw, "deal end at")
    return o


def stage_day(o: pd.DataFrame, stage: int) -> np.ndarray:
    """The day each opportunity reaches an open stage."""
    return days(o, "_day") + np.rint(o["_life"].to_numpy() * STAGE_AT[stage]).astype(np.int64) * DAY


def opportunities(world: World, part: int, a: pd.DataFrame, o: pd.DataFrame, amount: np.ndarray) -> None:
    """Fill in the opportunities: stage, probability, the six fields of the sheet, gaps included."""
    draw, n = world.draw(part), len(o)
    closed, won = o["_closed"].to_numpy(), o["_won"].to_numpy()
    stage = sum((stage_day(o, s) <= world.until).astype(int) for s in (1, 2, 3))
    stage = np.where(closed, np.where(won, WON, LOST), stage)
    o["_stage"], o["stage"] = stage, text([s for s, _, _ in words.STAGES], stage)
    o["status"] = text([s for _, _, s in words.STAGES], stage)
    o["stage_since"] = np.where(closed, o["closed_at"].to_numpy(), _since(o, stage))
    usual, own = np.array([p for _, p, _ in words.STAGES])[stage], draw.integers("own p", n, -2, 2) * 0.05
    manual = draw.chance("manual", n, 0.25) & ~closed
    unknown = draw.chance("no p", n, 0.06) & ~closed
    probability = np.round(np.clip(usual + np.where(manual, own, 0.0), 0.0, 1.0), 2)
    o["probability"] = np.where(unknown, np.nan, probability)
    o["probability_source"] = np.where(unknown, "none", np.where(manual, "manual", "stage"))
    rounded = (amount + 5000) // 10000 * 10000
    o["amount"] = np.where(closed & won, amount, rounded) / 100
    o["amount"] = o["amount"].mask(draw.chance("no amount", n, 0.05) & ~closed)
    o["owner_id"] = _owner_ids(world, a, o["_account"].to_numpy(), _asked_on(world, o))
    o["account_id"] = a["account_id"].to_numpy()[o["_account"]]
    _sheet(world, draw, o, rounded)


def _asked_on(world: World, o: pd.DataFrame) -> np.ndarray:
    return np.minimum(days(o, "_end"), world.until)


def _since(o: pd.DataFrame, stage: np.ndarray) -> np.ndarray:
    reached = np.select([stage == s for s in range(4)], [stage_day(o, s) for s in range(4)], NEVER)
    return np.maximum(reached.astype("M8[s]"), o["created_at"].to_numpy())


def _owner_ids(world: World, a: pd.DataFrame, who: np.ndarray, on: np.ndarray) -> pd.Series:
    return text(list(world.users["user_id"]), world.owners(a["_rep"].to_numpy()[who], on))


def _sheet(world: World, draw: Draw, o: pd.DataFrame, amount: np.ndarray) -> None:
    n, is_open = len(o), ~o["_closed"].to_numpy()
    family = draw.index("deal family", n, np.ones(len(words.FAMILIES)))
    o["product_interest"] = blank(text(words.FAMILIES, family), draw.chance("no family", n, 0.1))
    o["name"] = text(words.NEEDS, draw.index("deal name", n, np.ones(len(words.NEEDS))))
    o["need"] = blank(o["name"], draw.chance("no need", n, 0.35))
    o["name"] = o["name"] + " - " + text(words.FAMILIES, family)
    o["budget_amount"] = np.where(
        draw.chance("budget", n, 0.45), (amount // 100 * 105 // 100) // 500 * 500 + 500, np.nan
    )
    o["competitor"] = blank(
        text(words.COMPETITORS, draw.index("competitor", n, (4, 3, 2, 2, 1))), draw.chance("nc", n, 0.55)
    )
    slip = draw.integers("slip", n, -12, 20)
    expected = days(o, "_end") + np.where(is_open, slip, 0) * DAY
    late = is_open & draw.chance("overdue", n, 0.14)
    expected = np.where(late, world.until - draw.integers("overdue by", n, 2, 45) * DAY, expected)
    expected = np.where(late, np.maximum(expected, days(o, "_day") + DAY), expected)
    o["expected_close_date"] = np.where(is_open & draw.chance("undated", n, 0.06), NEVER, expected)
    wished = days(o, "_end") + draw.integers("wished", n, 5, 45) * DAY
    o["requested_delivery_date"] = np.where(draw.chance("wish", n, 0.35), wished, NEVER)
    step = blank(text(words.NEXT_STEPS, draw.index("step", n, (1, 1, 1, 1))), ~is_open | draw.chance("no step", n, 0.4))
    reason = text(words.LOST_REASONS, draw.index("lost why", n, (4, 2, 3, 2, 2)))
    o["next_step"], o["lost_reason"] = (
        step,
        blank(reason, is_open | o["_won"].to_numpy() | draw.chance("no why", n, 0.2)),
    )


def requests(world: World, part: int, a: pd.DataFrame, o: pd.DataFrame) -> pd.DataFrame:
    """Every basket that is asked for: the regular orders, the story's extra ones, and all the deals."""
    draw = world.draw(part)
    begin, end = days(a, "_begin"), np.minimum(days(a, "_stop"), world.until + DAY)
    end = np.where(a["_role"] == CUSTOMER, end, begin)
    regular = _asked(*world.season.rhythm(draw, "orders", a["_cycle"].to_numpy(), begin, end), extra=False, deal=-1)
    asked = [regular]
    story = world.stories.get("discounts")
    if story:
        hit = a["_team"].to_numpy() == words.TEAMS.index(story.where)
        for since, factor in ((np.datetime64(story.since), 2.0), (world.month, 3.0)):
            first, cycle = np.maximum(begin, since), a["_cycle"].to_numpy() * factor
            more = world.season.rhythm(draw, f"extra {factor}", cycle, first, np.where(hit, end, first))
            asked.append(_asked(*more, extra=True, deal=-1))
    asked.append(_asked(o["_account"].to_numpy(), days(o, "_day"), extra=False, deal=np.arange(len(o))))
    return pd.concat(asked, ignore_index=True)


def _asked(who: np.ndarray, day: np.ndarray, extra: bool, deal: np.ndarray | int) -> pd.DataFrame:
    return pd.DataFrame({"_account": who, "_day": day, "_extra": extra, "_deal": deal})


def baskets(world: World, part: int, a: pd.DataFrame, r: pd.DataFrame) -> pd.DataFrame:
    """The lines of every basket, priced: list, discounted amount and cost in cents."""
    draw, on = world.draw(part), days(r, "_day")
    who = r["_account"].to_numpy()
    group, rank = repeat(1 + draw.index("lines", len(r), (0.3, 0.28, 0.2, 0.12, 0.06, 0.04)))
    n = len(group)
    product = draw.index("product", n, np.ones(len(world.products)))
    group, rank, product = _fall(world, draw, on, group, rank, product)
    n, year = len(group), _price_year(world, on)[group]
    price, cost = (table[year, product] for table in world.price_lists)
    scale = a["_scale"].to_numpy()[who[group]] * np.where(r["_deal"].to_numpy()[group] >= 0, _DEAL, 1.0)
    quantity = np.maximum(np.rint(_LINE_EUROS * 100 * scale * draw.skewed("size", n) / price), 1).astype(np.int64)
    listed, costs = price * quantity, cost * quantity
    rate = _discounts(world, draw, a, who[group], on[group])
    return pd.DataFrame(
        {"_basket": group, "_product": product, "quantity": quantity, "_list": listed,
         "_amount": (listed * (100 - rate) + 50) // 100, "_cost": costs}
    )  # fmt: skip


def _price_year(world: World, on: np.ndarray) -> np.ndarray:
    return (on.astype("M8[Y]") - world.start.astype("M8[Y]")).astype(np.int64)


def _fall(
    world: World, draw: Draw, on: np.ndarray, group: np.ndarray, rank: np.ndarray, product: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lines of the falling family go: left out, or another family where it was the only one."""
    story = world.stories.get("falling_family")
    if story is None:
        return group, rank, product
    each = len(next(iter(words.PRODUCTS.values())))
    hit = (product // each == words.FAMILIES.index(story.where)) & in_story(story, on)[group]
    worn = (on[group] - np.datetime64(story.since)).astype(np.int64) / 180
    hit &= draw.uniform("fall", len(group)) < 0.4 + 0.45 * np.clip(worn, 0, 1)
    other = (product + each * draw.integers("other family", len(group), 1, 7)) % len(world.products)
    keep = ~hit | (rank == 0)
    return group[keep], rank[keep], np.where(hit, other, product)[keep]


def _discounts(world: World, draw: Draw, a: pd.DataFrame, who: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Whole percents per line: the customer's usual discount, some haggling, and the story's."""
    rate = a["_discount"].to_numpy()[who] + draw.integers("haggle", len(who), -2, 3)
    story = world.stories.get("discounts")
    if story:
        hit = (a["_team"].to_numpy()[who] == words.TEAMS.index(story.where)) & in_story(story, on)
        rate = rate + np.where(hit, 12 + 5 * (on >= world.month), 0)
    return np.clip(rate, 0, 60)


def orders(
    world: World, part: int, a: pd.DataFrame, o: pd.DataFrame, r: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Orders from the baskets that were bought; deals count on the day they were won."""
    draw, deal = world.draw(part), r["_deal"].to_numpy()
    bought = (deal < 0) | (o["_closed"] & o["_won"]).to_numpy()[np.maximum(deal, 0)]
    day = np.where(deal >= 0, days(o, "_end")[np.maximum(deal, 0)], days(r, "_day"))
    d = r.assign(_day=day, _basket=np.arange(len(r)))[bought].sort_values("_day", kind="stable", ignore_index=True)
    n = len(d)
    _oddities(draw, d, lines, len(r))
    for column in ("_list", "_amount", "_cost"):
        d[column] = sums(lines[column].to_numpy(), lines["_basket"].to_numpy(), len(r))[d["_basket"]]
    d["order_id"] = world.number("orders", "D", n)
    d["number"] = "CMD-" + days(d, "_day").astype("M8[Y]").astype(str).astype(object) + "-" + d["order_id"].str[1:]
    d["order_date"], free = days(d, "_day"), (d["_deal"] < 0).to_numpy()
    who, owner = d["_account"].to_numpy(), world.owners(a["_rep"].to_numpy()[d["_account"]], days(d, "_day"))
    team = world.teams(owner, days(d, "_day"))
    d["team"] = text(words.TEAMS, team)
    d["business_unit"] = text([words.UNITS[each] for each in words.TEAMS], team)
    d["owner_id"] = blank(text(list(world.users["user_id"]), owner), free & draw.chance("no rep", n, 0.02))
    counter = free & draw.chance("counter", n, 0.003)
    d["account_id"] = blank(pd.Series(a["account_id"].to_numpy()[who]), counter)
    d["opportunity_id"] = blank(pd.Series(o["opportunity_id"].to_numpy()[np.maximum(d["_deal"], 0)]), free)
    d["amount"], d["list_amount"] = d["_amount"] / 100, d["_list"] / 100
    d["cost_amount"] = np.where(d["_costless"], np.nan, d["_cost"] / 100)
    day, cancelled = days(d, "_day"), free & draw.chance("cancelled", n, 0.015)
    cancelled_on = off(day + draw.integers("cancel after", n, 1, 10) * DAY, 0)
    d["_cancelled"] = cancelled & (cancelled_on <= world.until)
    d["cancelled_at"] = at(np.where(d["_cancelled"], cancelled_on, NEVER), draw, "cancel at")
    d["_draft"] = free & (day > world.until - 6 * DAY) & draw.chance("draft", n, 0.06) & ~d["_cancelled"].to_numpy()
    return d


def _oddities(draw: Draw, d: pd.DataFrame, lines: pd.DataFrame, baskets: int) -> None:
    """Free samples (zero orders), orders under cost, orders without cost: changes the lines in place."""
    n, free = len(d), (d["_deal"] < 0).to_numpy()
    sample = free & draw.chance("sample", n, 0.007)
    cheap = free & ~sample & draw.chance("cheap", n, 0.003)
    d["_costless"] = draw.chance("costless", n, 0.025)
    for name, flag in (("sample", sample), ("cheap", cheap), ("costless", d["_costless"])):
        of_basket = np.zeros(baskets, dtype=bool)
        of_basket[d.loc[flag, "_basket"]] = True
        lines["_" + name] = of_basket[lines["_basket"]]
    hit, each = lines["_sample"], lines["_cost"] // lines["quantity"]
    lines["_cost"] = np.where(hit, each, np.where(lines["_cheap"], lines["_cost"] * 8 // 5, lines["_cost"]))
    lines["quantity"] = np.where(hit, 1, lines["quantity"])
    lines.loc[hit, ["_list", "_amount"]] = 0


def order_lines(world: World, d: pd.DataFrame, lines: pd.DataFrame, baskets: int) -> pd.DataFrame:
    """The lines of the baskets that became orders, in the order of the orders."""
    order = np.full(baskets, -1)
    order[d["_basket"]] = np.arange(len(d))
    lines = lines.assign(_order=order[lines["_basket"]]).query("_order >= 0")
    lines = lines.sort_values("_order", kind="stable", ignore_index=True)
    product = lines["_product"].to_numpy()
    family = world.products["family"].to_numpy()[product]
    return pd.DataFrame({
        "order_id": d["order_id"].to_numpy()[lines["_order"]],
        "product_id": text(list(world.products["product_id"]), product),
        "product": text(list(world.products["name"]), product),
        "product_family": text(words.FAMILIES, family),
        "quantity": lines["quantity"].astype("float64"),
        "list_amount": lines["_list"] / 100,
        "amount": lines["_amount"] / 100,
        "cost_amount": (lines["_cost"] / 100).mask(lines["_costless"]),
    })  # fmt: skip


def settle_types(a: pd.DataFrame, d: pd.DataFrame) -> None:
    """An account is a customer once it has ordered, a prospect while it may."""
    ordered = np.zeros(len(a), dtype=bool)
    ordered[d["_account"]] = True
    prospects = a["_role"].isin([CUSTOMER, PROSPECT, BOUGHT])
    a["type"] = np.where(ordered, "customer", np.where(prospects, "prospect", "other"))
