"""The arithmetic of a gap: effects that add up to it, to the cent. Pure numbers; below it: nothing of crmkpi.

Money is in whole cents. Each formula weighs one change by the mean of both periods, so that the effects swap sign
when the periods swap, and none depends on which is taken first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Sold:
    """A product in a period: how many, for how many cents."""

    quantity: Fraction
    cents: int


@dataclass(frozen=True)
class Effect:
    """A part of a gap: its class (``grown``, ``price`` ...), whose it is, and its exact size in cents."""

    name: str
    id: str | None
    exact: Fraction


def shared(exact: Iterable[Fraction], total: int) -> list[int]:
    """Whole cents that add up to ``total``, each within a cent of its exact size: largest remainder, on absolute values.

    >>> shared([Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)], 1)
    [1, 0, 0]
    >>> shared([Fraction(-5, 3), Fraction(-4, 3)], -3)
    [-2, -1]
    """
    parts = list(exact)
    cents = [int(part) for part in parts]  # towards zero, so that a change of sign changes nothing else
    left = total - sum(cents)
    sign = 1 if left > 0 else -1
    remainders = [sign * (part - whole) for part, whole in zip(parts, cents, strict=True)]
    order = sorted(range(len(parts)), key=lambda place: (-remainders[place], -abs(parts[place])))
    for place in order[: abs(left)]:
        cents[place] += sign
    return cents


def settled(effects: Iterable[Effect], total: int) -> list[tuple[Effect, int]]:
    """The effects in cents: first each class, so that these add up to the total; then the effects within their class."""
    classes: dict[str, list[Effect]] = {}
    for effect in sorted(effects, key=lambda each: (each.name, each.id is None, each.id or "")):
        classes.setdefault(effect.name, []).append(effect)
    sums = shared((sum((each.exact for each in found), Fraction(0)) for found in classes.values()), total)
    return [
        pair
        for found, size in zip(classes.values(), sums, strict=True)
        for pair in zip(found, shared((each.exact for each in found), size), strict=True)
    ]


def by_group(before: Mapping[str | None, tuple[int, int]], now: Mapping[str | None, tuple[int, int]]) -> list[Effect]:
    """Who makes the gap: groups (cents and number of rows) that are new, lost, grown or shrunk."""
    none = (0, 0)
    found = []
    for who in before.keys() | now.keys():
        (cents0, rows0), (cents1, rows1) = before.get(who, none), now.get(who, none)
        change = cents1 - cents0
        name = "new" if not rows0 else "lost" if not rows1 else "grown" if change > 0 else "shrunk"
        if change:
            found.append(Effect(name, who, Fraction(change)))
    return found


def by_basket(before: tuple[int, int], now: tuple[int, int]) -> list[Effect]:
    """What comes from the number of rows and what from their mean size; all from the number where a period has none.

    >>> [(each.name, int(each.exact)) for each in by_basket((1400000, 2), (2450000, 7))]
    [('count', 2625000), ('basket', -1575000)]
    """
    (cents0, rows0), (cents1, rows1) = before, now
    change = Fraction(cents1 - cents0)
    if not rows0 or not rows1:
        return [Effect("count", None, change), Effect("basket", None, Fraction(0))]
    count = (rows1 - rows0) * (Fraction(cents0, rows0) + Fraction(cents1, rows1)) / 2
    return [Effect("count", None, count), Effect("basket", None, change - count)]


def by_product(before: Mapping[str, Sold], now: Mapping[str, Sold]) -> list[Effect]:
    """Price, volume and mix of the products sold in both periods; those sold in one only are new or stopped.

    A product without a positive quantity has no price: what it brought has no explanation by lines.
    """
    priced = [product for product in before.keys() & now.keys() if _has_price(before[product], now[product])]
    common = _common({each: before[each] for each in priced}, {each: now[each] for each in priced})
    for product in (before.keys() | now.keys()) - set(priced):
        name = "unpriced" if product in before and product in now else "new" if product in now else "stopped"
        sides = (now.get(product), before.get(product))
        if any(side is not None and side.quantity <= 0 for side in sides):
            name = "unpriced"
        cents1, cents0 = (side.cents if side else 0 for side in sides)
        common.append(Effect(name, product, Fraction(cents1 - cents0)))
    return common


def _has_price(*sides: Sold) -> bool:
    return all(side.quantity > 0 for side in sides)


def _common(before: Mapping[str, Sold], now: Mapping[str, Sold]) -> list[Effect]:
    """The effects of the products that both periods have, all with a price."""
    if not before:
        return []
    prices, moved = [], Fraction(0)
    for product, old in before.items():
        new = now[product]
        p0, p1 = old.cents / old.quantity, new.cents / new.quantity
        prices.append(Effect("price", product, (p1 - p0) * (old.quantity + new.quantity) / 2))
        moved += (new.quantity - old.quantity) * (p0 + p1) / 2
    q0, q1 = (sum((each.quantity for each in side.values()), Fraction(0)) for side in (before, now))
    mean0, mean1 = (sum(each.cents for each in side.values()) / q for side, q in ((before, q0), (now, q1)))
    volume = (q1 - q0) * (mean0 + mean1) / 2
    return [*prices, Effect("volume", None, volume), Effect("mix", None, moved - volume)]


def against_targets(
    cents: Mapping[str | None, int], targets: Mapping[str | None, Fraction], whole: int
) -> list[Effect]:
    """What each is above or below its own target; those without one apart, and what of the whole nobody was given."""
    found = [Effect("ahead" if cents.get(who, 0) > goal else "behind", who, cents.get(who, 0) - goal)
             for who, goal in targets.items()]  # fmt: skip
    found += [Effect("no_target", who, Fraction(size)) for who, size in cents.items() if who not in targets]
    given = sum(targets.values(), Fraction(0))
    return [*found, Effect("not_shared", None, given - whole)]
