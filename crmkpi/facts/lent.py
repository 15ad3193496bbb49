"""Answers that one process has found, lent to those that are forked after it: of all teams the question is the same for each.

Answers never come from a process that ran what somebody wrote: it only says what it asked, and a clean one asks it again.

    begin("1_commercial")                 in a process that is about to make a report
    questions()                           at its end: what it asked of the data of all places
    answers(crm.base, asked)              in a clean process
    lend("1_commercial", found)           in the one from which the next are forked

Below it: :mod:`crmkpi.facts.held`, :mod:`crmkpi.facts.rows`, :mod:`crmkpi.facts.moves`, :mod:`crmkpi.facts.targets`.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from crmkpi.errors import CrmkpiError
from crmkpi.facts import held, rows
from crmkpi.facts.base import Base
from crmkpi.facts.held import MANY
from crmkpi.facts.labels import labels, values
from crmkpi.facts.measure import first_day, measure
from crmkpi.facts.moves import STANDING, known_rows
from crmkpi.facts.rows import HELD, WANTED
from crmkpi.facts.targets import GIVEN, given

Answers = dict[str, Any]
"""``mark``: of what data and definitions; ``found``: what is remembered of them."""
_SUMS = "sums"


@dataclass
class _Report:
    """What a process that makes a report has at hand: what was lent to it, the data it has opened."""

    lent: Answers
    opened: list[Base] = field(default_factory=list)


_lent: dict[str, Answers] = {}
_report: _Report | None = None


def begin(kind: str) -> None:
    """From now on, this process makes a report of a kind: it uses what was lent for it."""
    global _report
    _report = _Report(_lent.get(kind, {}))


def lend(kind: str, answers: Answers) -> None:
    """Keep answers for the reports of a kind that are forked from this process."""
    _lent[kind] = answers


def take(base: Base) -> None:
    """Remember what was lent of the same data and definitions."""
    if _report is None:
        return
    _report.opened.append(base)
    if _report.lent and _report.lent["mark"] == _mark(base):
        base.cache.update(_report.lent["found"])


def questions() -> list[Any]:
    """What this process asked that others will ask, too."""
    opened = _report.opened if _report else []
    keys = (key for base in opened for key in base.cache if isinstance(key, tuple))
    return list(dict.fromkeys(key for key in keys if key[0] in _ANEW and not (key[0] == _SUMS and key[-1])))


def answers(base: Base, asked: Iterable[Any]) -> Answers:
    """The answers to questions, found anew."""
    for question in asked:
        with contextlib.suppress(CrmkpiError):  # whoever asks again is told
            _ANEW[question[0]](base, *question[1:])
    found = {key: value for key, value in base.cache.items() if isinstance(key, tuple) and key[0] in _ALIKE}
    return {"mark": _mark(base), "found": found}


def _sums(base: Base, name: str, beside: Any, asks: Any, by: Any, _where: Any) -> None:
    measure(base, replace(base.figure(name), beside=beside), asks, by, {})


_ANEW: dict[str, Callable[..., object]] = {
    _SUMS: _sums,
    MANY: held.hold,
    WANTED: rows.hold,
    STANDING: known_rows,
    GIVEN: given,
    "first_day": lambda base, name: first_day(base, base.figure(name)),
    "labels": labels,
    "values": values,
}
"""How what is remembered of a kind is found anew."""
_ALIKE = {HELD, "columns", "undated", *_ANEW}
"""What is remembered of the data whoever asks."""


def _mark(base: Base) -> str:
    """What answers depend on beside the question: the data, what may be seen of them, the settings, every definition."""
    texts = [item.sql for item in (*base.library.views.values(), *base.library.figures.values())]
    manifest = base.engine.manifest
    about = (
        str(base.folder),
        manifest.get("version"),
        manifest.get("scope"),
        manifest["as_of"],
        sorted(base.settings.items()),
    )
    return hashlib.sha256(repr((about, texts)).encode()).hexdigest()
