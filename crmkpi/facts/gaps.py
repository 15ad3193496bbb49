"""What makes a gap: from a target or another period to actual, as effects that add up to the cent.

For any figure whose facts carry money; it names none. :mod:`crmkpi.facts.effects` has the arithmetic, this module
what it is computed from. Below it: :mod:`crmkpi.facts.wide`, :mod:`crmkpi.facts.compose`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from crmkpi.calendar import ALL, GRAINS, Period, parse
from crmkpi.errors import UsageError, unknown
from crmkpi.facts import effects, parts
from crmkpi.facts.base import Base
from crmkpi.facts.dimensions import PLACES, names
from crmkpi.facts.effects import Effect, Sold
from crmkpi.facts.grid import PARTIAL, STATUS, UNAVAILABLE, Ask, Grid
from crmkpi.facts.labels import labelled
from crmkpi.facts.measure import Filters
from crmkpi.facts.result import records
from crmkpi.facts.spans import OTHERS, alike
from crmkpi.facts.values import not_begun, values
from crmkpi.facts.wide import wide
from crmkpi.indicators import Figure

TARGET, BASKET, PRODUCT = "target", "basket", "product"
COLUMNS = ("effect", "effect_label", "label", "id", "amount", "share", "reference", "actual")
WORDS = {
    "new": ("nouveau", "new"), "lost": ("perdu", "lost"), "grown": ("en hausse", "grown"), "shrunk": ("en baisse", "shrunk"),
    "count": ("effet du nombre", "effect of the number"),
    "basket": ("effet du montant moyen", "effect of the average amount"),
    "price": ("effet prix", "effect of prices"), "volume": ("effet volume", "effect of volume"),
    "mix": ("effet de l'assortiment (mix)", "effect of the mix"),
    "stopped": ("produit arrêté", "product stopped"),
    "unpriced": ("sans prix : quantité nulle ou négative", "no price: quantity not positive"),
    "not_explained": ("non expliqué par les lignes", "not explained by lines"),
    "ahead": ("au-dessus de son objectif", "ahead of target"), "behind": ("en dessous de son objectif", "behind target"),
    "no_target": ("sans objectif", "without a target"),
    "not_shared": ("objectif non réparti", "target not shared out"),
}  # fmt: skip
Sums = dict[str | None, tuple[int, int]]


def change_of(reference: float | None, actual: float | None) -> float | None:
    """What lies between two amounts, in cents; None where one of them is not known.

    >>> change_of(1.1, 3.3), change_of(None, 3.3)
    (2.2, None)
    """
    return None if reference is None or actual is None else round(actual - reference, 2)


@dataclass
class Gap:
    """From ``reference`` to ``actual``: ``frame`` has the effects, the largest first; they add up to the cent.

    Its columns: ``effect`` (a code) and ``effect_label``, ``label`` and ``id`` of whose it is, ``amount``, ``share`` of the
    gap, and the group's own ``reference`` and ``actual`` where it has them. ``classes`` sums them by effect.
    Without a gap to speak of, ``status`` is unavailable, ``reason`` says why and the frame is empty.
    """

    figure: Figure
    as_of: date
    period: Period
    against: str
    by: str
    currency: str
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    reference: float | None = None
    actual: float | None = None
    status: str = "unavailable"
    coverage: float = 0.0
    reason: str = ""
    sql: list[str] = field(default_factory=list, repr=False)
    params: list[dict[str, object]] = field(default_factory=list, repr=False)

    @property
    def change(self) -> float | None:
        """Actual less reference; None where one of them is not known."""
        return change_of(self.reference, self.actual)

    @property
    def classes(self) -> pd.DataFrame:
        """The sums by effect: how many, how much, which share; the largest first."""
        grouped = self.frame.groupby(["effect", "effect_label"], sort=False)
        summed = grouped.agg(n=("amount", "size"), amount=("amount", "sum"), share=("share", "sum")).reset_index()
        summed = summed.assign(amount=summed["amount"].astype(float).round(2))
        return summed.sort_values("amount", key=abs, ascending=False, ignore_index=True, kind="stable")

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON; missing is None."""
        told = {"indicator": self.figure.name, "as_of": str(self.as_of), "period": self.period.label}
        numbers = {"reference": self.reference, "actual": self.actual, "change": self.change}
        tables = {"rows": records(self.frame), "classes": records(self.classes)}
        sure = {"status": self.status, "coverage": self.coverage, "reason": self.reason}
        return told | {"against": self.against, "by": self.by, "currency": self.currency} | numbers | sure | tables


def gap(base: Base, figure: Figure, now: Ask, against: str, by: str, where: Filters) -> Gap:
    """The gap of a figure from ``against`` to what it is in an ask (see :meth:`crmkpi.facts.crm.Crm.gap`)."""
    measure = _money(base, figure)
    _check_by(base, figure, by)
    found = Gap(figure, now.as_of, now.period, against, by, str(base.engine.manifest.get("currency") or ""))
    if against == TARGET:
        _from_target(base, found, measure, where)
    else:
        other = OTHERS[against] if against in OTHERS else lambda _: parse(against, base.fiscal)
        _from_period(base, found, measure, other, where)
    return found


def _money(base: Base, figure: Figure) -> str:
    """The column of the facts that is money: the value itself, else the amount beside it."""
    if figure.inputs:
        raise UsageError(f"{figure.name} is a formula; ask for the gap of {' or '.join(figure.input_names)}")
    columns = base.columns(figure)
    if figure.unit == "money" and "den" not in columns:
        return "num"
    if "amount" not in columns:
        raise UsageError(f"{figure.name} is no money and has none beside it: its gap has no effects to add up")
    if "once" in columns:
        raise UsageError(f"the groups of {figure.name} overlap: its amounts do not add up over them")
    return "amount"


def _check_by(base: Base, figure: Figure, by: str) -> None:
    known = [*(name for name in names(figure) if name not in GRAINS), BASKET, *([PRODUCT] if figure.lines else [])]
    if by == PRODUCT and not figure.lines:
        able = [each.name for each in base.library.figures.values() if each.lines]
        raise UsageError(f"{figure.name} has no lines: by product are {', '.join(able)}")
    if by not in known:
        raise unknown(f"breakdown of a gap of {figure.name}", by, known)


# from a period ------------------------------------------------------------------------------------
def _from_period(base: Base, gap: Gap, measure: str, other: Callable[[Period], Period | None], where: Filters) -> None:
    versus = None if gap.period.grain == ALL.grain else other(gap.period)
    days = alike(gap.period, versus, gap.as_of, base.working) if versus else None
    if versus is None or days is None:
        gap.reason = _incomparable(base, gap)
        return
    now, before = Ask(gap.period, days[0]), Ask(versus, days[1])
    gap.against = versus.label
    grid = values(base, gap.figure, [now, before], [], where)
    if not _judge(gap, grid):
        return
    if gap.by == PRODUCT:
        if lacking := [table for table in parts.line_tables(base, gap.figure) if not base.engine.has(table)]:
            gap.status, gap.reason = "unavailable", base.lacks(lacking)
            return
        _fill(base, gap, *_by_product(base, gap, measure, before, now, where))
        return
    by = [] if gap.by == BASKET else [gap.by]
    sums0, sums1 = (_sums(gap, parts.sums(base, gap.figure, measure, ask, by, where)) for ask in (before, now))
    whole = [sums.get(None, (0, 0)) for sums in (sums0, sums1)]
    made = effects.by_basket(*whole) if gap.by == BASKET else effects.by_group(sums0, sums1)
    _fill(base, gap, made, _cents(sums0), _cents(sums1), {})


def _incomparable(base: Base, gap: Gap) -> str:
    if gap.period.grain == ALL.grain:
        return base.say("toute la durée ne se compare à rien", "all time compares with nothing")
    if gap.period.start > gap.as_of:
        return not_begun(base, Ask(gap.period, gap.as_of))
    return base.say(
        "rien de comparable : aucun jour ouvré écoulé", "nothing to compare with: no working day has elapsed"
    )


def _judge(gap: Gap, grid: Grid) -> bool:
    """Take over how sure both sides are; whether there is a gap to speak of."""
    status, reasons = grid.status[:, 0], [text for text in grid.reason[:, 0] if text]
    empty = grid.empty[:, 0]
    gap.sql, gap.params = list(grid.sql), list(grid.params)
    known = ~grid.dead & ((status != UNAVAILABLE) | empty)
    lost = [grid.reason[key, 0] for key in np.nonzero(~known)[0]]
    gap.reason = "; ".join(
        dict.fromkeys(lost or [text for text, none in zip(reasons, empty, strict=False) if not none])
    )
    gap.coverage = float(grid["coverage"][:, 0][~empty].min()) if not empty.all() else 1.0
    partial = bool((status[~empty] == PARTIAL).any())
    gap.status = "unavailable" if lost else str(STATUS[PARTIAL if partial else 0])
    gap.reason = gap.reason if lost or partial else ""
    return not lost


def _ran(gap: Gap, ran: parts.Ran) -> parts.Rows:
    gap.sql.append(ran.sql)
    gap.params.append(ran.params)
    return ran.rows


def _sums(gap: Gap, ran: parts.Ran) -> Sums:
    return {row["grp"]: (to_cents(row["money"]), int(row["n"])) for row in _ran(gap, ran)}


def to_cents(money: Any) -> int:
    """Money as whole cents; none is 0."""
    return 0 if money is None else round(100 * float(money))


# by product ---------------------------------------------------------------------------------------
def _by_product(
    base: Base, gap: Gap, measure: str, before: Ask, now: Ask, where: Filters
) -> tuple[list[Effect], Mapping[str | None, int], Mapping[str | None, int], dict[str | None, str]]:
    sold: list[dict[str, Sold]] = []
    lost, weights = [], []
    labels: dict[str | None, str] = {}
    for ask in (before, now):
        rows = _ran(gap, parts.lines(base, gap.figure, measure, ask, where))
        rest = next(row for row in rows if row["product_id"] is None)
        lost.append(to_cents(rest["money"]))
        weights.append((rest["quantity"] or 0.0, rest["weight"] or 0.0))
        lines = [row for row in rows if row["product_id"] is not None]
        labels |= {row["product_id"]: row["product"] or row["product_id"] for row in lines}
        sold.append({row["product_id"]: Sold(Fraction(row["quantity"]), to_cents(row["money"])) for row in lines})
    made = effects.by_product(*sold)
    made.append(Effect("not_explained", None, Fraction(lost[1] - lost[0])))
    whole, without = (sum(each) for each in zip(*weights, strict=True))
    if without:
        share = f"{100 * without / whole:.1f} %"
        said = (
            f"{share} du montant sans lignes qui s'additionnent",
            f"{share} of the amount has no lines that add up to it",
        )
        gap.status, gap.coverage = "partial", min(gap.coverage, 1 - without / whole)
        gap.reason = "; ".join(part for part in (gap.reason, base.say(*said)) if part)
    sides = [{product: each.cents for product, each in side.items()} | {None: left}
             for side, left in zip(sold, lost, strict=True)]  # fmt: skip
    return made, sides[0], sides[1], labels


# from a target ------------------------------------------------------------------------------------
def _from_target(base: Base, gap: Gap, measure: str, where: Filters) -> None:
    if gap.by not in PLACES or measure != "num" or not gap.figure.target or " = " in gap.figure.target:
        gap.reason = base.say("un écart à l'objectif se lit par commercial, équipe ou business unit, pour un montant qui a un objectif",
                              "a gap from target is read by rep, team or business unit, for an amount that has a target")  # fmt: skip
        return
    grid = wide(base, gap.figure, [Ask(gap.period, gap.as_of)], [gap.by], where, ["target"])
    goals = grid["target_to_date"][0]
    if not _judge(gap, grid):
        return
    if np.isnan(goals[0]) or np.isnan(goals[1:]).all():
        lack = 1 if len(goals) > 1 and not np.isnan(goals[0]) else 0
        none = base.say("pas d'objectif pour cette répartition", "no target under this breakdown")
        gap.status, gap.reason = "unavailable", str(grid.target_reason[0, lack]) or none
        return
    ids = [group[0] for group in grid.groups[1:]]
    cents = dict(zip(ids, map(to_cents, np.nan_to_num(grid["num"][0, 1:])), strict=True))
    known = {who: Fraction(goal) * 100 for who, goal in zip(ids, goals[1:], strict=True) if not np.isnan(goal)}
    made = effects.against_targets(cents, known, to_cents(goals[0]))
    _fill(base, gap, made, {who: to_cents(goal / 100) for who, goal in known.items()}, cents, {}, to_cents(goals[0]))


# the answer ---------------------------------------------------------------------------------------
def _cents(sums: Sums) -> dict[str | None, int]:
    return {who: cents for who, (cents, _) in sums.items()}


def _fill(
    base: Base, gap: Gap, made: Iterable[Effect], before: Mapping[str | None, int], now: Mapping[str | None, int],
    labels: dict[str | None, str], reference: int | None = None,
) -> None:  # fmt: skip
    """Put the effects, settled to the cent and named, into the answer."""
    cents0, cents1 = sum(before.values()) if reference is None else reference, sum(now.values())
    gap.reference, gap.actual = cents0 / 100, cents1 / 100
    settled = effects.settled(made, cents1 - cents0)
    kept = [(effect, cents) for effect, cents in settled if cents or effect.name in ("count", "basket")]
    kept.sort(key=lambda pair: -abs(pair[1]))
    grouped = gap.by not in (BASKET, PRODUCT)
    said = _labels(base, gap, [effect.id for effect, _ in kept]) if grouped else labels
    rows = []
    for effect, cents in kept:
        words = base.say(*gap.figure.words.get(f"effect_{effect.name}", WORDS[effect.name]))
        own = effect.id is not None or (grouped and effect.name != "not_shared")
        sides = (before.get(effect.id, 0) / 100, now.get(effect.id, 0) / 100) if own else (np.nan, np.nan)
        share = cents / (cents1 - cents0) if cents1 != cents0 else np.nan
        rows.append((effect.name, words, said[effect.id] if own else words, effect.id, cents / 100, share, *sides))
    if rows:
        ids = pd.Series([effect.id for effect, _ in kept], dtype=object)
        gap.frame = pd.DataFrame(rows, columns=list(COLUMNS)).assign(id=ids)


def _labels(base: Base, gap: Gap, ids: list[str | None]) -> dict[str | None, str]:
    frame = labelled(base, gap.figure, pd.DataFrame({"d0": pd.Series(ids, dtype=object)}), [gap.by])
    return dict(zip(ids, frame[gap.by], strict=True))
