"""What figures mean and how they were computed, one press away: the same for a tile, a chart and a list.

A page says it in full once per figure (a query is long); elsewhere the words stand, and a link leads to the rest.
Below it: :mod:`crmkpi.dashboard.asking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from crmkpi.dashboard.asking import Asker
from crmkpi.dashboard.context import in_voila
from crmkpi.dashboard.markup import Html, join, tag
from crmkpi.format import is_missing, past_text
from crmkpi.schema import TABLES

Define = Callable[[Asker, Sequence[str]], Html]
"""How a part says what its figures mean."""
_TILE = "a tile"


class Places:
    """Which part of a page defines which figure in full: its tile if it has one, else the first part that shows it."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def tile(self, names: Iterable[str]) -> None:
        """Figures that have a tile, which tells more than any other part."""
        self.of |= dict.fromkeys(names, _TILE)

    def claim(self, part: str, names: Iterable[str]) -> None:
        """Figures that a part shows."""
        for name in names:
            self.of.setdefault(name, part)

    def elsewhere(self, part: str, names: Iterable[str]) -> set[str]:
        """The figures of a part that another one defines."""
        return {name for name in names if self.of.get(name, part) != part}


def disclosure(ask: Asker, names: Sequence[str], elsewhere: Collection[str] = ()) -> Html:
    """What the figures of a part mean, closed; those that are defined ``elsewhere`` on the page in words, with the way there."""
    names = list(dict.fromkeys(names))
    said = [_words(ask, name) if name in elsewhere else _whole(ask, name) for name in names]
    titles = [tag("h4", ask.title(name)) if len(names) > 1 else None for name in names]
    return tag(
        "details",
        tag("summary", ask.say("definition")),
        *(part for pair in zip(titles, said, strict=True) for part in pair),
        class_="ck-definition",
        data_key=f"def-{names[0]}",
    )


def _words(ask: Asker, name: str) -> Html:
    """The definition, and the way to where its query is: a link into what is closed opens it."""
    there = ask.say("defined_there")
    link = tag("a", there, href=f"#def-{name}", aria_label=ask.pair(there, ask.title(name)))
    return join([tag("p", _meaning(ask, name)), tag("p", link)])


def _whole(ask: Asker, name: str) -> Html:
    """The definition, on what it was computed, and the query that ran."""
    result = ask.kpi(name)
    facts = [*_traps(ask, result.figure), *_facts(ask, result), _source(ask, result)]
    return join([
        tag("p", _meaning(ask, name), id=f"def-{name}", tabindex="-1"),
        tag("ul", *(tag("li", each) for each in facts)),
        _reference(ask, name),
        tag("details", tag("summary", ask.say("sql")), _settings(ask, result), *_queries(ask, result), data_key=f"sql-{name}"),
    ])  # fmt: skip


def _meaning(ask: Asker, name: str) -> str:
    return ask.typeset(ask.figure(name).definition(ask.lang))


def _traps(ask: Asker, figure: Any) -> list[str]:
    return [fr if ask.lang == "fr" else en for fr, en in figure.traps]


def _facts(ask: Asker, result: Any) -> list[str]:
    """On how much it was computed, against which target, how far a forecast was off."""
    row = result.row
    facts = [ask.say("used", n=ask.text(row["n"], "count"))] if not is_missing(row.get("n")) else []
    if not is_missing(row.get("coverage")) and row["coverage"] < 1:
        facts.append(ask.say("coverage", share=ask.text(row["coverage"], "share")))
    if not is_missing(row.get("target")):
        facts.append(target_words(ask, result))
    elif result.figure.target:
        facts.append(ask.say("no_target"))
    if past := ask.past(result.figure.name):
        facts.append(past_text(past, ask.lang))
    return facts


def _source(ask: Asker, result: Any) -> str:
    """The tables without which there is no such figure, and the others that its query reads."""
    needed = [table for name in _asked(ask, result.figure.name) for table in ask.figure(name).needs]
    read = [table for sql in result.sql for table in re.findall(r"\b(?:from|join)\s+(\w+)", sql)]
    tables = [TABLES[each] for each in dict.fromkeys([*needed, *read]) if each in TABLES]
    return ask.pair(ask.say("source"), ", ".join(each.fr if ask.lang == "fr" else each.en for each in tables))


def _settings(ask: Asker, result: Any) -> Html | None:
    """The settings that the query reads, as they are."""
    read = dict.fromkeys(name for sql in result.sql for name in re.findall(r"\$(\w+)", sql))
    said = ", ".join(f"{name} = {ask.crm.settings[name]}" for name in read if name in ask.crm.settings)
    return tag("p", ask.pair(ask.say("settings"), said)) if said else None


def _queries(ask: Asker, result: Any) -> list[Html]:
    """The SQL that ran; a composed figure's is that of its parts, each under its name, then the formula over them."""
    names = _asked(ask, result.figure.name)
    if len(names) != len(result.sql):
        names = [result.figure.name] * len(result.sql)
    queries = [tag("pre", tag("code", text), tabindex="0") for text in result.sql]
    if len(queries) == 1:
        return queries
    return [part for name, query in zip(names, queries, strict=True) for part in (tag("h4", ask.title(name)), query)]


def _asked(ask: Asker, name: str) -> list[str]:
    """The figures whose queries make a figure, in the order in which they ran: its parts' parts, its parts, itself."""
    return [part for each in ask.figure(name).input_names for part in _asked(ask, each)] + [name]


def _reference(ask: Asker, name: str) -> Html | None:
    """The way to the figure's reference: formula, settings, alerts, examples; there is one where pages are served."""
    if not in_voila():
        return None
    return tag(
        "p", tag("a", ask.say("reference"), href=f"reference/{ask.lang}#{name}", target="_blank", rel="noopener")
    )


def to_date(ask: Asker, row: dict[str, Any]) -> bool:
    """Whether the target that counts is a part of the period's."""
    return ask.running and not is_missing(row.get("target_to_date")) and row["target_to_date"] != row.get("target")


def aim(ask: Asker, target: Any, unit: str) -> str:
    """A target in words: the part to date of a count is a whole number."""
    return ask.text(round(target) if unit == "count" and not is_missing(target) else target, unit)


def target_words(ask: Asker, result: Any) -> str:
    """The target of a period that runs: what of it counts to date, and all of it."""
    unit, row = result.figure.unit, result.row
    whole = aim(ask, row.get("target"), unit)
    if to_date(ask, row):
        return ask.say("target_both", to_date=aim(ask, row["target_to_date"], unit), target=whole)
    return ask.say("target_whole", target=whole)
