"""Questions to the facts under one state of the filters, each asked once. Below it: :mod:`crmkpi.facts` by its door.

The memory is keyed by the version of the data and by what the answer depends on, so that going back to
a filter costs nothing and a language changes words only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any

import pandas as pd

from crmkpi.calendar import Period, parse, to_date
from crmkpi.dashboard.columns import title_of
from crmkpi.dashboard.state import COMPARISONS, State
from crmkpi.dashboard.words import named, say
from crmkpi.errors import unknown
from crmkpi.facts import counted, without_share
from crmkpi.format import change, period_text, text, typeset
from crmkpi.format.text import Change


class Memory:
    """The latest answers, up to ``size`` of them."""

    def __init__(self, size: int = 600) -> None:
        self.size = size
        self.kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer kept under ``key``, else the one that ``make`` gives."""
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        self.kept[key] = made = make()
        while len(self.kept) > self.size:
            self.kept.popitem(last=False)
        return made


class Asker:
    """The data under one state: what every part of a page reads."""

    def __init__(self, crm: Any, state: State, memory: Memory, as_of: date | None = None) -> None:
        self.crm = crm
        self.state = state
        self.memory = memory
        self.as_of: date = as_of or crm.as_of
        self.lang = state.lang

    @property
    def period(self) -> Period:
        """The period asked for."""
        return parse(self.state.period, int(self.crm.settings.get("fiscal_year_start", 1)))

    @property
    def running(self) -> bool:
        """Whether the period has not ended yet."""
        return bool(self.period.grain != "all" and self.as_of < self.period.last_day)

    def figure(self, name: str) -> Any:
        """The declaration of a figure; UsageError with the nearest name if there is none."""
        if name not in self.crm.figures:
            raise unknown("figure", name, self.crm.figures)
        return self.crm.figures[name]

    def title(self, name: str) -> str:
        """What a figure is called."""
        return str(self.figure(name).title(self.lang))

    def kpi(self, name: str, by: Iterable[str] = (), **more: Any) -> Any:
        """A figure in the period, with its target and what it compares with; its groups with what was chosen only."""
        by = tuple(by)
        compare = () if self.period.grain == "all" else (self.state.compare,) if by else COMPARISONS
        asked = {"by": list(by), "compare": ["target", *compare], "period": self.state.period} | more
        return self._ask("kpi", (name,), asked)

    def kpis(self, names: Iterable[str]) -> dict[str, Any]:
        """Several figures, each as :meth:`kpi` gives it."""
        return {name: self.kpi(name) for name in names}

    def trend(self, name: str, periods: int = 13, grain: str = "month") -> pd.DataFrame:
        """A figure by month (or week), up to that in which the period ends (or the day's, if that is before)."""
        last = min(to_date(self.period, self.as_of), date.fromordinal(self.as_of.toordinal() + 1))
        month = f"{date.fromordinal(last.toordinal() - 1):%Y-%m}"
        asked = {"grain": grain, "periods": periods, "period": month, "compare": ["target"]}
        return self._ask("trend", (name,), asked)

    def past(self, name: str) -> Any:
        """The past errors of a forecast of a running period; None where there is nothing to foresee."""
        if not (self.running and self.figure(name).forecasts):
            return None
        return self._ask("backtest", (name,), {"period": self.state.period})

    def gap(self, name: str, by: str, against: str) -> Any:
        """What makes the gap of a figure; None where the whole past is asked for, which is compared with nothing."""
        if self.period.grain == "all":
            return None
        return self._ask("gap", (name,), {"period": self.state.period, "by": by, "against": against})

    def facts(self, name: str) -> pd.DataFrame:
        """The rows behind a figure."""
        return self._ask("facts", (name,), {"period": self.state.period})

    def left_out(self, name: str) -> list[str]:
        """The rows that a figure leaves out, in words, by reason."""
        figure, counts = self.figure(name), self._ask("left_out", (name,), {"period": self.state.period})
        said = []
        for code, count in counts.items():
            words = figure.words.get(code, (named("fr", code), named("en", code)))[self.lang != "fr"]
            words = words if "{n}" in words else f"{{n}} {words}"
            said.append(counted(without_share(words), count, self.lang, self.text(count, "count")))
        return said

    def alerts(self, names: Iterable[str]) -> pd.DataFrame:
        """What is to be done about some figures."""
        return self._ask("alerts", (list(names),), {"period": self.state.period})

    def today(self) -> pd.DataFrame:
        """What to do first, over every figure."""
        return self._ask("today", (), {})

    def sheet(self, names: Iterable[str], by: str) -> pd.DataFrame:
        """Several figures side by side, one line per value of a dimension."""
        return self._ask("sheet", (list(names),), {"by": by, "period": self.state.period})

    def remembered(self, method: str, *given: Any, **more: Any) -> Any:
        """What the history says: see :class:`crmkpi.facts.past.Past`."""
        return self._ask(f"history.{method}", given, more)

    def _ask(self, method: str, given: tuple[Any, ...], more: dict[str, Any]) -> Any:
        asked = {"as_of": self.as_of, "where": self.state.where, "lang": self.lang} | more
        key = (str(self.crm.manifest.get("version")), method, repr(given), repr(sorted(asked.items())))
        return self.memory.get(key, lambda: attrgetter(method)(self.crm)(*given, **asked))

    def say(self, key: str, **values: object) -> str:
        """Words of the page."""
        return say(self.lang, key, **values)

    def typeset(self, words: str) -> str:
        """Words that came with the data or a figure, as the language sets them."""
        return typeset(words, self.lang)

    def pair(self, name: object, value: object) -> str:
        """A name and its value: a colon as the language sets it."""
        return f"{name}\u00a0: {value}" if self.lang == "fr" else f"{name}: {value}"

    def made_of(self, composite: str, name: str) -> bool:
        """Whether a figure, if any is named, is a formula over another."""
        return bool(composite) and name in self.figure(composite).input_names

    def first_known(self, *names: str) -> str:
        """The first of some figures that has a value here; the first one, if none has."""
        known = (name for name in names if name and self.kpi(name).status != "unavailable")
        return next(known, names[0])

    def named(self, key: str) -> str:
        """The name of a dimension or a column."""
        return title_of(key, self.lang)

    def text(self, value: Any, unit: str, exact: bool = False) -> str:
        """A value as it is read."""
        return text(value, unit, self.lang, currency=self.crm.currency, exact=exact)

    def change(self, value: Any, before: Any, unit: str) -> Change | None:
        """A change in words."""
        return change(value, before, unit, self.lang)

    def period_words(self, period: Period | None = None, short: bool = False) -> str:
        """A period in words; the one asked for, if none is given."""
        return period_text(period or self.period, self.lang, short)

    @property
    def compared(self) -> Period | None:
        """The period it is compared with."""
        return self.before(self.state.compare)

    def before(self, comparison: str) -> Period | None:
        """The period before, or the same one a year before; None for the whole past."""
        if self.period.grain == "all":
            return None
        return self.period.previous() if comparison == "previous" else self.period.last_year()
