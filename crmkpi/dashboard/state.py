"""What is asked for: the period, the comparison, whose figures, the language. Below it: :mod:`crmkpi.calendar`.

A state is a value: parts of the page are cached by it, and the address of the page says it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from crmkpi.calendar import Period, parse, unit

PLACES = ("business_unit", "team", "rep")
COMPARISONS = ("previous", "last_year")
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class State:
    """The filters in force; places hold ids, an empty text meaning everyone."""

    period: str
    compare: str = "previous"
    business_unit: str = ""
    team: str = ""
    rep: str = ""
    lang: str = "fr"
    narrow: bool = False

    @property
    def where(self) -> dict[str, list[str]]:
        """The scope, as the facts take it."""
        return {name: [getattr(self, name)] for name in PLACES if getattr(self, name)}

    @property
    def next_place(self) -> str:
        """The coarsest place that is not fixed yet: what to break down by to explain a gap."""
        fixed = max((PLACES.index(name) + 1 for name in PLACES if getattr(self, name)), default=0)
        return PLACES[min(max(fixed, 1), len(PLACES) - 1)]

    def query(self) -> str:
        """The state as the query of an address; places that are open are left out.

        >>> State("2026-10", team="Sud").query()
        'period=2026-10&compare=previous&team=Sud&lang=fr'
        """
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "narrow"}
        return urlencode({name: value for name, value in shown.items() if value})

    def with_query(self, query: str) -> dict[str, str]:
        """What an address asks for; names that are no filter are not ours to judge.

        >>> State("2026-10").with_query("team=Sud&utm=1")
        {'team': 'Sud'}
        """
        known = {each.name for each in fields(self)} - {"narrow"}
        return {name: value for name, value in parse_qsl(query) if name in known}

    def change(self, **changes: object) -> State:
        """The same state but for ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]


def presets(as_of: date, fiscal: int = 1) -> dict[str, str]:
    """The periods one asks for most, by the key of their words.

    >>> presets(date(2026, 1, 15))["last_month"], presets(date(2026, 1, 15))["this_quarter"]
    ('2025-12', '2026-Q1')
    >>> presets(date(2026, 1, 15))["twelve_months"], presets(date(2026, 1, 15))["this_week"]
    ('2025-01-01/2026-01-01', '2026-W03')
    """
    month, quarter = unit(as_of, "month"), unit(as_of, "quarter", fiscal)
    return {
        "this_week": unit(as_of, "week").label,
        "this_month": month.label,
        "last_month": month.previous().label,
        "this_quarter": quarter.label,
        "last_quarter": quarter.previous().label,
        "this_year": unit(as_of, "year", fiscal).label,
        "twelve_months": range_label(months_back(as_of)[-1].start, month.previous().last_day),
        "all": "all",
    }


def months_back(as_of: date, count: int = 13) -> list[Period]:
    """The last months, newest first."""
    months = [unit(as_of, "month")]
    while len(months) < count:
        months.append(months[-1].previous())
    return months


def range_label(first: date, last: date) -> str:
    """The period from one day to another, both included; two days the wrong way round are turned.

    >>> range_label(date(2026, 10, 15), date(2026, 10, 1))
    '2026-10-01/2026-10-16'
    """
    first, last = min(first, last), max(first, last)
    return f"{first}/{date.fromordinal(last.toordinal() + 1)}"


def check_period(text: str, fiscal: int = 1) -> str:
    """The label of a period, once it is known to be one."""
    return parse(text, fiscal).label
