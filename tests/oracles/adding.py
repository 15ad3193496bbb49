"""What must add up in any answer: the list to the tile, the groups to the whole (indicators.md, rules 1 and 2)."""

from __future__ import annotations

from typing import Any

from .comparing import Asked, known, same


def _amount(facts: Any) -> float | None:
    """The money beside a number: once per ``once`` key, the largest."""
    if not len(facts) or facts["amount"].isna().all():
        return None if len(facts) else 0.0
    money = facts["amount"].astype(float)
    if "once" not in facts:
        return float(money.sum())
    return float(money.groupby(facts["once"].fillna(facts["id"])).max().sum())


def the_list_is_the_number(crm: Any, asked: Asked) -> list[str]:
    """What of a tile is not what its facts add up to."""
    row, facts = crm.kpi(asked.name, **asked.words).row, crm.facts(asked.name, **asked.words)
    if known(row["num"]) is None:
        return []
    sums = {"num": facts["num"].astype(float).sum(), "amount": _amount(facts)}
    if known(row["den"]) is not None:
        sums["den"] = facts["den"].astype(float).sum()
    if known(row["amount"]) is None:
        del sums["amount"]
    return [
        f"{each}: the tile {row[each]}, its list {total}" for each, total in sums.items() if not same(row[each], total)
    ]


def the_groups_are_the_whole(crm: Any, asked: Asked, dimension: str) -> list[str]:
    """What of a whole is not what its groups add up to; money that counts once may be in several of them."""
    row = crm.kpi(asked.name, **asked.words).row
    result = crm.kpi(asked.name, by=dimension, **asked.words)
    if known(row["num"]) is None:
        return []
    found = []
    for each in ("num", "den", "n", "amount"):
        parts, whole = result.frame[each].fillna(0).astype(float).sum(), known(row[each])
        overlap = each == "amount" and "once" in crm.base.columns(crm.figures[asked.name])
        if whole is not None and not (same(parts, whole) or (overlap and parts >= whole)):
            found.append(f"{dimension} {each}: the whole {whole}, its groups {parts}")
    return found
