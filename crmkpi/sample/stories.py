"""The stories planted in the sample: what, where, since when. Each one can be moved or left out.

Below it: clock, words and :mod:`crmkpi.errors`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crmkpi.errors import UsageError, unknown
from crmkpi.sample import words


@dataclass(frozen=True)
class Kind:
    """A sort of story: its possible places, where seed 1 puts it, and how long it has been going on."""

    place: str
    places: tuple[str, ...]
    first: str
    days: int
    en: str
    fr: str


_REPS = tuple(name for name, _ in words.REPS)
KINDS = {
    "discounts": Kind(
        "team", words.TEAMS, "Ouest", 105,
        "team {where} buys volume with discounts: orders up, margin down",
        "l'équipe {where} achète du volume à coups de remises : commandes en hausse, marge en baisse"),
    "falling_family": Kind(
        "product family", words.FAMILIES, "Hydraulique", 180,
        "product family {where} falls", "la famille {where} recule"),
    "late_visits": Kind(
        "rep", _REPS, "Julien Moreau", 75,
        "{where} does not make the planned visits", "{where} ne fait pas ses visites prévues"),
    "bad_import": Kind(
        "team", words.TEAMS, "Est", 23,
        "an import emptied the e-mails and phones of the contacts of team {where}",
        "un import a vidé les e-mails et téléphones des contacts de l'équipe {where}"),
    "big_customer_lost": Kind(
        "customer", words.BIG_CUSTOMERS, "Aciéries de la Scarpe", 36,
        "{where}, a big customer, stopped ordering", "{where}, un gros client, ne commande plus"),
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One story as planted: ``where`` is a team, product family, rep or customer; ``since`` its first day."""

    name: str
    place: str
    where: str
    since: dt.date
    en: str
    fr: str

    def record(self) -> dict[str, Any]:
        """The story as JSON-ready values."""
        return {**asdict(self), "since": self.since.isoformat()}


def plant(stories: Iterable[str] | None, seed: int, until: dt.date) -> dict[str, Story]:
    """The stories to plant, by name.

    ``None`` plants them all at the seed's places; ``"name"`` and ``"name=where"`` plant only those
    named; ``["none"]`` plants nothing. UsageError for a story or a place that does not exist.

    >>> plant(["discounts=Sud"], 1, dt.date(2026, 10, 15))["discounts"].en
    'team Sud buys volume with discounts: orders up, margin down'
    """
    asked = list(KINDS) if stories is None else list(stories)
    if asked == ["none"]:
        return {}
    if "none" in asked:
        raise UsageError("story 'none' stands alone: it leaves out every story")
    return {story.name: story for story in (_story(each, seed, until) for each in asked)}


def _story(asked: str, seed: int, until: dt.date) -> Story:
    name, _, where = (part.strip() for part in asked.partition("="))
    if name not in KINDS:
        raise unknown("story", name, [*KINDS, "none"])
    kind = KINDS[name]
    where = _place(name, where) if where else _default(name, seed)
    since = until - dt.timedelta(days=kind.days)
    return Story(name, kind.place, where, since, kind.en.format(where=where), kind.fr.format(where=where))


def _place(name: str, where: str) -> str:
    folded = {each.casefold(): each for each in KINDS[name].places}
    if where.casefold() not in folded:
        raise unknown(f"{KINDS[name].place} for story {name}", where, KINDS[name].places)
    return folded[where.casefold()]


def _default(name: str, seed: int) -> str:
    places = KINDS[name].places
    return places[(places.index(KINDS[name].first) + (seed - 1) * (1 + len(name) % 2)) % len(places)]


def in_story(story: Story | None, days: np.ndarray) -> np.ndarray:
    """Which days fall in the story's time (none without story)."""
    return np.zeros(len(days), dtype=bool) if story is None else days >= np.datetime64(story.since)
