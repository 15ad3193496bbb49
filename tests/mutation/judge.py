"""Whether the tests notice a mutant: its golden examples first, then the random companies that the oracles are asked of.

The second is no test of its own: the oracles agree with the figures on these companies (tests/test_oracles_*.py), so a
mutant whose lists differ there makes those tests fail.
"""

from __future__ import annotations

import copy
import functools
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import test_examples as examples
from frames import frames_of
from oracles import company
from oracles.maker import AS_OF

import crmkpi
from crmkpi.errors import CrmkpiError
from crmkpi.facts.base import Base, load_settings
from crmkpi.facts.crm import Crm
from crmkpi.indicators import Figure, Library, View
from crmkpi.sources import import_data

TESTS = Path(__file__).parents[1]
LIBRARY = Library()
WRONG = (CrmkpiError, KeyError, ValueError, ArithmeticError, TypeError)
"""It does not even run: every test of it fails."""
DAYS = (("2026-11", str(AS_OF)), ("2026-09", str(AS_OF)), ("2026", "2026-10-23"))


def mutated(item: View) -> Library:
    """The library with one file replaced."""
    library = copy.copy(LIBRARY)
    library.views = LIBRARY.views | ({} if isinstance(item, Figure) else {item.name: item})
    library.figures = LIBRARY.figures | ({item.name: item} if isinstance(item, Figure) else {})
    library.figures = {name: library._complete(figure) for name, figure in library.figures.items()}
    return library


def users(item: View) -> list[Figure]:
    """The figures that a file is part of: itself, those that read the view, the composites over them."""
    if isinstance(item, Figure):
        direct = {item.name}
    else:
        direct = {f.name for f in LIBRARY.figures.values() if not f.inputs and item.name in steps_of(f)}
    above = {f.name for f in LIBRARY.figures.values() if direct & set(f.input_names)}
    return [LIBRARY.figures[name] for name in sorted(direct) + sorted(above - direct)]


def steps_of(figure: Figure) -> set[str]:
    """The views that a figure reads, directly or not."""
    return {view.name for view in LIBRARY.steps(figure.sql)}


@functools.cache
def golden(name: str) -> Crm:
    """A golden company, as frames (nothing in it is made at import)."""
    folder = TESTS / "companies" / name
    source = folder if folder.is_dir() else TESTS.parent / "data" / "demo"
    to = Path(tempfile.mkdtemp()) / "data"
    import_data(source, to, preset="canonical")
    opened = crmkpi.open(to)
    return crmkpi.open(frames_of(to), as_of=opened.as_of, currency=opened.currency, lang=opened.language)


@functools.cache
def random_companies() -> tuple[Crm, Crm]:
    """The 200 companies of the oracles' tests in one set of data, and the busy ones of which some cells are empty."""
    both = company.batch(range(200)), company.spoilt(range(300, 340))
    first, second = (crmkpi.open(company.frames(tables), as_of=AS_OF, currency="EUR") for tables in both)
    return first, second


def under(crm: Crm, library: Library) -> Crm:
    """The same data, asked of another library."""
    base = Base(crm.base.engine, library, load_settings(library, None), crm.base.lang)
    return Crm(base)


def killed_by(item: View) -> str:
    """What notices the mutant: ``examples``, ``oracles``, or nothing."""
    try:
        library = mutated(item)
        for figure in users(item):
            crm = under(golden(figure.company or figure.family), library)
            if any(examples.differences(crm, figure.name, text) for text in figure.examples):
                return "examples"
        for number, crm in enumerate(random_companies()):
            there = under(crm, library)
            if any(_differs(there, figure, number) for figure in users(item)):
                return "oracles"
    except WRONG:
        return "examples"
    return ""


def _differs(crm: Crm, figure: Figure, number: int) -> bool:
    """Whether anything that the oracles compare differs from what the library as it is says of these companies."""
    pairs = zip(compared(crm, figure), _original(number, figure.name), strict=True)
    return any(here != there for here, there in pairs)


@functools.cache
def _original(number: int, name: str) -> list[Any]:
    return [*compared(random_companies()[number], LIBRARY.figures[name])]


def compared(crm: Crm, figure: Figure) -> Iterator[Any]:
    """All that the oracles compare of a figure, as it is asked for: its answers by company, the rows of its lists with
    their alerts, what is left out."""
    columns = ["business_unit_id", "value", "num", "den", "amount", "n", "status", "previous", "last_year"]
    for period, day in DAYS:
        answer = crm.kpi(
            figure.name, period=period, as_of=day, by="business_unit", compare=["previous", "last_year", "target"]
        )
        yield _rounded(answer.frame[columns].values)
    if not figure.inputs:
        period, day = DAYS[0]
        used = crm.facts(figure.name, period=period, as_of=day)
        kept = [name for name in ("id", "num", "den", "amount", "severity", *figure.dimensions) if name in used]
        yield _rounded(used[kept].values)
        yield crm.left_out(figure.name, period=period, as_of=day)


def _rounded(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Rows in an order of their own; numbers to the ninth digit."""
    return sorted(repr([f"{cell:.9g}" if isinstance(cell, float) else cell for cell in row]) for row in rows)
