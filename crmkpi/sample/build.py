"""From a world to canonical tables: the customers part by part, then what needs all of them.

A part is some two thousand customers, so that memory stays the same however large the sample is.
Below it: plans, field, offers, billing, selling, parties, world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.sample import words
from crmkpi.sample.billing import deliveries, invoices
from crmkpi.sample.draw import sums
from crmkpi.sample.field import activities, tickets
from crmkpi.sample.offers import history, leads, quotes
from crmkpi.sample.parties import accounts, contacts
from crmkpi.sample.plans import achieved, action_plans, link_visits, targets, together
from crmkpi.sample.selling import baskets, deals, opportunities, order_lines, orders, requests, settle_types
from crmkpi.sample.world import World
from crmkpi.schema import TABLES, Table

PART = 2000
Tables = dict[str, pd.DataFrame]


def parts(world: World) -> Iterator[Tables]:
    """The canonical tables in pieces, to be put one after another: customers first, targets last."""
    yield {"users": canonical("users", world.users), "stages": canonical("stages", _stages())}
    done = []
    for part, first in enumerate(range(0, world.customers, PART)):
        tables = _part(world, part, min(PART, world.customers - first))
        done.append(achieved(world, tables))
        yield {name: canonical(name, frame) for name, frame in tables.items()}
    yield {"targets": canonical("targets", targets(world, together(done)))}


def _part(world: World, part: int, customers: int) -> Tables:
    a = accounts(world, part, customers)
    c, o = contacts(world, part, a), deals(world, part, a)
    asked = requests(world, part, a, o)
    lines = baskets(world, part, a, asked)
    d = orders(world, part, a, o, asked, lines)
    hoped = sums(lines["_amount"].to_numpy(), lines["_basket"].to_numpy(), len(asked))[asked["_deal"].to_numpy() >= 0]
    opportunities(world, part, a, o, hoped)
    settle_types(a, d)
    v = deliveries(world, part, d)
    i, p = invoices(world, part, a, d, v)
    q, x = quotes(world, part, a, o, hoped, d), leads(world, part, customers, a, o)
    t = activities(world, part, a, c, o, q, x, d)
    tables = {
        "accounts": a, "contacts": c, "leads": x, "opportunities": o, "quotes": q, "orders": d, "invoices": i,
        "activities": t, "deliveries": v, "tickets": tickets(world, part, a), "opportunity_history": history(world, part, o),
        "payments": p, "order_lines": order_lines(world, d, lines, len(asked)),
    }  # fmt: skip
    return tables if part else tables | _plans(world, a, t)


def _plans(world: World, a: pd.DataFrame, t: pd.DataFrame) -> Tables:
    plans, told = action_plans(world, a)
    link_visits(world.draw(), plans, t)
    return {"action_plans": plans, "action_plan_history": told}


def _stages() -> pd.DataFrame:
    stages = pd.DataFrame(words.STAGES, columns=["stage", "probability", "status"])
    return stages.assign(position=np.arange(1, len(stages) + 1))


def canonical(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a canonical table, all of them, in order and in one pandas type per declared type."""
    table: Table = TABLES[name]
    given = {column.name: frame.get(column.name) for column in table.columns}
    ready = {column.name: _cast(given[column.name], column.type, len(frame)) for column in table.columns}
    return pd.DataFrame(ready)


_PANDAS: dict[str, Any] = {
    "text": "str", "date": "datetime64[s]", "timestamp": "datetime64[s]", "money": "float64", "number": "float64",
    "rate": "float64", "integer": "Int64", "bool": "boolean",
}  # fmt: skip


def _cast(values: pd.Series | None, kind: str, rows: int) -> pd.Series:
    if values is None:
        return pd.Series(pd.array([pd.NA if kind in ("bool", "integer") else None] * rows, dtype=_PANDAS[kind]))
    return values.reset_index(drop=True).astype(_PANDAS[kind])
